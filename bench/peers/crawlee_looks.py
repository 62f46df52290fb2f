"""Crawlee's PlaywrightCrawler on the City's page: python -m bench.peers.crawlee_looks FILE, in .venv-bench.

One check at a time, its browser kept open between them, its storage in memory, no made-up fingerprints: the cheapest
it can be told to be. As it always does, it opens a new page for each request.
"""

import asyncio
import json
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from crawlee import ConcurrencySettings, Request
from crawlee.browsers import BrowserPool
from crawlee.crawlers import PlaywrightCrawler, PlaywrightCrawlingContext
from crawlee.storage_clients import MemoryStorageClient

from bench.peers import batches, visitor
from bench.peers.batches import Meanwhile

NEVER = timedelta(days=1)


class Looks:
    """The crawler waits for requests, and each look is one."""

    def __init__(self, order: dict[str, Any], browsers: BrowserPool) -> None:
        self._order = order
        self._numbers = count(1)
        self._meanwhile: Meanwhile = batches.nothing
        self._ended: asyncio.Future[None] | None = None
        self.crawler = PlaywrightCrawler(
            browser_pool=browsers,
            concurrency_settings=ConcurrencySettings(min_concurrency=1, max_concurrency=1, desired_concurrency=1),
            storage_client=MemoryStorageClient(),
            max_request_retries=0,
            keep_alive=True,
            configure_logging=False,
        )
        self.crawler.router.default_handler(self._handle)
        self.crawler.failed_request_handler(self._failed)

    async def look(self, meanwhile: Meanwhile) -> None:
        self._meanwhile = meanwhile
        self._ended = asyncio.get_running_loop().create_future()
        url, key = self._order["url"], f"look {next(self._numbers)}"
        await self.crawler.add_requests([Request.from_url(url, unique_key=key, keep_url_fragment=True)])
        await self._ended

    async def _handle(self, context: PlaywrightCrawlingContext) -> None:
        context.page.once("close", lambda _: self._end(None))
        await visitor.to_calendar(context.page, self._order["times"])
        await self._meanwhile()

    async def _failed(self, _: Any, error: Exception) -> None:
        self._end(error)

    def _end(self, error: Exception | None) -> None:
        if self._ended is None or self._ended.done():
            return
        if error is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(error)


async def main(order: dict[str, Any]) -> None:
    browsers = BrowserPool.with_default_plugin(
        headless=True,
        browser_launch_options={**visitor.where(order["browser"]), "chromium_sandbox": False},  # as the other rows
        browser_inactive_threshold=NEVER,
    )
    async with browsers:
        looks = Looks(order, browsers)
        crawling = asyncio.create_task(looks.crawler.run())
        try:
            await batches.serve(looks.look)
        finally:
            looks.crawler.stop()
            crawling.cancel()
            await asyncio.gather(crawling, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
