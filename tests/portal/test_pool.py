"""The warm pool on real Chromium: what is kept, what is closed, and what survives which accident."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from browser_profiles.pool import Pool
from core.errors import BrowserIll, BrowserMissing
from tests.browser_fixtures import LocalSite, OpenPool


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def open_pages(pool: Pool) -> int:
    """Ask the browser itself what it has open, not the pool nor Playwright. Closing pages are waited for."""
    await pool._chores_done()
    assert pool._engine is not None
    devtools = await pool._engine.browser.new_browser_cdp_session()
    answer = await devtools.send("Target.getTargets")
    await devtools.detach()
    return sum(target["type"] == "page" for target in answer["targetInfos"])


async def kill_browser(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    devtools = await browser.new_browser_cdp_session()
    answer = await devtools.send("SystemInfo.getProcessInfo")
    os.kill(next(item["id"] for item in answer["processInfo"] if item["type"] == "browser"), signal.SIGKILL)


def children() -> set[int]:
    threads = Path("/proc/self/task").iterdir()
    return {int(pid) for thread in threads for pid in (thread / "children").read_text().split()}


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


async def test_a_cancelled_borrower_leaves_no_page_behind(open_pool: OpenPool) -> None:
    pool = await open_pool()
    working = asyncio.Event()

    async def hang() -> None:
        async with pool.lease("passport") as lease:
            working.set()
            await lease.page.evaluate("new Promise(() => {})")

    task = asyncio.create_task(hang())
    await working.wait()
    task.cancel()
    await asyncio.wait_for(asyncio.wait({task}), 1)

    assert task.cancelled()
    assert pool.stats().retired_total == {"cancelled": 1}
    assert await open_pages(pool) == 0


async def test_a_borrower_with_a_hung_page_is_cancelled_within_a_second(open_pool: OpenPool) -> None:
    pool = await open_pool()

    async def spin() -> None:
        async with pool.lease("passport") as lease, asyncio.timeout(0.2):
            await lease.page.evaluate("while (true) {}")

    task = asyncio.create_task(spin())
    await asyncio.wait_for(asyncio.wait({task}), 3)

    assert isinstance(task.exception(), TimeoutError)
    assert pool.stats().leased == 0
    await pool._chores_done()
    assert await open_pages(pool) == 0


async def test_a_borrower_cancelled_at_any_moment_leaks_nothing(open_pool: OpenPool) -> None:
    pool = await open_pool(max_pages=2)

    async def borrow(key: str) -> None:
        async with pool.lease(key) as lease:
            await lease.page.evaluate("1")

    for moment in range(30):
        task = asyncio.create_task(borrow(f"key-{moment % 3}"))
        await asyncio.wait({task}, timeout=moment * 0.005)
        task.cancel()
        await asyncio.wait({task})

        assert pool.stats().leased == 0
        assert await open_pages(pool) == pool.stats().idle
    async with pool.lease("passport") as one, pool.lease("licence") as two:
        assert one.page != two.page


async def test_a_crashed_page_is_replaced(open_pool: OpenPool) -> None:
    pool = await open_pool()

    with pytest.raises(BrowserIll, match="crashed"):
        async with pool.lease("passport") as lease:
            await die_with(lease.page, crash)

    async with pool.lease("passport") as lease:
        assert await lease.page.evaluate("1 + 1") == 2
    assert pool.stats().retired_total == {"crashed": 1}


async def test_a_page_that_crashed_while_idle_is_not_lent_again(open_pool: OpenPool) -> None:
    pool = await open_pool()
    async with pool.lease("passport") as lease:
        page = lease.page
    await crash(page)

    async with pool.lease("passport") as lease:
        assert lease.uses == 0

    assert await open_pages(pool) == 1


async def test_a_page_that_hangs_while_idle_is_not_lent_again(open_pool: OpenPool) -> None:
    pool = await open_pool()
    async with pool.lease("passport") as lease:
        await lease.page.evaluate("void setTimeout(() => { while (true) {} }, 0)")

    async with pool.lease("passport") as lease:
        assert lease.uses == 0

    assert pool.stats().retired_total == {"no_pulse": 1}


async def test_a_page_closed_by_itself_is_not_lent_again(open_pool: OpenPool) -> None:
    pool = await open_pool()
    async with pool.lease("passport") as lease:
        await lease.page.close()

    async with pool.lease("passport") as lease:
        assert lease.uses == 0
    assert pool.stats().retired_total == {"page_closed": 1}


async def test_a_killed_browser_is_launched_again_for_the_next_lease(open_pool: OpenPool) -> None:
    pool = await open_pool()
    async with pool.lease("idle"):
        pass

    with pytest.raises(BrowserIll, match="disconnected"):
        async with pool.lease("passport") as lease:
            await die_with(lease.page, kill_browser)
    async with pool.lease("idle") as lease:
        fresh = (lease.uses, await lease.page.evaluate("1 + 1"))

    assert fresh == (0, 2)
    assert pool.stats().relaunches == 1
    assert pool.stats().retired_total == {"disconnected": 2}


async def test_a_killed_driver_is_launched_again_for_the_next_lease(open_pool: OpenPool) -> None:
    before = children()
    pool = await open_pool()

    async def kill_driver(_: Page) -> None:
        for driver in children() - before:
            os.kill(driver, signal.SIGKILL)

    with pytest.raises(BrowserIll):
        async with pool.lease("passport") as lease:
            await die_with(lease.page, kill_driver)
    async with pool.lease("passport") as lease:
        assert await lease.page.evaluate("1 + 1") == 2

    assert pool.stats().relaunches == 1


async def test_borrowers_who_meet_a_dead_browser_together_launch_one(open_pool: OpenPool) -> None:
    pool = await open_pool(max_pages=3)
    with pytest.raises(BrowserIll):
        async with pool.lease("first") as lease:
            await die_with(lease.page, kill_browser)

    async def borrow(key: str) -> int:
        async with pool.lease(key) as lease:
            return int(await lease.page.evaluate("6 * 7"))

    assert await asyncio.gather(*map(borrow, "abc")) == [42, 42, 42]
    assert pool.stats().relaunches == 1


async def test_a_browser_in_ill_health_ends_with_its_last_lease(open_pool: OpenPool) -> None:
    pool = await open_pool()

    async with pool.lease("booking") as booking:
        old = pool._engine
        assert old is not None
        old.worn_out = True
        async with pool.lease("look") as look:
            assert look.page.context.browser != booking.page.context.browser
        assert await booking.page.evaluate("1 + 1") == 2
    await pool._chores_done()

    assert not old.browser.is_connected()
    assert pool.stats().retired_total == {"relaunched": 1}


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


async def die_with(page: Page, accident: Callable[[Page], Awaitable[None]]) -> None:
    await accident(page)
    await page.evaluate("new Promise(() => {})")


async def crash(page: Page) -> None:
    """Kill the page's renderer and wait until the pool has been told."""
    gone = asyncio.Event()
    page.on("crash", lambda _: gone.set())
    with pytest.raises(PlaywrightError):
        await page.goto("chrome://crash")
    await asyncio.wait_for(gone.wait(), 5)
