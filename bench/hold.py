"""From the City's answer that shows a slot to its answer that keeps it for us: how long MTA takes, at both paces."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import Any, Final

from sqlmodel import Session

from bench.cast import Cast, Extra, Wanted
from bench.city import Asked
from bench.figures import Goal, percentile
from bench.stage import Scenery, Stage, staged
from core.looks import Answer
from core.slots import BERLIN, Slot, utc_now
from models import looks, watches

SERVICE: Final = "1064305"  # Fahrzeug abmelden, at one office and without the captcha box
OFFICE: Final = 102101
TIMINGS: Final = ("natural", "brisk")
GOALS: Final = {"natural": 1200.0, "brisk": 400.0}  # milliseconds at p95
RESERVE: Final = "reserve-appointment"
LOOK_EVERY: Final = "PT1S"
WARM_AFTER: Final = 2  # looks that saw nothing: the second one came upon the page of the first
ANY_MOMENT: Final = 1.5  # seconds after a warm look within which the slot is released
PATIENCE: Final = 90.0  # seconds
EVERY: Final = 0.05
DAYS: Final = 6  # of the office's seven
HOURS: Final = range(8, 15)
QUARTERS: Final = (0, 15, 30, 45)

Heard = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """`repetitions` at each pace in each of the `runs`, which take turns."""

    repetitions: int
    runs: int


@dataclass(frozen=True, slots=True)
class Played:
    """Milliseconds by pace; `missed` counts the slots of which no hold came."""

    taken: dict[str, list[float]]
    missed: dict[str, int]
    seconds: float


async def play(scenery: Scenery, plan: Plan, *, heard: Heard) -> Played:
    began = time.monotonic()
    taken: dict[str, list[float]] = {timing: [] for timing in TIMINGS}
    missed = dict.fromkeys(TIMINGS, 0)
    for run, timing in product(range(plan.runs), TIMINGS):
        own = replace(
            scenery,
            folder=scenery.folder / f"{timing}{run + 1}",
            timing=timing,
            look_every=LOOK_EVERY,
            seed=scenery.seed + run,
        )
        waits = await _played(own, plan.repetitions)
        taken[timing] += [wait for wait in waits if wait is not None]
        missed[timing] += waits.count(None)
        heard(
            f"run {run + 1}  {timing:<8} " + " ".join("-" if wait is None else f"{wait:.0f}" for wait in waits) + " ms"
        )
    return Played(taken, missed, time.monotonic() - began)


def told(played: Played, scenery: Scenery, plan: Plan) -> dict[str, Any]:
    """What the JSON says."""
    return {
        **{timing: _spread(waits) | {"missed": played.missed[timing]} for timing, waits in played.taken.items()},
        "waits": {timing: [round(wait, 1) for wait in waits] for timing, waits in played.taken.items()},
        "goals": GOALS,
        "runs": plan.runs,
        "repetitions": plan.repetitions,
        "dialect": scenery.dialect,
        "page": "the City's own" if scenery.frontend else "practice",
        "seed": scenery.seed,
        "seconds": round(played.seconds, 1),
    }


def goals(told: dict[str, Any]) -> list[Goal]:
    return [
        Goal(f"answer shows the slot → hold, {timing}, ms at p95", told[timing]["p95"], most)
        for timing, most in GOALS.items()
    ]


def wait_for_hold(asked: Sequence[Asked], *, since: datetime) -> float | None:
    """Milliseconds from the first answer since then that offered something to the reservation that followed."""
    shown = next((one.at for one in asked if one.at >= since and one.offered), None)
    if shown is None:
        return None
    held = next((one.at for one in asked if one.endpoint == RESERVE and one.good and one.at >= shown), None)
    return (held - shown).total_seconds() * 1000 if held else None


async def _played(scenery: Scenery, repetitions: int) -> list[float | None]:
    rng = random.Random(scenery.seed)
    async with staged(scenery) as stage:
        cast = Cast(stage, seed=scenery.seed, timed=False)
        life = asyncio.create_task(cast.play())
        try:
            return [await _one(stage, cast, slot, rng) for slot in islice(_slots(rng), repetitions)]
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)


async def _one(stage: Stage, cast: Cast, slot: Slot, rng: random.Random) -> float | None:
    """Somebody waits, a page stands warm with nothing to show, the slot comes, and it is theirs or not."""
    extra = await cast.ask(Wanted((OFFICE,), _days(), service=SERVICE))
    await _until_warm(stage, extra)
    await asyncio.sleep(rng.uniform(0, ANY_MOMENT))
    released = utc_now()
    await stage.truth.release([slot])
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await extra.rested.wait()
    return wait_for_hold(await stage.truth.asked(), since=released)


async def _until_warm(stage: Stage, extra: Extra) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await stage.kept.database.read(lambda session: _seen_nothing(session, extra)) >= WARM_AFTER:
                return
            await asyncio.sleep(EVERY)


def _seen_nothing(session: Session, extra: Extra) -> int:
    target_id = watches.get(session, extra.watch_id).target_id
    lately = looks.latest(session, target_id)
    return sum(one.answer is Answer.NONE and one.started_at >= extra.asked_at for one in lately)


def _slots(rng: random.Random) -> list[Slot]:
    """Never the same twice: what one repetition has booked stays booked."""
    first, last = _days()
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    every = [
        Slot(datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN), OFFICE)
        for day, hour, minute in product(days, HOURS, QUARTERS)
    ]
    return rng.sample(every, len(every))


def _days() -> tuple[date, date]:
    today = utc_now().astimezone(BERLIN).date()
    return today + timedelta(days=1), today + timedelta(days=DAYS)


def _spread(waits: Sequence[float]) -> dict[str, Any]:
    if not waits:
        return {"count": 0, "p50": None, "p95": None}
    return {"count": len(waits), "p50": round(percentile(waits, 50), 1), "p95": round(percentile(waits, 95), 1)}
