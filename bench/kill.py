"""Rounds of a person who is booked for, while a random part of MTA is killed at a random moment."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Final

from bench import processes, verdict
from bench.cast import Cast, Extra, Wanted
from bench.city import CityAppointment
from bench.figures import spread
from bench.processes import Victim
from bench.stage import Scenery, Stage, staged
from bench.verdict import Findings, RowFacts
from core.bookings import BookingState
from core.errors import MtaError
from core.slots import BERLIN, utc_now
from models import bookings

OFFICES: Final = (10489, 102522, 54261)  # Bürgerbüros Ruppertstraße, Orleansplatz, Pasing
LONGER: Final = 1.1  # a tenth of the kills fall after the usual end
PATIENCE: Final = 25 * 60.0  # seconds until a person counts as stuck: a hold that may exist is waited out
FOUND_WITHIN: Final = 10.0  # seconds for the victim to be there at all
EVERY: Final = 0.1  # seconds between two glances at whether all is at rest
A_MOMENT: Final = 1.0  # seconds; a notice is told twice a second
_SATURDAY: Final = 5
_DAYS: Final = 20  # working days the wishes are spread over

Heard = Callable[["Round"], None]


class NeverAtRest(MtaError):
    """A booking stayed unsettled for longer than anything should."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`warm_ups` are rounds without a kill, at least one, which say how long a round usually takes."""

    rounds: int
    warm_ups: int = 3


@dataclass(slots=True)
class Round:
    """`state` is where the booking stood when the kill fell, `looking` before there was one. Milliseconds, seconds."""

    number: int
    victim: Victim
    extra: Extra
    at_ms: int = 0
    state: str = ""
    ended: str = ""
    bookings: int = 0
    seconds: float = 0.0
    findings: Findings = field(default_factory=Findings)

    def told(self) -> dict[str, Any]:
        return {
            "round": self.number,
            "killed": str(self.victim),
            "at_ms": self.at_ms,
            "state": self.state,
            "ended": self.ended,
            "bookings": self.bookings,
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True, slots=True)
class Played:
    """`hold_windows` are milliseconds from the City's reservation to our row being seen as held."""

    rounds: tuple[Round, ...]
    findings: Findings
    possible_holds: dict[str, int]
    hold_windows: tuple[float, ...]
    seconds: float


def kills(rounds: int, *, seed: int) -> list[tuple[Victim, float]]:
    """What is killed in each round, and after which share of the time that a round usually takes."""
    rng = random.Random(seed)
    return [(rng.choice(list(Victim)), rng.random()) for _ in range(rounds)]


async def play(scenery: Scenery, plan: Plan, *, heard: Heard) -> Played:
    started = time.monotonic()
    async with staged(scenery) as stage:
        cast = Cast(stage, seed=scenery.seed, timed=True)
        life = asyncio.create_task(cast.play())
        try:
            played = await _first_of(_rounds(stage, cast, plan, seed=scenery.seed, heard=heard), life)
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
        rows, city = await _books(stage)
        last = await _judged(stage)
    return Played(
        rounds=tuple(played),
        findings=reduce(or_, (one.findings for one in played), last),
        possible_holds=verdict.possible_holds(rows, city),
        hold_windows=_windows(rows, city, cast),
        seconds=time.monotonic() - started,
    )


def told(played: Played, scenery: Scenery) -> dict[str, Any]:
    """What the JSON says."""
    rounds = played.rounds
    return {
        "rounds": len(rounds),
        **played.findings.counts(),
        **played.possible_holds,
        "confirmed": sum(one.extra.ended == BookingState.CONFIRMED for one in rounds),
        "stuck": sum(not one.extra.ended for one in rounds),
        "seconds": round(played.seconds, 1),
        "hold_window_ms": spread(played.hold_windows),
        "by_victim": dict(Counter(str(one.victim) for one in rounds)),
        "by_state": dict(Counter(one.state for one in rounds)),
        "by_end": dict(Counter(one.ended for one in rounds)),
        "dialect": scenery.dialect,
        "frontend": str(scenery.frontend or "practice page"),
        "database": "postgresql" if scenery.database_url.startswith("postgres") else "sqlite",
        "seed": scenery.seed,
        "kills": [one.told() for one in rounds],
    }


async def _rounds(stage: Stage, cast: Cast, plan: Plan, *, seed: int, heard: Heard) -> list[Round]:
    expected = min([await _warm_up(cast, -number) for number in range(plan.warm_ups)]) * LONGER
    played = []
    for number, (victim, share) in enumerate(kills(plan.rounds, seed=seed), start=1):
        moment = share * expected
        one = await _round(stage, cast, number=number, victim=victim, moment=moment)
        heard(one)
        played.append(one)
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(one.extra.rested.wait() for one in played))
    for one in played:
        await _conclude(stage, one)
    return played


