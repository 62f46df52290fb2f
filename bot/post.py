"""Only one bot hears Telegram for the same rows. Another one that is started waits, and takes over when it ends."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from bot import polling
from core.errors import Transient
from models.database import Database
from models.posts import Post

NAME = "bot"
LOOKS = timedelta(seconds=1)  # whether it is free, and whether we have it still

log = structlog.get_logger()


@asynccontextmanager
async def held(database: Database, stop: asyncio.Event) -> AsyncIterator[asyncio.Event | None]:
    """The bot's post once it is free, over at `stop` or when it is lost; None when we are to stop before."""
    post = await _taken(database, stop)
    if post is None:
        yield None
        return
    over = asyncio.Event()
    watching = asyncio.create_task(_watch(post, stop, over))
    try:
        yield over
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await asyncio.to_thread(post.leave)


async def _taken(database: Database, stop: asyncio.Event) -> Post | None:
    waits = False
    while not stop.is_set():
        try:
            if (post := await database.take(NAME)) is not None:
                return post
        except Transient as error:
            log.warning("bot.postponed", error=type(error).__name__)
        else:
            if not waits:
                hint = "another bot works with this database: stop one; this one takes over when the other ends"
                log.warning("bot.waits", hint=hint)
            waits = True
        await polling.rest(stop, LOOKS.total_seconds())
    return None


async def _watch(post: Post, stop: asyncio.Event, over: asyncio.Event) -> None:
    while not stop.is_set():
        if not await asyncio.to_thread(post.is_held):
            log.warning("bot.post_lost")
            break
        await polling.rest(stop, LOOKS.total_seconds())
    over.set()
