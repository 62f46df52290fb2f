"""What many watches cost: the City in requests, the scheduler in processor time, the disk in bytes."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from cryptography.fernet import Fernet
from sqlmodel import Session

from bench.figures import Goal, ratio
from bench.population import settle, targets_of_the_city
from bench.stage import Scenery, Stage, staged
from core.services import ServiceCount
from core.slots import utc_now
from core.targets import Target
from core.wishes import WishRules
from models import looks, targets
from models.database import Database
from models.keyring import Keyring
from workers import embedded_redis, queue, scheduler
from workers.queue import Queue
from workers.scheduler import Rhythm

TARGETS: Final = 12
SOME: Final = 1_000
LOOK_EVERY: Final = 5  # seconds
MANY_TARGETS: Final = 300
TOGETHER: Final = 500  # watches in one transaction
WARM_AFTER: Final = 2  # looks, of which the first may have had to open the page
LEAST_LOOKS: Final = 3  # of each target while the City is asked by so many watches
PATIENCE: Final = 300.0  # seconds
EVERY: Final = 0.5
CONSTANT: Final = 1.1  # most over least
ROUND: Final = 0.5  # seconds of processor time
OWNER: Final = "bench"

Heard = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` at least that the City's requests are counted for each crowd; `runs` of the scheduler's round.

    `watches` are the largest crowd; the smallest is one watch on each target.
    """

    seconds: float
    runs: int
    watches: int

    @property
    def crowds(self) -> tuple[int, ...]:
        return tuple(sorted({TARGETS, min(SOME, self.watches), self.watches}))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the City was asked while so many watches were open. A round is one look at each target."""

    watches: int
    looks: int
    requests: int
    per_minute: float

    @property
    def per_round(self) -> float:
        return self.requests / self.looks * TARGETS


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Seconds of processor time of a round that sends every target, a tick with nothing due, and a minute's duty."""

    rounds: tuple[float, ...]
    idle: tuple[float, ...]
    minutes: tuple[float, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class Played:
    asked: tuple[Asked, ...]
    scheduled: Scheduled
    seconds: float


async def play(scenery: Scenery, plan: Plan, *, heard: Heard) -> Played:
    began = time.monotonic()
    asked = [one async for one in _crowds(scenery, plan, heard)]
    scheduled = await _schedule(scenery.folder / "many", plan)
    heard(f"{plan.watches} watches on {MANY_TARGETS} targets: {median(scheduled.rounds):.3f} s a round")
    return Played(tuple(asked), scheduled, time.monotonic() - began)


def told(played: Played, scenery: Scenery, plan: Plan) -> dict[str, Any]:
    """What the JSON says."""
    rates = [one.per_minute for one in played.asked]
    size, scheduled = played.scheduled.bytes, played.scheduled
    return {
        "requests_per_minute": {str(one.watches): round(one.per_minute, 1) for one in played.asked},
        "requests_per_round": {str(one.watches): round(one.per_round, 1) for one in played.asked},
        "looks": {str(one.watches): one.looks for one in played.asked},
        "most_over_least": ratio(max(rates), min(rates)),
        "targets": TARGETS,
        "look_every_s": LOOK_EVERY,
        "scheduler_round_cpu_s": round(median(scheduled.rounds), 4),
        "goal_round_cpu_s": ROUND,
        "scheduler_idle_tick_cpu_s": round(median(scheduled.idle), 4),
        "scheduler_minute_duty_cpu_s": round(median(scheduled.minutes), 4),
        "scheduler_rounds_cpu_s": [round(one, 4) for one in scheduled.rounds],
        "database_mib": round(size / 1024 / 1024, 2),
        "bytes_per_watch": round(size / plan.watches),
        "watches": plan.watches,
        "many_targets": MANY_TARGETS,
        "dialect": scenery.dialect,
        "page": "the City's own" if scenery.frontend else "practice",
        "seconds": round(played.seconds, 1),
    }


def goals(told: dict[str, Any]) -> list[Goal]:
    return [
        Goal("requests to the City a minute, most over least of the crowds", told["most_over_least"], CONSTANT),
        Goal("processor time of one scheduler round, s", told["scheduler_round_cpu_s"], ROUND),
    ]


def per_minute(starts: Sequence[Sequence[datetime]], *, requests_per_look: float) -> float:
    """From each target's looks: how often it came round, not how many fell into a window that began anywhere."""
    often = sum(60 * (len(one) - 1) / (max(one) - min(one)).total_seconds() for one in starts)
    return often * requests_per_look


async def _crowds(scenery: Scenery, plan: Plan, heard: Heard) -> AsyncIterator[Asked]:
    """One worker and one scheduler at one City, and more and more people."""
    async with staged(scenery) as stage:
        await _fill(stage, count=1, first=0)
        await _until_looked(stage, since=utc_now(), times=1, among=1)  # the lane learns that this City has no limit
        waiting = 1
        for crowd in plan.crowds:
            await _fill(stage, count=crowd - waiting, first=waiting)
            waiting = crowd
            one = await _counted(stage, crowd, seconds=plan.seconds)
            heard(f"{crowd:>6} watches on {TARGETS} targets: {one.per_minute:.1f} requests a minute")
            yield one


async def _fill(stage: Stage, *, count: int, first: int) -> None:
    """In several transactions, since the worker wants to write meanwhile."""
    everywhere = targets_of_the_city(TARGETS)

    def some(session: Session, start: int) -> None:
        several = min(TOGETHER, first + count - start)
        now, rules = utc_now(), WishRules()
        settle(session, stage.kept.keyring, everywhere, count=several, rules=rules, now=now, first=start)

    for start in range(first, first + count, TOGETHER):
        await stage.kept.database.act(partial(some, start=start))


async def _counted(stage: Stage, watches: int, *, seconds: float) -> Asked:
    """From when every target was looked at with all of them waiting until each has been so often enough."""
    await _until_looked(stage, since=utc_now(), times=WARM_AFTER)
    since, requests = utc_now(), await stage.truth.requests()
    await asyncio.sleep(seconds)
    starts = await _until_looked(stage, since=since, times=LEAST_LOOKS)
    requests = await stage.truth.requests() - requests
    made = sum(map(len, starts))
    return Asked(watches, made, requests, per_minute(starts, requests_per_look=requests / made))


async def _until_looked(stage: Stage, *, since: datetime, times: int, among: int = TARGETS) -> list[list[datetime]]:
    """When each target was looked at since then, all of them so often at least."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await stage.kept.database.read(lambda session: _starts(session, since))
            if len(found) >= among and min(map(len, found)) >= times:
                return found
            await asyncio.sleep(EVERY)


def _starts(session: Session, since: datetime) -> list[list[datetime]]:
    every = (looks.latest(session, target.id, limit=1000) for target in targets.list(session))
    return [[one.started_at for one in own if one.started_at >= since] for own in every]


async def _schedule(folder: Path, plan: Plan) -> Scheduled:
    keyring = Keyring.from_text(Fernet.generate_key().decode())
    file = folder / "mta.sqlite3"
    database = Database(f"sqlite:///{file}", keys=keyring)
    database.migrate()
    now = utc_now()
    every = [Target((ServiceCount(number),), frozenset({1})) for number in range(1, MANY_TARGETS + 1)]
    ids = await database.act(
        lambda session: settle(session, keyring, every, count=plan.watches, rules=WishRules(), now=now)
    )
    async with _queue() as sending:
        rounds, idle, minutes = [], [], []
        for _ in range(plan.runs):
            rounds.append(await _cost(lambda: _round(database, sending, ids)))
            idle.append(await _cost(lambda: _tick(database, sending)))
            minutes.append(await _cost(lambda: _minute(database, sending)))
            await database.act(partial(_all_due, ids=ids))
    database.close()  # the write-ahead log goes into the file
    return Scheduled(tuple(rounds), tuple(idle), tuple(minutes), file.stat().st_size)


def _all_due(session: Session, ids: Sequence[int]) -> None:
    for target_id in ids:
        targets.release_lease(session, target_id, owner=OWNER)


async def _round(database: Database, sending: Queue, ids: Sequence[int]) -> None:
    sent: list[int] = []
    while new := await _tick(database, sending):
        sent += new
    if sorted(sent) != sorted(ids):
        raise RuntimeError(f"{len(sent)} of {len(ids)} targets were sent")


async def _tick(database: Database, sending: Queue) -> list[int]:
    return await scheduler.send_due(
        database, sending, lane="main", owner=OWNER, rhythm=Rhythm(), now=utc_now() + timedelta(seconds=1)
    )


async def _minute(database: Database, sending: Queue) -> None:
    await scheduler.mind(database, now=utc_now())
    sending.reconcile()


async def _cost(work: Callable[[], Any]) -> float:
    """Of this process, with the threads that its database works in."""
    before = time.process_time()
    await work()
    return time.process_time() - before


@asynccontextmanager
async def _queue() -> AsyncIterator[Queue]:
    with tempfile.TemporaryDirectory(prefix="mta-bench-") as folder:
        async with embedded_redis.running(Path(folder)):
            sending = queue.connect(embedded_redis.url(Path(folder)))
            try:
                yield sending
            finally:
                sending.close()
