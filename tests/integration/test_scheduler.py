"""The scheduler on both databases and a real Redis: once per due target, whoever else runs and whatever is down."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import Session

from core import pacing
from core.breaker import Breaker
from core.cadence import Cadence, ReleaseWindow
from core.looks import Answer
from core.quiet import QuietHours
from core.services import ServiceCount
from core.slots import BERLIN
from models import bookings, lanes, notices, targets, watches
from models.database import Database
from models.watch import Watch, WatchState
from tests.jobs_fixtures import messages, until
from tests.models_cast import ADA, BELA, NOW, PASSPORT, RUPPERT, opened, slot, watch_of
from workers import embedded_redis, pacer, queue, scheduler
from workers.pacer import Pacer
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


@pytest.mark.parametrize("closing_it", ["paused", "throttled"])
async def test_nothing_is_sent_while_the_lane_is_closed(database: Database, sending: Queue, closing_it: str) -> None:
    [watch] = open_watches(database, 1)
    with database.transaction() as session:
        if closing_it == "paused":
            lanes.pause(session, LANE)
        else:
            rest(session, Answer.THROTTLED)
    assert await send(database, sending) == []
    with database.transaction() as session:
        if closing_it == "paused":
            lanes.resume(session, LANE)
    assert await send(database, sending, now=NOW + 10 * MINUTE) == [watch.target_id]


async def test_after_a_rest_one_look_probes_before_the_others_are_sent(database: Database, sending: Queue) -> None:
    due = [watch.target_id for watch in open_watches(database, 3)]
    until = database.transact(lambda session: rest(session, Answer.MAINTENANCE))
    assert await send(database, sending, now=until) == due[:1]
    assert await send(database, sending, now=until) == []
    database.transact(lambda session: answered(session, Answer.NONE, at=until, target_id=due[0]))
    assert await send(database, sending, now=until) == due[1:]


async def test_a_probe_that_could_not_be_sent_leaves_its_place_to_the_next(database: Database, tmp_path: Path) -> None:
    open_watches(database, 2)
    until = database.transact(lambda session: rest(session, Answer.MAINTENANCE))
    with pytest.raises(queue.QueueUnreachable):
        await send(database, queue.connect(f"unix://{tmp_path / 'nobody.sock'}"), now=until)
    with database.reading() as session:
        assert lanes.room(session, LANE, most=3, now=until) == 1


def rest(session: Session, answer: Answer) -> datetime:
    """Close the lane as this answer does; when it may be probed."""
    breaker = answered(session, answer, at=NOW)
    assert breaker is not None
    assert breaker.until is not None
    return breaker.until


def answered(session: Session, answer: Answer, *, at: datetime, target_id: int | None = None) -> Breaker | None:
    return lanes.answered(session, LANE, answer, asked_at=at, now=at, rng=random.Random(1), target_id=target_id)


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
    """Moves by a step at each glance, and when it is told to; counts the glances."""

    def __init__(self, *, step: timedelta = timedelta(0)) -> None:
        self.glances = 0
        self._step = step
        self._moved = timedelta(0)

    def now(self) -> datetime:
        self.glances += 1
        return NOW + self.glances * self._step + self._moved

    def move(self, by: timedelta) -> None:
        self._moved += by

    async def looked_at(self, times: int) -> None:
        goal = self.glances + times

        async def reached() -> bool:
            return self.glances >= goal

        await until(reached)


@asynccontextmanager
async def running(
    database: Database,
    redis_url: str,
    clock: Clock,
    *,
    quiet_hours: QuietHours | None = None,
    cadence: Cadence = Cadence(),  # noqa: B008  # frozen
) -> AsyncIterator[Pacer]:
    stop = asyncio.Event()
    lane = replace(pacer.connect(redis_url, lane=LANE, reserve=15, quiet_hours=quiet_hours), clock=clock.now)
    task = asyncio.create_task(
        scheduler.run(
            *(database, queue.connect(redis_url), lane),
            lane=LANE,
            owner="one",
            rhythm=RHYTHM,
            stop=stop,
            cadence_of=lambda _: cadence,
            now=clock.now,
        )
    )
    try:
        yield lane
    finally:
        stop.set()
        await task
        await lane.close()


async def test_no_look_is_sent_while_the_lane_is_silent_and_one_is_afterwards(
    database: Database, fresh_redis_url: str
) -> None:
    [watch] = open_watches(database, 1)
    clock = Clock()
    lane = replace(pacer.connect(fresh_redis_url, lane=LANE, reserve=15), clock=clock.now)
    granted = await lane.look(wanted=45)
    await lane.settle(granted=granted, used=45, budget=None)
    async with running(database, fresh_redis_url, clock):
        await clock.looked_at(100)
        assert looks(fresh_redis_url) == []
        clock.move(pacing.SILENCE)
        await sent_are(fresh_redis_url, [watch.target_id])
    await lane.close()


HOUR_OF_NOW = NOW.astimezone(BERLIN).time()
TODAY = frozenset({NOW.astimezone(BERLIN).weekday()})
BEFORE_A_WINDOW = Cadence((ReleaseWindow(TODAY, time(9, 1), time(10), "published"),))
HELD_BACK = {
    "quiet-hours": ({"quiet_hours": QuietHours(HOUR_OF_NOW, time(9, 1))}, MINUTE),
    "hush": ({"cadence": BEFORE_A_WINDOW}, MINUTE),
}


@pytest.mark.parametrize(("how", "span"), HELD_BACK.values(), ids=HELD_BACK)
async def test_no_look_is_sent_in_quiet_hours_or_just_before_new_slots_come(
    database: Database, fresh_redis_url: str, how: dict[str, Any], span: timedelta
) -> None:
    [watch] = open_watches(database, 1)
    clock = Clock()
    async with running(database, fresh_redis_url, clock, **how):
        await clock.looked_at(100)
        assert looks(fresh_redis_url) == []
        clock.move(span)
        await sent_are(fresh_redis_url, [watch.target_id])


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
