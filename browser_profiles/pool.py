"""The warm pool: one browser, one context and page per lease, kept warm under a key between leases.

A page is leased, idle or closing, and never more than `max_pages` are leased or idle. Whatever ends a lease, an
error, a cancellation or a dead browser, its page is idle or closed afterwards: opening, closing and launching
run as tasks of the pool, which a cancelled borrower leaves behind instead of tearing them in two.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Any, Final, TypeVar

from playwright.async_api import Error as PlaywrightError

from browser_profiles.engine import Engine, Opened, launch
from browser_profiles.finding import FoundBrowser
from browser_profiles.lease import Lease, WarmPage
from browser_profiles.settings import PoolSettings
from core.errors import BrowserIll

__all__ = ["Lease", "Pool", "PoolSettings", "PoolStats"]

SWEEP_SECONDS: Final = 5.0
# Dramatiq gives up on a coroutine that cleans up for more than a second, so closing goes on behind its back.
CLEAN_UP_SECONDS: Final = 0.8

T = TypeVar("T")


@dataclass(frozen=True)
class PoolStats:
    """Open pages now, and totals since the start. `retired_total` counts by reason."""

    open: int
    idle: int
    leased: int
    opened_total: int
    retired_total: MappingProxyType[str, int]
    relaunches: int


class Pool:
    """`clock` gives monotonic seconds."""

    def __init__(self, settings: PoolSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._rng = Random(settings.seed)
        self._places = asyncio.Semaphore(settings.max_pages)
        self._engine: Engine | None = None
        self._launching: asyncio.Task[Engine] | None = None
        self._sweeping: asyncio.Task[None] | None = None
        self._chores: set[asyncio.Task[Any]] = set()
        self._idle: list[WarmPage] = []
        self._leased: set[WarmPage] = set()
        self._being_opened = 0
        self._closed = False
        self._opened_total = 0
        self._launches = 0
        self._retired: Counter[str] = Counter()

    @property
    def found(self) -> FoundBrowser | None:
        """The browser in use, once started."""
        return self._engine.found if self._engine else None

    async def start(self) -> None:
        """Launch the browser now. Raises `BrowserMissing` or `BrowserIll`."""
        await self._running_engine()
        self._sweeping = asyncio.create_task(self._sweep_now_and_then())

    async def close(self) -> None:
        """Close every page and the browser. Leases still out lose their page."""
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        for warm in self._idle:
            warm.retire("closed")
        await self.sweep()
        await self._chores_done()
        if self._engine is not None:
            await self._engine.close()
        self._engine = None

    @contextlib.asynccontextmanager
    async def lease(self, key: str) -> AsyncIterator[Lease]:
        """Lend the idle page last used under `key`, or a new one; wait while all places are lent.

        Raises `BrowserIll` or `BrowserMissing`. An exception inside retires the page.
        """
        async with self._places:
            warm = await self._warm(key) or await self._new(key)
            warm.uses += 1
            try:
                yield Lease(warm)
            except PlaywrightError as error:
                ailment = await warm.diagnose()
                warm.retire(ailment or "error")
                if ailment is None:
                    raise
                raise BrowserIll(f"The page was lost under us ({ailment}).") from error
            except BaseException as error:
                warm.retire("cancelled" if isinstance(error, asyncio.CancelledError) else "error")
                raise
            finally:
                await self._give_back(warm)

    async def discard(self, key: str, *, reason: str) -> None:
        """Close the idle pages of this key: whoever comes next gets a new one."""
        for warm in self._idle:
            if warm.key == key:
                warm.retire(reason)
        await self.sweep()

    def stats(self) -> PoolStats:
        leased, idle = len(self._leased), len(self._idle)
        return PoolStats(
            open=leased + idle,
            idle=idle,
            leased=leased,
            opened_total=self._opened_total,
            retired_total=MappingProxyType(dict(self._retired)),
            relaunches=max(0, self._launches - 1),
        )

    async def sweep(self) -> None:
        """Close idle pages that are too old, unused for too long, or without a browser."""
        now = self._clock()
        for warm in self._idle:
            warm.examine(now, self._settings)
        over = [warm for warm in self._idle if warm.retired_for]
        self._idle = [warm for warm in self._idle if not warm.retired_for]
        await self._dispose(*over)

    async def _sweep_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self.sweep()

    async def _warm(self, key: str) -> WarmPage | None:
        """Take the idle page of this key that was used last, if it is in good health."""
        await self.sweep()
        while (warm := next((w for w in reversed(self._idle) if w.key == key), None)) is not None:
            self._idle.remove(warm)
            self._lend(warm)
            try:
                ailment = await warm.checked(self._clock())
            except asyncio.CancelledError:
                await self._give_back(warm)
                raise
            if ailment is None:
                return warm
            warm.retire(ailment)
            await self._give_back(warm)
        return None

    async def _new(self, key: str) -> WarmPage:
        self._being_opened += 1
        try:
            await self._make_room()
            engine, opened = await self._opened_somewhere()
        finally:
            self._being_opened -= 1
        warm = WarmPage(key, engine=engine, opened=opened, now=self._clock())
        opened.page.on("crash", lambda _: warm.retire("crashed"))
        self._opened_total += 1
        self._lend(warm)
        return warm

    async def _make_room(self) -> None:
        """Close the idle page that was used longest ago, if the one being opened would be one too many."""
        if len(self._leased) + self._being_opened + len(self._idle) > self._settings.max_pages:
            oldest = self._idle.pop(0)
            oldest.retire("room")
            await self._dispose(oldest)

    async def _opened_somewhere(self) -> tuple[Engine, Opened]:
        """Open a page; if the browser fails at it, it was ill without our knowing, so once more on a new one."""
        try:
            engine = await self._running_engine()
            return engine, await self._open_on(engine)
        except BrowserIll:
            engine = await self._running_engine()
            return engine, await self._open_on(engine)

    async def _open_on(self, engine: Engine) -> Opened:
        """Open a page; if we are cancelled meanwhile, it is closed as soon as it is there."""
        opening = self._chore(engine.open(Random(self._rng.getrandbits(64))))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._chore(_close_when_open(opening))
            raise

    def _lend(self, warm: WarmPage) -> None:
        self._leased.add(warm)
        warm.engine.leased += 1

    async def _give_back(self, warm: WarmPage) -> None:
        """Keep it warm or close it. Books first: a cancellation may fall into the closing."""
        self._leased.discard(warm)
        warm.engine.leased -= 1
        warm.last_used_at = self._clock()
        warm.examine(warm.last_used_at, self._settings)
        if warm.retired_for is None:
            self._idle.append(warm)
        else:
            await self._dispose(warm)

    async def _dispose(self, *retired: WarmPage) -> None:
        """Close pages; after a moment, or when cancelled, the closing goes on without us."""
        self._retired.update(warm.retired_for or "error" for warm in retired)
        closing = [self._chore(self._close_page(warm)) for warm in retired]
        if closing:
            await asyncio.wait(closing, timeout=CLEAN_UP_SECONDS)

    async def _close_page(self, warm: WarmPage) -> None:
        await warm.engine.close_page(warm.opened)
        if warm.engine is not self._engine and warm.engine.leased == 0:
            await warm.engine.close()

    async def _running_engine(self) -> Engine:
        """Give the browser, launching it anew if it died or a page of it would not close.

        An ill browser is closed with its last lease, so that what still works on it can end in peace.
        """
        if self._engine is not None and self._engine.alive:
            return self._engine
        if self._closed:
            raise BrowserIll("The pool of pages is closed.")
        if self._launching is None or self._launching.done():
            self._launching = self._chore(self._launch())
        return await asyncio.shield(self._launching)

    async def _launch(self) -> Engine:
        old, self._engine = self._engine, None
        if old is not None and old.leased == 0:
            await old.close()
        self._engine = await launch(self._settings, old.found if old else None)
        self._launches += 1
        return self._engine

    def _chore(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        chore = asyncio.create_task(work)
        self._chores.add(chore)
        chore.add_done_callback(self._chore_done)
        return chore

    def _chore_done(self, chore: asyncio.Task[Any]) -> None:
        """Fetch the error here: the borrower who would have seen it may be gone."""
        self._chores.discard(chore)
        if not chore.cancelled():
            chore.exception()

    async def _chores_done(self) -> None:
        while self._chores:
            await asyncio.gather(*self._chores, return_exceptions=True)


async def _close_when_open(opening: asyncio.Task[Opened]) -> None:
    with contextlib.suppress(BrowserIll):
        opened = await opening
        with contextlib.suppress(PlaywrightError):
            await opened.context.close()
