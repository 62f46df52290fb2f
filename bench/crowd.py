"""Many people, few slots released in one moment, rivals who take some: who gets what, and whether it is in order."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import Any, Final

from bench import ledger
from bench.cast import Cast, Wanted
from bench.ledger import Outcome
from bench.stage import Scenery, Stage, staged
from core.bookings import UNSETTLED
from core.errors import MtaError
from core.slots import BERLIN, Slot, utc_now
from models import bookings, targets

OFFICES: Final = (10489, 102522, 54261, 102523)  # Bürgerbüros Ruppertstraße, Orleansplatz, Pasing, Leonrodstraße
HOURS: Final = range(8, 15)  # of Munich
DAYS: Final = 5
MOODS: Final = ("none", "rivals=6")  # nothing is free but what is released, and six times a minute a rival takes one
TOGETHER: Final = 100  # wishes in one transaction
EVERY: Final = 0.5  # seconds
QUIET_FOR: Final = 12.0  # seconds without anything under way until what is free counts as unused
PATIENCE: Final = 25 * 60.0
_SATURDAY: Final = 5


class NothingSettled(MtaError):
    """The crowd did not come to rest in time; the text says what was still under way."""


@dataclass(frozen=True, slots=True)
class Crowd:
    people: int
    slots: int


@dataclass(frozen=True, slots=True)
class Played:
    """`settled_in` is from the release to rest, in seconds."""

    outcome: Outcome
    released: int
    snatched: int
    settled_in: float
    seconds: float


async def play(scenery: Scenery, crowd: Crowd) -> Played:
    started = time.monotonic()
    rng = random.Random(scenery.seed)
    async with staged(scenery) as stage:
        cast = Cast(stage, seed=scenery.seed, timed=False, every=EVERY)
        await gather(cast, [_wish(rng) for _ in range(crowd.people)])
        await until_looked(stage)
        life = asyncio.create_task(cast.play())
        try:
            released = await stage.truth.release(_slots(crowd, rng))
            began = time.monotonic()
            await _until_rest(stage, life)
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
        settled_in = time.monotonic() - began
        waiters, claims = await stage.kept.database.read(ledger.read)
        outcome = ledger.judge(
            waiters,
            claims,
            left=await stage.truth.free_slots(OFFICES),
            city=await stage.truth.appointments(),
            now=utc_now(),
        )
        snatched = await stage.truth.snatched()
    return Played(outcome, released, snatched, settled_in, time.monotonic() - started)


def told(played: Played, scenery: Scenery, crowd: Crowd) -> dict[str, Any]:
    """What the JSON says."""
    return {
        "people": crowd.people,
        "slots": crowd.slots,
        "released": played.released,
        "workers": scenery.workers,
        **asdict(played.outcome),
        "taken_by_rivals": played.snatched,
        "settled_in": round(played.settled_in, 1),
        "seconds": round(played.seconds, 1),
        "dialect": scenery.dialect,
        "database": "postgresql" if scenery.database_url.startswith("postgres") else "sqlite",
        "seed": scenery.seed,
    }


async def gather(cast: Cast, wishes: Sequence[Wanted]) -> None:
    for first in range(0, len(wishes), TOGETHER):
        await cast.enter(wishes[first : first + TOGETHER])


def _wish(rng: random.Random) -> Wanted:
    """One to four offices in some order, some or all days, sometimes only mornings; a wait of up to sixty days."""
    days = _days()
    first = rng.randrange(len(days))
    return Wanted(
        offices=tuple(rng.sample(OFFICES, rng.randint(1, len(OFFICES)))),
        days=(days[first], days[rng.randrange(first, len(days))]),
        since=utc_now() - timedelta(hours=rng.randrange(60 * 24)),
        hours="08:00-12:00" if rng.random() < 1 / 4 else "",
    )


def _slots(crowd: Crowd, rng: random.Random) -> list[Slot]:
    every = [
        Slot(datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN), office)
        for office, day, hour in product(OFFICES, _days(), HOURS)
    ]
    return rng.sample(every, min(crowd.slots, len(every)))


def _days() -> list[date]:
    today = utc_now().astimezone(BERLIN).date()
    coming = (today + timedelta(days=away) for away in range(3, 40))
    return list(islice((day for day in coming if day.weekday() < _SATURDAY), DAYS))


async def until_looked(stage: Stage) -> None:
    """A look has seen that nothing is free, so the release comes upon a warm page."""
    async with asyncio.timeout(PATIENCE):
        while True:
            seen = await stage.kept.database.read(targets.list)
            if any(one.last_good_at for one in seen):
                return
            await asyncio.sleep(EVERY)


async def _until_rest(stage: Stage, life: asyncio.Task[None]) -> None:
    """Nothing under way, and nothing free that somebody still waits for; or that for long enough to be sure."""
    deadline, quiet_since = time.monotonic() + PATIENCE, time.monotonic()
    while time.monotonic() < deadline:
        if life.done():
            life.result()
        waiters, claims = await stage.kept.database.read(ledger.read)
        under_way = await stage.kept.database.read(
            lambda session: [one.id for one in bookings.list(session) if one.state in UNSETTLED]
        )
        if under_way or not claims:
            quiet_since = time.monotonic()
        elif not ledger.unused(waiters, claims, await stage.truth.free_slots(OFFICES), now=utc_now()):
            return
        if time.monotonic() - quiet_since > QUIET_FOR:
            return
        await asyncio.sleep(EVERY)
    raise NothingSettled(f"The crowd did not come to rest within {PATIENCE:.0f} s.")
