"""A worker that does the real jobs from a real Redis, in a practice city, on the pages the other tests share.

Dramatiq's threads hand each job to the loop the tests run on, as they hand it to a loop of their own in a worker
process: so one browser serves both.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import dramatiq
import pytest
import redis
from dramatiq import Message
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread, set_event_loop_thread
from dramatiq.middleware import Middleware
from sqlalchemy import update
from sqlmodel import Session, col

from browser_profiles.lease import Lease
from browser_profiles.pool import Pool
from core.bookings import BookingState
from core.contact import Contact
from core.slots import Slot, utc_now
from core.targets import Target
from core.wishes import Mode, WishRules
from models import bookings, events, holds, mandates, notices, people, watches
from models.booking import Booking
from models.database import Database
from models.keyring import Keyring
from models.notice import Notice
from models.watch import Watch
from rehearsal.settings import Dialect
from tests.models_cast import KEY
from tests.portal_fixtures import ANNA, WITHOUT_CAPTCHA, Town
from workers import booking, jobs, pacer, queue
from workers import broker as brokers
from workers.booking import Errand
from workers.queue import QueueName
from workers.runtime import Pace, Runtime

T = TypeVar("T")
PATIENCE_MS = 60_000
LANE = "main"
LONG = timedelta(hours=1)  # a lane that looks whenever a test wants it to
ONE_DIALECT = pytest.mark.parametrize("generation", [Dialect.AUG], ids=str)


class OnThisLoop(EventLoopThread):
    """Stands where a worker has a loop in a thread of its own."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.interrupt_check_ival = 0.1


class BorrowedLoop(Middleware):
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._own: EventLoopThread | None = None

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        del broker, worker
        self._own = get_event_loop_thread()
        set_event_loop_thread(OnThisLoop(self._loop))

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        del broker, worker
        set_event_loop_thread(self._own)


@dataclass(frozen=True)
class Works:
    """A worker at work in a town, and the rows it works on."""

    town: Town
    runtime: Runtime

    @property
    def database(self) -> Database:
        return self.runtime.database

    async def watch(
        self, contact: Contact = ANNA, *, at: Target = WITHOUT_CAPTCHA, mode: Mode = Mode.AUTO, captcha: bool = False
    ) -> Watch:
        return await self.database.act(lambda session: opened_watch(session, contact, at, mode=mode, captcha=captcha))

    async def wanted(self, watch: Watch, slot: Slot) -> int:
        """A booking as a look leaves it, whose message is yet to be sent."""
        return await self.database.act(lambda session: bookings.want(session, watch=watch, slot=slot, now=utc_now()).id)

    async def stop(self, watch: Watch) -> None:
        await self.database.act(lambda session: watches.stop(session, watch.id, now=utc_now()))

    async def look(self, watch: Watch) -> None:
        self.runtime.queue.look(watch.target_id)
        await self.rest()

    async def book(self, booking_id: int) -> None:
        self.runtime.queue.book(booking_id)
        await self.rest()

    async def reconcile(self) -> None:
        self.runtime.queue.reconcile()
        await self.rest()

    async def give_link(self, booking_id: int) -> None:
        await self.database.act(lambda session: holds.give_link(session, booking_id, now=utc_now()))

    async def confirm(self, booking_id: int) -> None:
        await self.give_link(booking_id)
        self.runtime.queue.confirm(booking_id)
        await self.rest()

    async def rest(self) -> None:
        """Until every message is done with, also those that others sent."""
        for name in (QueueName.LOOKING, QueueName.BOOKING):
            await asyncio.to_thread(self.runtime.queue.broker.join, str(name), timeout=PATIENCE_MS, interval=20)

    async def watch_row(self, watch: Watch) -> Watch:
        return await self.database.read(lambda session: watches.get(session, watch.id))

    async def booking(self, booking_id: int) -> Booking:
        return await self.database.read(lambda session: bookings.get(session, booking_id))

    async def bookings(self) -> Sequence[Booking]:
        return await self.database.read(bookings.list)

    async def states(self) -> list[BookingState]:
        return [one.state for one in await self.bookings()]

    async def told(self, watch: Watch) -> list[str]:
        """What the watch's person must be told, in order."""
        return [notice.kind for notice in await self.notices(watch)]

    async def notices(self, watch: Watch) -> Sequence[Notice]:
        return await self.database.read(lambda session: notices.of_watch(session, watch.id))

    async def happened(self, booking_id: int) -> list[str]:
        found = await self.database.read(lambda session: events.of_booking(session, booking_id))
        return [one.kind for one in found]

    async def change(self, booking_id: int, **values: Any) -> None:
        """Move a row's dates, as time would."""
        await self.database.act(
            lambda session: session.exec(update(Booking).where(col(Booking.id) == booking_id).values(values))
        )

    async def walk(self, booking_id: int, until: BookingState) -> None:
        """Carry it as the job does, and die when the row says so: whoever had it in hands is no more."""
        errand = await self.database.act(
            lambda session: booking.take(
                session, booking_id, keyring=self.runtime.keyring, run=self.runtime.run_name(), now=utc_now()
            )
        )
        assert errand is not None
        async with self.town.pool.lease(errand.target_key) as lease:
            for state, step in self._steps(errand, lease).items():
                await step()
                if state is until:
                    break
            lease.retire("done")
        await self.abandon(booking_id)

    def _steps(self, errand: Errand, lease: Lease) -> dict[BookingState, Callable[[], Awaitable[None]]]:
        act, portal, keyring = self.database.act, self.runtime.portal, self.runtime.keyring

        async def holding() -> None:
            await act(lambda session: booking.to_holding(session, errand, lane=LANE, now=utc_now()))

        async def held() -> None:
            answer = await portal.hold(lease, errand.target, errand.slot)
            await act(lambda session: booking.to_held(session, errand, answer, keyring=keyring, now=utc_now()))

        async def detailed() -> None:
            await portal.fill(lease, errand.contact)
            await act(lambda session: booking.to_detailed(session, errand, now=utc_now()))

        async def preconfirmed() -> None:
            answer = await portal.preconfirm(lease)
            await act(lambda session: booking.to_preconfirmed(session, errand, answer, now=utc_now()))

        return {
            BookingState.HOLDING: holding,
            BookingState.HELD: held,
            BookingState.DETAILED: detailed,
            BookingState.PRECONFIRMED: preconfirmed,
        }

    async def abandon(self, booking_id: int) -> None:
        """Whoever had it in hands died minutes ago."""
        await self.change(booking_id, lease_until=utc_now() - timedelta(seconds=1))

    async def key_of(self, booking_id: int) -> dict[str, Any]:
        """The hold's key, as the City's API wants it."""
        hold = await self.database.read(lambda session: holds.of_booking(session, booking_id))
        assert hold is not None
        key = holds.key(self.runtime.keyring, hold)
        return {"processId": key.process_id, "authKey": key.auth_key}

    async def asked(self, endpoint: str) -> int:
        return len(await self.town.requests(endpoint))

    async def live_at_the_city(self) -> list[str]:
        return [status for status in await self.town.statuses() if status != "deleted"]


