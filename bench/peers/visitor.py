"""The City's page with Playwright and nothing else, as a short script would do it."""

from collections.abc import Sequence
from typing import Any, Final

from playwright.async_api import Page

from bench.peers.batches import NotSeen

SLOT: Final = "button[id*=-timeslot-]"
NOTHING: Final = "Aktuell ist kein Termin verfügbar."


async def open_calendar(page: Page, url: str, times: Sequence[str]) -> None:
    await page.goto(url)
    await to_calendar(page, times)


async def to_calendar(page: Page, times: Sequence[str]) -> None:
    """See that these times are what the calendar shows first, or that the page says that there are none."""
    await page.get_by_role("button", name="Weiter").click()
    if not times:
        await page.get_by_role("heading", name=NOTHING).first.wait_for()
        return
    seen: list[str] = []
    while not seen:  # February draws its calendar a second time: what is gone by now is waited for again
        await page.locator(SLOT).first.wait_for()
        seen = await page.locator(SLOT).all_inner_texts()
    if [one.strip() for one in seen] != list(times):
        raise NotSeen(f"{len(times)} times are free, and {len(seen)} were seen.")


def where(browser: str) -> dict[str, Any]:
    """Launch options; empty is Playwright's own browser."""
    return {"executable_path": browser} if browser else {}
