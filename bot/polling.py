"""Long polling. An update is confirmed once it was dealt with, so that one we were killed over comes again."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import timedelta
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot import limits

WAITS = timedelta(seconds=30)  # that Telegram keeps a poll open
READS = WAITS + timedelta(seconds=10)
AGAIN = timedelta(seconds=0.6)  # between polls while something is undone; in half a second Telegram gives one update
PATIENCE = timedelta(seconds=2)  # with what was brought, before it is confirmed undone
FINISHES = timedelta(seconds=30)  # at the end
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between tries while Telegram is away
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

Handle = Callable[[Update], Coroutine[Any, Any, None]]
Met = Callable[[], Awaitable[None]]

log = structlog.get_logger()


async def poll(bot: ExtBot[Any], handle: Handle, stop: asyncio.Event, *, conflict: Met | None = None) -> None:
    """Until `stop`; raises InvalidToken. Somebody who keeps us busy holds up nobody else.

    `conflict` hears of each poll that another program's took the place of.
    """
    desk, pause = _Desk(handle), FIRST_PAUSE
    while not stop.is_set():
        waits = timedelta(0) if desk.is_busy else WAITS
        try:
            updates = await _unless(stop, bot.get_updates(desk.offset, timeout=waits, allowed_updates=KINDS))
            pause = FIRST_PAUSE
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("telegram.away", error=type(error).__name__, **_hint(error))
            if isinstance(error, Conflict) and conflict is not None:
                await conflict()
            await rest(stop, _wanted(error) or pause)
            pause = min(LONGEST_PAUSE, pause * 2)
            continue
        desk.take(updates or ())
        await desk.works()
    await desk.finishes()
    await _confirm(bot, desk.offset)


async def rest(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


class _Desk:
    """What was brought. `offset` is the first that is not to be confirmed: undone, and for less than `PATIENCE`.

    Those behind it come again with each poll, and are known.
    """

    def __init__(self, handle: Handle) -> None:
        self.offset = 0
        self._handle = handle
        self._unconfirmed: dict[int, tuple[asyncio.Task[None], float]] = {}
        self._late: set[asyncio.Task[None]] = set()

    @property
    def is_busy(self) -> bool:
        return bool(self._unconfirmed)

    def take(self, updates: Iterable[Update]) -> None:
        now = asyncio.get_running_loop().time()
        for update in updates:
            if update.update_id not in self._unconfirmed:
                self._unconfirmed[update.update_id] = asyncio.create_task(self._handle(update)), now

    async def works(self) -> None:
        """Until all that can be confirmed is done, or it is time to ask what else came."""
        if self._unconfirmed:
            await asyncio.wait([task for task, _ in self._unconfirmed.values()], timeout=AGAIN.total_seconds())
        self._clear(asyncio.get_running_loop().time() - PATIENCE.total_seconds())

    async def finishes(self) -> None:
        if left := [task for task, _ in self._unconfirmed.values()] + [*self._late]:
            await asyncio.wait(left, timeout=FINISHES.total_seconds())
        self._clear(asyncio.get_running_loop().time())

    def _clear(self, begun_by: float) -> None:
        """Up to the first that is at work and began after that; raises what one of the others raised, a bug."""
        for number, (task, since) in list(self._unconfirmed.items()):
            if not task.done() and since > begun_by:
                break
            del self._unconfirmed[number]
            self._late.add(task)
            self.offset = number + 1
        for task in [one for one in self._late if one.done()]:
            self._late.discard(task)
            task.result()


async def _confirm(bot: ExtBot[Any], offset: int) -> None:
    with contextlib.suppress(TelegramError):
        await bot.get_updates(offset, timeout=timedelta(0), limit=1, allowed_updates=KINDS)


async def _unless(stop: asyncio.Event, asked: Awaitable[tuple[Update, ...]]) -> tuple[Update, ...] | None:
    """What was asked, or None as soon as we are to stop."""
    asking, stopping = asyncio.ensure_future(asked), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else None
    finally:
        for task in (asking, stopping):
            task.cancel()
        await asyncio.gather(asking, stopping, return_exceptions=True)


def _wanted(error: TelegramError) -> float | None:
    return limits.seconds(error) if isinstance(error, RetryAfter) else None


def _hint(error: TelegramError) -> dict[str, str]:
    if isinstance(error, Conflict):
        return {"hint": "another process polls with this token, or a webhook is set"}
    return {} if isinstance(error, NetworkError) else {"reason": error.message}