def opened_watch(session: Session, contact: Contact, at: Target, *, mode: Mode, captcha: bool) -> Watch:
    now = utc_now()
    person = people.add(session, Keyring.from_text(KEY), contact, now=now)
    mandate = mandates.record(session, person.id, "book in my name", None, now=now)
    return watches.add(
        session,
        person_id=person.id,
        mandate_id=mandate.id,
        services=at.services,
        office_ids=tuple(sorted(at.office_ids)),
        rules=WishRules(),
        mode=mode,
        deadline=None,
        captcha=captcha,
        now=now,
    )


def runtime_of(town: Town, pool: Pool, database: Database, *, redis_url: str, folder: Path) -> Runtime:
    return Runtime(
        database=database,
        keyring=database.keys,
        pool=pool,
        portal=town.portal,
        queue=queue.connect(redis_url),
        pacer=pacer.connect(redis_url, lane=LANE, reserve=15, window=LONG),
        pace=Pace(interval=timedelta(minutes=1)),
        site_url=f"{town.visitor.url}/",
        lane=LANE,
        owner="tests",
        artifacts=folder / "artifacts",
        rng=random.Random(1),
    )


async def until(fact: Callable[[], Awaitable[T]]) -> T:
    """Wait for the fact to be one."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while True:
            if found := await fact():
                return found
            await asyncio.sleep(0.02)


def messages(redis_url: str, queue_name: str) -> list[Message[None]]:
    """What waits in a queue, or is in a worker's hands; `.DQ` after its name are those for later."""
    with redis.Redis.from_url(redis_url) as client:
        found: Any = client.hvals(f"mta:{queue_name}.msgs")
    return [Message.decode(one) for one in found]


@asynccontextmanager
async def at_work(runtime: Runtime, redis_url: str, *, threads: int = 4) -> AsyncIterator[None]:
    broker = brokers.build(redis_url, resources=[BorrowedLoop(asyncio.get_running_loop())])
    jobs.declare(broker, runtime)
    worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=50)
    worker.start()
    try:
        yield
    finally:
        await runtime.offers.stop()
        await asyncio.to_thread(worker.stop, timeout=PATIENCE_MS)
        broker.close()
        runtime.queue.close()
        await runtime.pacer.close()


@pytest.fixture
def idle(town: Town, rows: Database, fresh_redis_url: str, tmp_path: Path) -> Works:
    """What is sent waits for whoever works."""
    return Works(town, runtime_of(town, town.pool, rows, redis_url=fresh_redis_url, folder=tmp_path))


@pytest.fixture
async def works(idle: Works, fresh_redis_url: str) -> AsyncIterator[Works]:
    async with at_work(idle.runtime, fresh_redis_url):
        yield idle