async def _warm_up(cast: Cast, number: int) -> float:
    began = time.monotonic()
    extra = await cast.ask(_wish(number))
    async with asyncio.timeout(PATIENCE):
        await extra.rested.wait()
    return time.monotonic() - began


async def _round(stage: Stage, cast: Cast, *, number: int, victim: Victim, moment: float) -> Round:
    """Ask, kill at that moment, and wait until the person is at rest and what was killed is back."""
    began = time.monotonic()
    one = Round(number, victim, await cast.ask(_wish(number)))
    await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
    readied = 0 if victim is Victim.BROWSER else await asyncio.to_thread(stage.crew.readied, str(victim))
    one.state = await _stands(stage, one.extra)
    await _strike(victim)
    one.at_ms = round((time.monotonic() - began) * 1000)
    if victim is not Victim.BROWSER:
        await stage.crew.until_readied(str(victim), readied)
    resting = [asyncio.create_task(event.wait()) for event in (one.extra.rested, one.extra.parked)]
    await asyncio.wait(resting, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    for task in resting:
        task.cancel()
    one.findings = await _judged(stage)
    one.seconds = time.monotonic() - began
    await _conclude(stage, one)
    return one


async def _judged(stage: Stage) -> Findings:
    """At rest; what is found has to be there still a moment later, for the books are two and read one after another."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if await stage.kept.database.read(verdict.at_rest):
            found = verdict.judge(*await _books(stage))
            await asyncio.sleep(A_MOMENT if found else 0)
            if not found or await stage.kept.database.read(verdict.at_rest):
                return found & verdict.judge(*await _books(stage))
        await asyncio.sleep(EVERY)
    raise NeverAtRest(f"A booking was under way for {PATIENCE:.0f} s.")


async def _books(stage: Stage) -> tuple[list[RowFacts], list[CityAppointment]]:
    city = await stage.truth.appointments()
    return await stage.kept.database.read(lambda session: verdict.facts(session, stage.kept.keyring)), city


async def _strike(victim: Victim) -> None:
    """A browser that is being started, or a role that is, is waited for: a kill must kill."""
    async with asyncio.timeout(FOUND_WITHIN):
        while not processes.strike(victim):  # noqa: ASYNC110 - /proc wakes nobody
            await asyncio.sleep(0.01)


async def _conclude(stage: Stage, one: Round) -> None:
    own = await stage.kept.database.read(lambda session: bookings.list(session, person_id=one.extra.person_id))
    one.bookings = len(own)
    if one.extra.parked.is_set():
        one.ended = "confirmed after a possible hold" if one.extra.ended else "possible hold, waiting"
    elif not one.extra.ended:
        one.ended = "stuck"
    else:
        one.ended = one.extra.ended if len(own) == 1 else f"{one.extra.ended} at another try"


async def _stands(stage: Stage, extra: Extra) -> str:
    own = await stage.kept.database.read(lambda session: bookings.list(session, person_id=extra.person_id))
    return str(own[-1].state) if own else "looking"


def _wish(number: int) -> Wanted:
    """Each a day of its own, so that a look asks for few times and nobody's slots run out."""
    today = utc_now().astimezone(BERLIN).date()
    coming = (today + timedelta(days=away) for away in range(2, 60))
    days: list[date] = list(islice((day for day in coming if day.weekday() < _SATURDAY), _DAYS))
    day = days[number % len(days)]
    return Wanted(offices=OFFICES, days=(day, day))


def _windows(rows: Sequence[RowFacts], city: Sequence[CityAppointment], cast: Cast) -> tuple[float, ...]:
    reserved = {one.process_id: one.reserved_at for one in city}
    pairs = [
        (reserved[row.process_id], cast.held_seen[row.booking_id])
        for row in rows
        if row.process_id in reserved and row.booking_id in cast.held_seen
    ]
    return tuple((seen - at).total_seconds() * 1000 for at, seen in pairs)


async def _first_of(story: Any, life: asyncio.Task[None]) -> list[Round]:
    """The rounds to their end, unless what plays the people breaks before."""
    rounds = asyncio.ensure_future(story)
    await asyncio.wait({rounds, life}, return_when=asyncio.FIRST_COMPLETED)
    if life.done():
        rounds.cancel()
        life.result()
    result: list[Round] = await rounds
    return result
