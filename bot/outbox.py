"""The outbox: what people must be told goes to their chats, at least once and told once, in order, within the limits.

A chat's notices are delivered by one task at a time, under a lease, in the order of writing. `hears` brings those that
were just committed, a sweep every few seconds all others: after a restart, an outage, or the end of quiet hours. The
same task then edits what shows a booking under way, so that no edit ever overtakes a notice.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from bot import errors
from bot.context import Parts
from bot.conversation import Table
from bot.delivery import Delivery
from bot.live import Live
from bot.messenger import ChatClosed, ChatMoved, Flooded, Messenger, TelegramAway
from core.errors import MtaError, Transient
from models import chats, deliveries, notices
from workers import queue

SWEEPS = timedelta(seconds=3)
GLANCES = timedelta(seconds=1)  # at bookings under way
AT_ONCE = 24  # chats that are delivered to at the same time
LEASE = timedelta(minutes=2)  # of a chat; longer than its longest delivery
LONGEST = timedelta(minutes=1)  # that one delivery goes on
AFTER_A_BUG = timedelta(minutes=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=30)

log = structlog.get_logger()


class Outbox:
    def __init__(self, parts: Parts, messenger: Messenger, table: Table) -> None:
        self._parts = parts
        self._delivery = Delivery(parts, messenger, table)
        self._live = Live(parts, messenger, table)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._at_work: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._weather = Weather()

    async def hears(self, notice_ids: Sequence[int]) -> None:
        """These were just written."""
        try:
            for chat_id in await self._parts.database.read(lambda session: notices.chats_of(session, notice_ids)):
                self.wants(chat_id)
        except Transient as error:  # the sweep finds them
            log.warning("outbox.postponed", error=type(error).__name__)

    def wants(self, chat_id: int) -> None:
        """Something may be there to be told to it; if it is being told to now, look again afterwards."""
        if chat_id in self._at_work:
            self._again.add(chat_id)
            return
        task = asyncio.create_task(self._serve(chat_id))
        self._at_work[chat_id] = task
        task.add_done_callback(lambda done: self._ended(chat_id, done))

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        await queue.let_go_of_the_dead(self._parts.database)
        looking = [
            asyncio.create_task(self._each(SWEEPS, self._untold)),
            asyncio.create_task(self._each(GLANCES, self._live.chats)),
        ]
        try:
            yield
        finally:
            for task in (*looking, *self._at_work.values()):
                task.cancel()
            await asyncio.gather(*looking, *self._at_work.values(), return_exceptions=True)

    async def _each(self, pause: timedelta, find: Callable[[], Awaitable[Iterable[int]]]) -> None:
        while True:
            try:
                for chat_id in await find():
                    self.wants(chat_id)
            except MtaError as error:
                log.warning("outbox.postponed", error=type(error).__name__)
            await asyncio.sleep(pause.total_seconds())

    async def _untold(self) -> Sequence[int]:
        now = self._parts.now()
        return await self._parts.database.read(lambda session: deliveries.with_due_notices(session, now=now))

    def _ended(self, chat_id: int, task: asyncio.Task[None]) -> None:
        self._at_work.pop(chat_id, None)
        if task.cancelled():
            return
        if (bug := task.exception()) is not None:
            log.error("outbox.failed", chat=chat_id, error=type(bug).__name__, where=errors.where(bug))
        if chat_id in self._again:
            self._again.discard(chat_id)
            self.wants(chat_id)

    async def _serve(self, chat_id: int) -> None:
        async with self._room:
            await self._weather.clears()
            try:
                await self._leased(chat_id)
            except TelegramAway:
                self._weather.worsens()
            except MtaError as error:
                log.warning("outbox.postponed", error=type(error).__name__)

    async def _leased(self, chat_id: int) -> None:
        database, owner, now = self._parts.database, self._parts.owner, self._parts.now
        until = now() + LEASE
        if not await database.act(
            lambda session: deliveries.lease(session, chat_id, owner=owner, until=until, now=now())
        ):
            return
        rest_until: datetime | None = now() + AFTER_A_BUG
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                await self._delivery.deliver(chat_id)
                await self._live.refresh(chat_id)
            self._weather.is_fair()
            rest_until = None
        except Transient as error:
            rest_until = None
            if not isinstance(error, Flooded):
                raise
            rest_until = now() + error.retry_in
            log.warning("outbox.flooded", chat=chat_id, seconds=error.retry_in.total_seconds())
        except asyncio.CancelledError:
            rest_until = None
            raise
        except ChatClosed:
            rest_until = None
            paused = await database.act(lambda session: chats.block(session, chat_id, now=now()))
            log.info("chat.closed", chat=chat_id, paused=list(paused))
        except ChatMoved as moved:
            keyring, to = self._parts.keyring, moved.telegram_id
            await database.act(lambda session: chats.moved(session, keyring, chat_id, to))
            self._again.add(chat_id)
            rest_until = None
        finally:
            await database.act(lambda session: deliveries.release(session, chat_id, owner=owner, rest_until=rest_until))


class Weather:
    """Whether Telegram can be reached. After each failure everybody waits longer; the first success ends that."""

    def __init__(self) -> None:
        self._pause = timedelta(0)
        self._until = 0.0

    async def clears(self) -> None:
        await asyncio.sleep(max(0.0, self._until - asyncio.get_running_loop().time()))

    def worsens(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._until:  # one outage, seen by several
            return
        self._pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * self._pause))
        self._until = now + self._pause.total_seconds()
        log.warning("telegram.away", again_in=self._pause.total_seconds())

    def is_fair(self) -> None:
        self._pause, self._until = timedelta(0), 0.0
