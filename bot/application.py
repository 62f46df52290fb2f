"""The bot as a whole: started in order, run until it is told to stop, stopped in mirror order."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx
import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ExtBot, TypeHandler

from bot import conversations, erasing, errors, polling, post, profile, webhook
from bot.context import Parts
from bot.conversation import Table
from bot.dispatch import Dispatcher
from bot.limits import Limits
from bot.line import Line
from bot.messenger import Messenger, in_our_words
from bot.outbox import Outbox
from bot.rivals import Rivals
from bot.settings import BotSettings
from core.errors import Transient
from models import chats
from models.chat import ChatState, Role
from models.database import Session
from workers import queue

CONNECTIONS = 24  # at once; Telegram takes thirty messages a second
CONNECTS_WITHIN, READS_WITHIN = 5.0, 15.0  # seconds
UPLOADS_WITHIN = 60.0

PtbApplication = Application[Any, Any, Any, Any, Any, Any]

log = structlog.get_logger()


async def run(
    parts: Parts,
    *,
    redis_url: str,
    stop: asyncio.Event,
    table: Table | None = None,
    ready: asyncio.Event | None = None,
    limits: Limits | None = None,
) -> None:
    """Until `stop` is set; waits while another bot works with the rows.

    Raises ConfigError when Telegram does not know the token.
    """
    made = table or conversations.table()
    while not stop.is_set():
        async with post.held(parts.database, stop) as over:
            if over is not None:
                await _at_work(parts, made, redis_url=redis_url, stop=over, ready=ready, limits=limits)


async def _at_work(
    parts: Parts,
    made: Table,
    *,
    redis_url: str,
    stop: asyncio.Event,
    ready: asyncio.Event | None,
    limits: Limits | None,
) -> None:
    application = build(parts.settings, limits)
    async with _known_to_telegram(application, parts.settings, stop) as bot:
        if bot is None:
            return
        dispatcher = Dispatcher(parts, Messenger(bot, patient=True), made, username=bot.username)
        application.add_error_handler(errors.last_resort)
        application.add_handler(TypeHandler(Update, lambda update, _: dispatcher.handle(update)))
        outbox = Outbox(parts, Messenger(bot, patient=False), made)
        forgetting = erasing.working(parts, Messenger(bot, patient=True))
        async with outbox.working(), forgetting, queue.listening(redis_url, outbox.hears):
            writing = asyncio.create_task(
                profile.keep(bot, list(made.commands.values()), lambda: _operators(parts)),
            )
            try:
                await _hear(bot, parts, application, stop, ready)
            finally:
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)


def build(settings: BotSettings, limits: Limits | None = None) -> PtbApplication:
    """The library's application without its updater: ours confirms an update only once it was dealt with."""
    return (
        Application.builder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api}/bot")
        .base_file_url(f"{settings.api}/file/bot")
        .rate_limiter(limits or Limits())
        .request(
            Line(
                connections=CONNECTIONS,
                connect_timeout=CONNECTS_WITHIN,
                read_timeout=READS_WITHIN,
                pool_timeout=READS_WITHIN,
                media_write_timeout=UPLOADS_WITHIN,
                httpx_kwargs={"verify": _authorities()},
            )
        )
        .get_updates_request(
            Line(
                connections=2,
                connect_timeout=CONNECTS_WITHIN,
                read_timeout=polling.READS.total_seconds(),
                httpx_kwargs={"verify": _authorities()},
            )
        )
        .updater(None)
        .build()
    )


@cache
def _authorities() -> ssl.SSLContext:
    """Read once for all connections, which takes 25 ms."""
    return httpx.create_ssl_context()


async def _hear(
    bot: ExtBot[Any],
    parts: Parts,
    application: PtbApplication,
    stop: asyncio.Event,
    ready: asyncio.Event | None,
) -> None:
    if parts.settings.webhook:
        async with webhook.serving(bot, parts.settings, application.process_update):
            _is_ready("webhook", ready)
            await stop.wait()
        return
    async with in_our_words():
        _is_ready("polling", ready)
        await polling.poll(bot, application.process_update, stop, conflict=Rivals(parts).met)


async def _operators(parts: Parts) -> set[int]:
    """The chats in which their commands are understood."""

    def of_rows(session: Session) -> set[int]:
        named = {one: chats.find(session, parts.keyring, one) for one in parts.settings.operators}
        by_role = chats.list(session, ChatState.ACTIVE, roles=[Role.OPERATOR])
        numbers = {chats.telegram_id(parts.keyring, one) for one in by_role}
        numbers |= {number for number, one in named.items() if one is not None and one.state is ChatState.ACTIVE}
        return {one for one in numbers if one > 0}  # a group is nobody's

    return await parts.database.read(of_rows)


def _is_ready(way: str, ready: asyncio.Event | None) -> None:
    log.info("bot.ready", hears_by=way)
    if ready is not None:
        ready.set()


@asynccontextmanager
async def _known_to_telegram(
    application: PtbApplication, settings: BotSettings, stop: asyncio.Event
) -> AsyncIterator[ExtBot[Any] | None]:
    """The bot once Telegram has answered who it is, however long that takes; None when we are to stop before."""
    pause = polling.FIRST_PAUSE
    while not stop.is_set():
        try:
            async with in_our_words():
                await application.initialize()
                if settings.webhook:
                    await webhook.announce(application.bot, settings)
                else:
                    await application.bot.delete_webhook()
            break
        except Transient as error:
            log.warning("telegram.away", error=type(error).__name__)
            await polling.rest(stop, pause)
            pause = min(polling.LONGEST_PAUSE, pause * 2)
    try:
        yield None if stop.is_set() else application.bot
    finally:
        with contextlib.suppress(TelegramError):
            await application.shutdown()
