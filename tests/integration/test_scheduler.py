"""The scheduler on both databases and a real Redis: once per due target, whoever else runs and whatever is down."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import Session

from core.services import ServiceCount
from models import bookings, lanes, notices, targets, watches
from models.database import Database
from models.watch import Watch, WatchState
from tests.jobs_fixtures import messages, until
from tests.models_cast import ADA, BELA, NOW, PASSPORT, RUPPERT, opened, slot, watch_of
from workers import embedded_redis, queue, scheduler
from workers.queue import Queue
from workers.scheduler import Rhythm

LANE = "main"
RHYTHM = Rhythm(tick=timedelta(milliseconds=5))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sending(fresh_redis_url: str) -> Queue:
    return queue.connect(fresh_redis_url)


def open_watches(database: Database, count: int) -> list[Watch]:
    """Each on a target of its own, which is due at once."""
    with database.transaction() as session:
        return [
            watch_of(session, person, services=[ServiceCount(1000 + number)])
            for number, person in zip(range(count), itertools.cycle([ADA, BELA]), strict=False)
        ]


def looks(redis_url: str) -> list[int]:
    return [one.args[0] for one in messages(redis_url, "looking")]


async def send(database: Database, sending: Queue, *, now: datetime = NOW, owner: str = "one") -> list[int]:
    return await scheduler.send_due(database, sending, lane=LANE, owner=owner, rhythm=RHYTHM, now=now)


async def test_a_due_target_is_sent_once_and_again_when_nobody_looked(
    database: Database, sending: Queue, fresh_redis_url: str
) -> None:
    [watch] = open_watches(database, 1)
    assert await send(database, sending) == [watch.target_id]
    assert await send(database, sending, now=NOW + RHYTHM.claim / 2) == []
    assert await send(database, sending, now=NOW + RHYTHM.claim) == [watch.target_id]
    assert looks(fresh_redis_url) == [watch.target_id] * 2


async def test_two_schedulers_at_once_send_each_target_once(
    database: Database, database_url: str, sending: Queue, fresh_redis_url: str
) -> None:
    due = {watch.target_id for watch in open_watches(database, 8)}
    with closing(opened(database_url)) as other:
        for _ in range(2):
            await asyncio.gather(
                *(send(one, sending, owner=f"{number}") for number, one in enumerate((database, other, database)))
            )
    assert Counter(looks(fresh_redis_url)) == Counter(due)


async def test_no_more_than_a_burst_is_sent_at_once_the_longest_due_first(database: Database, sending: Queue) -> None:
    due = [watch.target_id for watch in open_watches(database, 7)]
    with database.transaction() as session:
        for place, target_id in enumerate(reversed(due)):
            targets.get(session, target_id).next_look_at = NOW + timedelta(seconds=place)
    assert await send(database, sending, now=NOW + MINUTE) == due[:-6:-1]
    assert await send(database, sending, now=NOW + MINUTE) == [due[1], due[0]]


@pytest.mark.parametrize("closing_it", ["paused", "tripped"])
async def test_nothing_is_sent_while_the_lane_is_closed(database: Database, sending: Queue, closing_it: str) -> None:
    [watch] = open_watches(database, 1)
    with database.transaction() as session:
        if closing_it == "paused":
            lanes.pause(session, LANE)
        else:
            lanes.trip(session, LANE, until=NOW + MINUTE, reason="throttled")
    assert await send(database, sending) == []
    with database.transaction() as session:
        if closing_it == "paused":
            lanes.resume(session, LANE)
    assert await send(database, sending, now=NOW + MINUTE) == [watch.target_id]


async def test_what_could_not_be_sent_is_due_at_once(database: Database, tmp_path: Path) -> None:
    [watch] = open_watches(database, 1)
    with pytest.raises(queue.QueueUnreachable):
        await send(database, queue.connect(f"unix://{tmp_path / 'nobody.sock'}"))
    row = await database.read(lambda session: targets.get(session, watch.target_id))
    assert (row.next_look_at, row.lease_until) == (NOW, None)


def test_a_watch_ends_at_its_deadline_and_is_told_once(database: Database) -> None:
    with database.transaction() as session:
        watch = watch_of(session, deadline=NOW + MINUTE)
        busy = watch_of(session, BELA, services=[PASSPORT], office_ids=[RUPPERT], deadline=NOW + MINUTE)
        bookings.want(session, watch=busy, slot=slot(), now=NOW)
    for minutes in (0, 2, 3):
        with database.transaction() as session:
            scheduler.end_overdue(session, now=NOW + minutes * MINUTE)
    with database.reading() as session:
        assert told(session, watch) == (WatchState.ENDED, [("watch.ended", "deadline")])
        assert told(session, busy) == (WatchState.OPEN, [])


def told(session: Session, watch: Watch) -> tuple[WatchState, list[tuple[str, str]]]:
    said = [(one.kind, one.facts["reason"]) for one in notices.of_watch(session, watch.id)]
    return watches.get(session, watch.id).state, said


class Clock:
    """Moves by a step at each glance, and counts them."""

    def __init__(self, *, step: timedelta = timedelta(0)) -> None:
        self.glances = 0
        self._step = step

    def now(self) -> datetime:
        self.glances += 1
        return NOW + self.glances * self._step

    async def looked_at(self, times: int) -> None:
        goal = self.glances + times

        async def reached() -> bool:
            return self.glances >= goal

        await until(reached)


@asynccontextmanager
async def running(database: Database, redis_url: str, clock: Clock) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(
        scheduler.run(
            database, queue.connect(redis_url), lane=LANE, owner="one", rhythm=RHYTHM, stop=stop, now=clock.now
        )
    )
    try:
        yield
    finally:
        stop.set()
        await task


async def test_it_reconciles_at_its_start_and_each_minute(database: Database, fresh_redis_url: str) -> None:
    clock = Clock(step=timedelta(seconds=1))
    async with running(database, fresh_redis_url, clock):
        await clock.looked_at(600)
    sent = len(messages(fresh_redis_url, "booking"))
    assert clock.glances / 60 - 2 <= sent <= clock.glances / 60 + 1


async def test_it_outlives_a_redis_that_is_down(database: Database, tmp_path: Path) -> None:
    [watch] = open_watches(database, 1)
    url, clock = embedded_redis.url(tmp_path), Clock()
    async with running(database, url, clock):
        for sent in (1, 2):
            await clock.looked_at(20)
            async with embedded_redis.running(tmp_path):
                await sent_are(url, [watch.target_id] * sent)
            await database.act(lambda session: targets.release_lease(session, watch.target_id, owner="one"))


async def test_it_outlives_a_database_that_is_down(
    fresh_postgres_url: str, postgres_url: str, fresh_redis_url: str
) -> None:
    name, clock = make_url(fresh_postgres_url).database, Clock()
    server = psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True)
    with closing(opened(fresh_postgres_url)) as database, server:
        database.migrate()
        [watch] = open_watches(database, 1)
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        async with running(database, fresh_redis_url, clock):
            await clock.looked_at(20)
            assert looks(fresh_redis_url) == []
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            await sent_are(fresh_redis_url, [watch.target_id])


async def sent_are(redis_url: str, target_ids: list[int]) -> None:
    async def they_are() -> bool:
        return looks(redis_url) == target_ids

    await until(they_are)
