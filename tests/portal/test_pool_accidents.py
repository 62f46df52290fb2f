"""The warm pool when something dies: borrowers, pages, browsers, the driver."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from browser_profiles.lease import ALIVE_SECONDS
from core.errors import BrowserIll
from tests.browser_fixtures import Clock, OpenPool, children, kill_browser, open_pages


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
    clock = Clock()
    pool = await open_pool(clock=clock)
    async with pool.lease("passport") as lease:
        await lease.page.evaluate("void setTimeout(() => { while (true) {} }, 0)")

    clock.now += ALIVE_SECONDS
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
