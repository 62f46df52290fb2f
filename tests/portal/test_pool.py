"""The warm pool on real Chromium: what is kept, what is closed, and what survives which accident."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError

from core.errors import BrowserIll, BrowserMissing
from tests.browser_fixtures import Clock, LocalSite, OpenPool, open_pages


async def test_the_same_key_gets_its_warm_page_again(open_pool: OpenPool, local_site: LocalSite) -> None:
    pool = await open_pool()
    async with pool.lease("passport") as lease:
        await lease.page.goto(local_site.url)
        first = (lease.page, lease.uses)

    async with pool.lease("passport") as lease:
        second = (lease.page, lease.uses)
        still_there = await lease.page.inner_text("p")

    assert second == (first[0], 1)
    assert still_there == "Grüß Gott"
    assert (pool.stats().opened_total, pool.stats().idle) == (1, 1)


async def test_another_key_gets_a_page_and_a_context_of_its_own(open_pool: OpenPool) -> None:
    pool = await open_pool()

    async with pool.lease("passport") as one, pool.lease("licence") as two:
        assert one.page != two.page
        assert one.context != two.context
        assert pool.stats().leased == 2

    assert pool.stats().idle == 2


async def test_one_key_lent_twice_at_a_time_gets_two_pages(open_pool: OpenPool) -> None:
    pool = await open_pool()

    async with pool.lease("passport") as one, pool.lease("passport") as two:
        assert one.page != two.page


async def test_a_full_pool_closes_the_page_unused_for_longest(open_pool: OpenPool) -> None:
    pool = await open_pool(max_pages=2)
    for key in ("oldest", "newer"):
        async with pool.lease(key):
            pass

    async with pool.lease("newest"):
        pass
    async with pool.lease("newer") as kept:
        uses_of_newer = kept.uses

    assert uses_of_newer == 1
    assert pool.stats().retired_total == {"room": 1}
    assert await open_pages(pool) == 2


async def test_a_pool_that_is_all_lent_makes_the_next_one_wait(open_pool: OpenPool) -> None:
    pool = await open_pool(max_pages=1)
    entered = asyncio.Event()

    async def second() -> None:
        async with pool.lease("second"):
            entered.set()

    async with pool.lease("first"):
        waiting = asyncio.create_task(second())
        assert await open_pages(pool) == 1
        assert not entered.is_set()
    await asyncio.wait_for(waiting, 10)

    assert entered.is_set()
    assert await open_pages(pool) == 1


async def test_many_borrowers_never_open_more_than_allowed(open_pool: OpenPool) -> None:
    pool = await open_pool(max_pages=3)
    most = 0

    async def borrow(number: int) -> None:
        nonlocal most
        async with pool.lease(f"key-{number % 5}") as lease:
            await lease.page.evaluate("1")
            most = max(most, pool.stats().open)

    async with asyncio.TaskGroup() as borrowers:
        for number in range(20):
            borrowers.create_task(borrow(number))

    assert most <= 3
    assert pool.stats().leased == 0
    assert await open_pages(pool) == pool.stats().idle <= 3


@pytest.mark.parametrize(
    ("settings", "passes", "reason"),
    [
        ({"retire_after_uses": 2}, 0, "uses"),
        ({"retire_after": timedelta(minutes=5)}, 301, "age"),
        ({"idle_timeout": timedelta(minutes=5)}, 301, "idle"),
    ],
)
async def test_a_worn_page_is_replaced(
    open_pool: OpenPool, settings: dict[str, object], passes: float, reason: str
) -> None:
    clock = Clock()
    pool = await open_pool(clock=clock, **settings)
    for _ in range(2):
        async with pool.lease("passport"):
            pass
    clock.now += passes

    async with pool.lease("passport") as lease:
        uses = lease.uses

    assert uses == 0
    assert pool.stats().retired_total == {reason: 1}
    assert await open_pages(pool) == 1


async def test_a_borrower_can_retire_the_page(open_pool: OpenPool) -> None:
    pool = await open_pool()

    async with pool.lease("passport") as lease:
        lease.retire("token_expired")

    assert pool.stats().retired_total == {"token_expired": 1}
    assert await open_pages(pool) == 0


async def test_the_idle_pages_of_a_key_can_be_thrown_away(open_pool: OpenPool) -> None:
    pool = await open_pool()
    for key in ("doubted", "other"):
        async with pool.lease(key):
            pass

    await pool.discard("doubted", reason="doubted")

    assert await open_pages(pool) == 1
    assert pool.stats().retired_total == {"doubted": 1}
    async with pool.lease("doubted") as doubted, pool.lease("other") as other:
        assert (doubted.uses, other.uses) == (0, 1)


async def test_an_error_inside_retires_the_page_and_goes_on(open_pool: OpenPool) -> None:
    pool = await open_pool()

    with pytest.raises(KeyError):
        async with pool.lease("passport"):
            raise KeyError("a bug")

    assert pool.stats().retired_total == {"error": 1}
    assert await open_pages(pool) == 0


async def test_a_page_that_still_lives_lets_playwrights_error_through(open_pool: OpenPool) -> None:
    pool = await open_pool()

    with pytest.raises(PlaywrightError, match="no such thing"):
        async with pool.lease("passport") as lease:
            await lease.page.evaluate("throw new Error('no such thing')")

    assert pool.stats().retired_total == {"error": 1}


async def test_closing_ends_the_browser_and_refuses_more_leases(open_pool: OpenPool) -> None:
    pool = await open_pool()
    async with pool.lease("passport") as lease:
        browser = lease.page.context.browser

    await pool.close()

    assert browser is not None
    assert not browser.is_connected()
    with pytest.raises(BrowserIll, match="closed"):
        async with pool.lease("passport"):
            pass


async def test_blocked_hosts_are_never_asked(open_pool: OpenPool, local_site: LocalSite) -> None:
    other = local_site.url.replace("localhost", "127.0.0.1")
    local_site.pages["/"] = (
        "text/html",
        f"<!doctype html><script src='{other}/spy.js'></script><script src='/own.js'></script><p>ok</p>",
    )
    pool = await open_pool(block_hosts=("127.0.0.1:*",))

    async with pool.lease("passport") as lease:
        await lease.page.goto(local_site.url)

    assert (local_site.asked("/spy.js"), local_site.asked("/own.js")) == (0, 1)


async def test_a_configured_path_without_a_browser_is_refused(open_pool: OpenPool, tmp_path: Path) -> None:
    with pytest.raises(BrowserMissing, match="no browser at the configured path"):
        await open_pool(browser_path=tmp_path / "chromium")


async def test_what_is_discarded_is_not_lent_again(open_pool: OpenPool) -> None:
    pool = await open_pool()
    for key in ("passport", "licence"):
        async with pool.lease(key):
            pass

    await pool.discard("passport", reason="doubted")

    async with pool.lease("passport") as one, pool.lease("licence") as other:
        assert (one.uses, other.uses) == (0, 1)
    assert pool.stats().retired_total == {"doubted": 1}
