"""Real pages for tests: a pool on the machine's own Chromium, and a small site that remembers what it was asked.

`pool` lasts for the whole run, so tests that only need a page share one browser; `open_pool` makes one with other
settings and closes it after the test.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from browser_profiles import profiles
from browser_profiles.pool import Pool
from browser_profiles.profiles import Profile
from browser_profiles.settings import PoolSettings

OpenPool = Callable[..., Awaitable[Pool]]


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


class Clock:
    """The pool's monotonic seconds, as a test wants them."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class LocalSite:
    """Serves `pages` (path to content type and body) on a free port and keeps the headers of each request.

    It is reached as `localhost`, which browsers trust as they do https.
    """

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, str]] = {"/": ("text/html", "<!doctype html><p>Grüß Gott</p>")}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://localhost:{self._server.server_port}"

    def headers_of(self, path: str) -> dict[str, str]:
        """Headers of the last request for this path, names in lower case."""
        with self._lock:
            return next(headers for asked, headers in reversed(self.requests) if asked == path)

    def asked(self, path: str) -> int:
        with self._lock:
            return sum(asked == path for asked, _ in self.requests)

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _note(self, path: str, headers: dict[str, str]) -> None:
        with self._lock:
            self.requests.append((path, headers))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                site._note(path, {name.lower(): value for name, value in self.headers.items()})
                kind, body = site.pages.get(path, ("text/plain", ""))
                self.send_response(200 if path in site.pages else 404)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Accept-CH", "Sec-CH-UA-Full-Version-List, Sec-CH-UA-Platform-Version")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None:
                """Keep quiet."""

        return Handler


@pytest.fixture
def local_site() -> Iterator[LocalSite]:
    site = LocalSite()
    thread = Thread(target=site.serve, daemon=True)
    thread.start()
    yield site
    site.stop()
    thread.join()


@pytest.fixture(scope="session")
def brisk_visitor() -> Profile:
    return profiles.load("visitor").model_copy(update={"timing": "brisk"})


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool(brisk_visitor: Profile) -> AsyncIterator[Pool]:
    pool = Pool(PoolSettings(profile=brisk_visitor, max_pages=4, seed=1))
    await pool.start()
    yield pool
    await pool.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_pool(brisk_visitor: Profile) -> AsyncIterator[OpenPool]:
    """Give a function that starts a pool; its keywords are those of `PoolSettings`, and `clock`."""
    opened: list[Pool] = []

    async def start(**changes: Any) -> Pool:
        clock = {"clock": changes.pop("clock")} if "clock" in changes else {}
        settings = PoolSettings(**{"profile": brisk_visitor, "seed": 1} | changes)
        opened.append(Pool(settings, **clock))
        await opened[-1].start()
        return opened[-1]

    yield start
    async with asyncio.TaskGroup() as closing:
        for pool in opened:
            closing.create_task(pool.close())
