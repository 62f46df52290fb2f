"""The City's page with Playwright and nothing else, as a short script would do it."""

from collections.abc import Sequence
from typing import Any, Final

from playwright.async_api import Page

from bench.peers.batches import NotSeen

SLOT: Final = "button[id*=-timeslot-]"


async def open_calendar(page: Page, url: str) -> list[str]:
    """The times that the calendar shows first."""
    await page.goto(url)
    return await to_calendar(page)


async def to_calendar(page: Page) -> list[str]:
    """February draws its calendar a second time; what is gone when it is to be read is waited for again."""
    await page.get_by_role("button", name="Weiter").click()
    seen: list[str] = []
    while not seen:
        await page.locator(SLOT).first.wait_for()
        seen = await page.locator(SLOT).all_inner_texts()
    return seen


def where(browser: str) -> dict[str, Any]:
    """Launch options; empty is Playwright's own browser."""
    return {"executable_path": browser} if browser else {}


def check(seen: Sequence[str], times: Sequence[str]) -> None:
    if [one.strip() for one in seen] != list(times):
        raise NotSeen(f"{len(times)} times are free, and {len(seen)} were seen.")
