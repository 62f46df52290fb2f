"""Many slots at once, people who wait for them, rivals, and a simple poller beside MTA: who gets how many."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import product
from statistics import median
from typing import Any, Final

from bench import crowd
from bench.cast import Cast, Wanted
from bench.city import STANDING, CityAppointment
from bench.poller import EVERY as POLLS_EVERY
from bench.poller import MAIL, Poller
from bench.population import target
from bench.stage import NO_LIMIT, Scenery, Stage, staged
from core.slots import BERLIN, Slot, utc_now

SERVICE, OFFICE = "1064305", 102101  # Fahrzeug abmelden: without the captcha box, which stops a poller for good
DAYS: Final = 6  # of the office's seven
HOURS: Final = range(8, 15)
QUARTERS: Final = (0, 15, 30, 45)
EVERY: Final = 0.5  # seconds
LOOK_EVERY: Final = "PT5S"
PATIENCE: Final = 240.0  # seconds from the release

HELD: Final = "reserved"  # the City's word for a slot that may still come back

Heard = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """`rivals` take so many slots a minute, at uneven intervals."""

    people: int
    slots: int
    rivals: float
    runs: int


@dataclass(frozen=True, slots=True)
class Run:
    """What each got of what was released. `polled_after` is how long after the release the poller came, in seconds."""

    released: int
    mta: int
    poller: int
    rivals: int
    left: int
    polled_after: float
    curve: tuple[tuple[float, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Played:
    runs: tuple[Run, ...]
    seconds: float


async def play(scenery: Scenery, plan: Plan, *, heard: Heard) -> Played:
    began = time.monotonic()
    runs = []
    for number in range(plan.runs):
        own = replace(scenery, folder=scenery.folder / f"run{number + 1}", seed=scenery.seed + number)
        runs.append(await _run(own, plan, polled_after=phase(number, plan.runs)))
        one = runs[-1]
        heard(
            f"run {number + 1}  MTA {one.mta}, the poller {one.poller} (it came after {one.polled_after:.0f} s), "
            f"rivals {one.rivals}, left {one.left}"
        )
    return Played(tuple(runs), time.monotonic() - began)


def told(played: Played, scenery: Scenery, plan: Plan) -> dict[str, Any]:
    """What the JSON says: medians over the runs."""
    runs = played.runs
    return {
        "people": plan.people,
        "slots": plan.slots,
        "rivals_per_minute": plan.rivals,
        **{name: median(getattr(one, name) for one in runs) for name in ("mta", "poller", "rivals", "left")},
        "each_run": [
            {"mta": one.mta, "poller": one.poller, "rivals": one.rivals, "polled_after_s": round(one.polled_after, 1)}
            for one in runs
        ],
        "curves": [[(round(at, 1), *got) for at, *got in one.curve] for one in runs],
        "workers": scenery.workers,
        "rate_limit": scenery.rate_limit if scenery.rate_limit < NO_LIMIT else None,
        "timing": scenery.timing,
        "runs": plan.runs,
        "dialect": scenery.dialect,
        "page": "the City's own" if scenery.frontend else "practice",
        "seed": scenery.seed,
        "seconds": round(played.seconds, 1),
    }


def phase(number: int, runs: int) -> float:
    """The poller comes at another moment of its minute in each run, evenly, and after half of it on average."""
    return POLLS_EVERY * (number + 0.5) / runs


async def _run(scenery: Scenery, plan: Plan, *, polled_after: float) -> Run:
    rng = random.Random(scenery.seed)
    async with staged(scenery) as stage:
        cast = Cast(stage, seed=scenery.seed, timed=False, every=EVERY)
        await crowd.gather(cast, [_wish(rng) for _ in range(plan.people)])
        await crowd.until_looked(stage)
        poller = Poller(stage.truth.url, target(SERVICE, 1, OFFICE), scenery.dialect, people=plan.people)
        lives = [asyncio.create_task(cast.play())]
        try:
            released = await stage.truth.release(_slots(plan.slots, rng))
            lives.append(asyncio.create_task(poller.run(first_in=polled_after)))
            await stage.truth.add_mood(f"rivals={plan.rivals:g}")
            curve = await _until_all_taken(stage, lives)
        finally:
            for life in lives:
                life.cancel()
            await asyncio.gather(*lives, return_exceptions=True)
        left = len(await stage.truth.free_slots([OFFICE]))
    _, mta, polled, snatched = curve[-1]
    return Run(released, mta, polled, snatched, left, polled_after, tuple(curve))


async def _until_all_taken(stage: Stage, lives: Sequence[asyncio.Task[None]]) -> list[tuple[float, int, int, int]]:
    """Seconds since the release, and what MTA's people, the poller's and rivals had by then."""
    began, curve = time.monotonic(), [(0.0, 0, 0, 0)]
    while (passed := time.monotonic() - began) < PATIENCE:
        for life in lives:
            if life.done():
                life.result()
        free = await stage.truth.free_slots([OFFICE])  # before the appointments: what is taken next is one of them
        city, snatched = await stage.truth.appointments(), await stage.truth.snatched()
        curve.append((passed, *got(city), snatched))
        if not free and not any(one.status == HELD for one in city):
            break
        await asyncio.sleep(EVERY)
    return curve


def got(city: Sequence[CityAppointment]) -> tuple[int, int]:
    """Appointments that stand, of MTA's people and of the poller's."""
    standing = [one.mail for one in city if one.status in STANDING]
    polled = sum(mail.startswith(MAIL) for mail in standing)
    return len(standing) - polled, polled


def _wish(rng: random.Random) -> Wanted:
    """Some or all of the days, sometimes only mornings; a wait of up to sixty days."""
    first = rng.randrange(DAYS // 2)
    days = _days()
    return Wanted(
        offices=(OFFICE,),
        days=(days[first], days[rng.randrange(first + 1, len(days))]),
        since=utc_now() - timedelta(hours=rng.randrange(60 * 24)),
        hours="08:00-12:00" if rng.random() < 1 / 4 else "",
        service=SERVICE,
    )


def _slots(count: int, rng: random.Random) -> list[Slot]:
    every = [
        Slot(datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN), OFFICE)
        for day, hour, minute in product(_days(), HOURS, QUARTERS)
    ]
    return rng.sample(every, min(count, len(every)))


def _days() -> list[date]:
    today = utc_now().astimezone(BERLIN).date()
    return [today + timedelta(days=ahead) for ahead in range(1, DAYS + 1)]
