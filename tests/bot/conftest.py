"""Telegram and the bot, each served on this machine, and talking to each other."""

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot import application, conversations
from bot.catalog import CatalogLoader
from bot.context import Parts
from bot.conversation import Conversation
from bot.limits import Limits
from bot.settings import BotSettings
from core.caps import Caps
from core.slots import utc_now
from models import chats, invitations
from models.chat import Chat, Role
from models.database import Database, Session
from models.keyring import Keyring
from rehearsal.telegram.client import User
from tests.models_cast import KEY
from tests.telegram.server import Telegram, serving
from workers import queue

os.environ["PTB_TIMEDELTA"] = "true"  # as the bot's entry point does
SITE = "http://city.example/"
CODE = "ABCDEFGHJK"
NOT_LIMITED = 10_000.0


@dataclass
class RunningBot:
    """The bot in this process; `restart` is a stop and a start, with nothing kept but the rows.

    It keeps Telegram's limits only where it is `paced`: they have tests of their own, and are slow.
    """

    parts: Parts
    redis_url: str
    telegram: Telegram
    more: tuple[Conversation, ...] = ()
    every: tuple[Conversation, ...] = conversations.EVERY
    paced: bool = False
    _task: asyncio.Task[None] | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def database(self) -> Database:
        return self.parts.database

    @property
    def keyring(self) -> Keyring:
        return self.parts.keyring

    async def start(self) -> None:
        self._stop, ready = asyncio.Event(), asyncio.Event()
        table = conversations.table((*self.every, *self.more))
        self._task = asyncio.create_task(
            application.run(
                self.parts,
                redis_url=self.redis_url,
                stop=self._stop,
                table=table,
                ready=ready,
                limits=None if self.paced else Limits(a_second=NOT_LIMITED, burst=NOT_LIMITED),
            )
        )
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({waiting, self._task}, return_when=asyncio.FIRST_COMPLETED, timeout=30)
        waiting.cancel()
        if self._task.done():
            self._task.result()
        assert ready.is_set()

    async def stop(self) -> None:
        if self._task is not None:
            self._stop.set()
            await self._task
            self._task = None

    async def kill(self) -> None:
        """Break off in the middle of whatever is going on."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def restart(self, **changes: Any) -> None:
        await self.stop()
        self.parts = replace(self.parts, **changes)
        await self.start()

    async def keep_limits(self) -> None:
        """Telegram's, and it counts what breaks them."""
        self.paced, self.telegram.faults.limits.on = True, True
        await self.restart()

    async def act(self, work: Callable[[Session], Any]) -> Any:
        return await self.database.act(work)

    async def invite(self, *, role: Role = Role.PERSON, uses: int = 9, code: str = CODE) -> str:
        until = utc_now() + timedelta(days=1)
        await self.act(
            lambda session: invitations.make(
                session, self.keyring, code, role=role, uses=uses, until=until, now=utc_now()
            )
        )
        return code

    async def member(self, first_name: str = "Anna", *, language_code: str = "de") -> User:
        """Somebody who has agreed already, without the words it takes."""
        user = self.telegram.user(first_name, language_code=language_code)

        def meet(session: Session) -> None:
            chat = chats.meet(session, self.keyring, user.id, language=language_code, now=utc_now())
            chats.agree(session, chat.id, "2026-11", now=utc_now())

        await self.act(meet)
        return user

    async def chat(self, user: User) -> Chat | None:
        return await self.database.read(lambda session: chats.find(session, self.keyring, user.chat_id))


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with serving() as telegram:
        yield telegram


@pytest.fixture
def parts(rows: Database, telegram: Telegram, fresh_redis_url: str) -> Parts:
    return parts_of(rows, telegram, redis_url=fresh_redis_url, now=utc_now)


def parts_of(database: Database, telegram: Telegram, *, redis_url: str, now: Callable[[], datetime]) -> Parts:
    sending = queue.connect(redis_url)
    database._heard = sending.announce  # as the entry point of a process has it
    return Parts(
        database=database,
        keyring=Keyring.from_text(KEY),
        queue=sending,
        settings=BotSettings(token=SecretStr(telegram.token), api=telegram.url),
        site_url=SITE,
        caps=Caps(),
        catalog=CatalogLoader(database, site_url=SITE, now=now),
        now=now,
        rng=random.Random(1),
        owner="tests",
    )


@pytest.fixture
async def idle_bot(parts: Parts, telegram: Telegram, fresh_redis_url: str) -> AsyncIterator[RunningBot]:
    """Not started yet."""
    bot = RunningBot(parts, fresh_redis_url, telegram)
    yield bot
    await bot.stop()
    parts.queue.close()
    assert telegram.misses == [], "the bot asked for what no bot should"


@pytest.fixture
async def bot(idle_bot: RunningBot) -> RunningBot:
    await idle_bot.start()
    return idle_bot
