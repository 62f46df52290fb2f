"""Long polling. An update is confirmed once it was dealt with, so that one we were killed over comes again."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot import limits

WAITS = timedelta(seconds=30)  # that Telegram keeps a poll open
READS = WAITS + timedelta(seconds=10)
PATIENCE = timedelta(seconds=2)  # with what was brought, before it is confirmed undone
FINISHES = timedelta(seconds=30)  # at the end
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between tries while Telegram is away
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

Handle = Callable[[Update], Coroutine[Any, Any, None]]

log = structlog.get_logger()


async def poll(bot: ExtBot[Any], handle: Handle, stop: asyncio.Event) -> None:
    """Until `stop`; raises InvalidToken. Somebody who keeps us busy for longer than `PATIENCE` holds up nobody else."""
    offset, pause = 0, FIRST_PAUSE
    at_work: set[asyncio.Task[None]] = set()
    while not stop.is_set():
        try:
            updates = await _unless(stop, bot.get_updates(offset, timeout=WAITS, allowed_updates=KINDS))
            pause = FIRST_PAUSE
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("telegram.away", error=type(error).__name__, **_hint(error))
            await rest(stop, _wanted(error) or pause)
            pause = min(LONGEST_PAUSE, pause * 2)
            continue
        at_work |= {asyncio.create_task(handle(update)) for update in updates or ()}
        at_work = await _done(at_work)
        offset = updates[-1].update_id + 1 if updates else offset
    await _done(at_work, within=FINISHES)
    await _confirm(bot, offset)


async def rest(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def _done(at_work: set[asyncio.Task[None]], *, within: timedelta = PATIENCE) -> set[asyncio.Task[None]]:
    """Those that are not, by then; raises what one of the others raised, a bug."""
    if not at_work:
        return at_work
    done, left = await asyncio.wait(at_work, timeout=within.total_seconds())
    for task in done:
        task.result()
    return left


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
