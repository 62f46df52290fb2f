"""Looks with Playwright and nothing else: python -m bench.peers.scripts launch|reload|inpage FILE.

The file holds a bench.looks.Order as JSON.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page, async_playwright

from bench.peers import batches, visitor
from bench.peers.batches import Look, Meanwhile

FETCH: Final = "async url => (await fetch(url)).text()"


@asynccontextmanager
async def launch(order: dict[str, Any]) -> AsyncIterator[Look]:
    """A browser for each look, as most scripts do it; the driver is kept."""
    async with async_playwright() as playwright:

        async def look(meanwhile: Meanwhile) -> None:
            browser = await playwright.chromium.launch(**visitor.where(order["browser"]))
            page = await browser.new_page()
            await visitor.open_calendar(page, order["url"], order["times"])
            await meanwhile()
            await browser.close()

        yield look


@asynccontextmanager
async def reload(order: dict[str, Any]) -> AsyncIterator[Look]:
    """One page that is loaded anew for each look."""
    async with _open_page(order) as page:

        async def look(meanwhile: Meanwhile) -> None:
            await page.reload()
            await visitor.to_calendar(page, order["times"])
            await meanwhile()

        yield look


@asynccontextmanager
async def inpage(order: dict[str, Any]) -> AsyncIterator[Look]:
    """The page's own questions, asked again inside an open page; the answers come out as text and are not read."""
    async with _open_page(order) as page:

        async def look(meanwhile: Meanwhile) -> None:
            batches.check([await page.evaluate(FETCH, address) for address in order["addresses"]], order["moments"])
            await meanwhile()

        yield look


WAYS: Final = {"launch": launch, "reload": reload, "inpage": inpage}


@asynccontextmanager
async def _open_page(order: dict[str, Any]) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**visitor.where(order["browser"]))
        page = await browser.new_page()
        await visitor.open_calendar(page, order["url"], order["times"])
        yield page
        await browser.close()


async def main(name: str, order: dict[str, Any]) -> None:
    async with WAYS[name](order) as look:
        await batches.serve(look)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text("utf-8"))))
