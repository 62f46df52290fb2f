"""A whole day of a lane, on a clock that jumps from one event to the next.

Two workers, twelve targets, bookings strewn in, some deaths. The budget is kept in a real Redis, and the practice
city's own counter says whether it was kept.
"""

import heapq
import itertools
import random
import statistics
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial

import pytest

from core import pacing
from core.cadence import Cadence, Pace, ReleaseWindow
from core.looks import Answer, Budget
from core.slots import BERLIN
from portal.wire import budget_of
from rehearsal.limiter import Limiter
from workers import pacer
from workers.pacer import LEAST, LEAST_WARM, LOOK_LASTS, Pacer, Wait
from workers.queue import LOOK_CLAIM as CLAIM
from workers.scheduler import Rhythm

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=BERLIN)  # a Tuesday
PACE = Pace(interval=65 * SECOND)
TUESDAY = MIDNIGHT.weekday()
BUERGERBUERO = Cadence(
    tuple(ReleaseWindow(frozenset({TUESDAY}), time(start), time(end), "published") for start, end in ((7, 8), (9, 11)))
)
TARGETS, DENSE_TARGETS = 12, 4
COLD = 0.15  # of the looks find no page that stands
SHARE = (60 - 15) // TARGETS  # of a round's budget
ADDRESS = "203.0.113.7"

Act = Callable[[], Awaitable[None]]


@dataclass
class Target:
    cadence: Cadence
    due: datetime
    was_due: datetime = MIDNIGHT
    seen: list[datetime] = field(default_factory=list)

    def gaps(self) -> list[timedelta]:
        return [later - one for one, later in itertools.pairwise(self.seen)]


class Day:
    """What happens when; `now` jumps to it."""

    def __init__(self, workers: list[Pacer]) -> None:
        self.now = MIDNIGHT
        self.rng = random.Random(24)
        self.workers = [replace(one, clock=lambda: self.now) for one in workers]
        self.city = Limiter(limit=60, window=MINUTE)
        self.targets = [Target(BUERGERBUERO if n < DENSE_TARGETS else Cadence(), self.now) for n in range(TARGETS)]
        self.lane = BUERGERBUERO
        self.tally: Counter[str] = Counter()
        self.last_asked = self.now - 2 * MINUTE
        self.waits: list[timedelta] = []
        self._agenda: list[tuple[datetime, int, Act]] = []
        self._number = itertools.count()

    def at(self, moment: datetime, act: Act) -> None:
        heapq.heappush(self._agenda, (moment, next(self._number), act))

    async def pass_by(self) -> None:
        self.at(self.now, self.schedule)
        for _ in range(60):
            self.at(MIDNIGHT + self.rng.random() * timedelta(days=1), self.begin_booking)
        for _ in range(30):
            self.at(MIDNIGHT + (7 + self.rng.random() * 4) * 60 * MINUTE, self.begin_booking)
        while self._agenda and self._agenda[0][0] < MIDNIGHT + timedelta(days=1):
            self.now, _, act = heapq.heappop(self._agenda)
            await act()

    async def schedule(self) -> None:
        """As the scheduler does each second; where nothing can happen the clock jumps on."""
        rest = self.lane.hush(self.now) or await self.workers[0].opens_in()
        due = sorted((one for one in self.targets if one.due <= self.now), key=lambda one: one.due)
        if not rest:
            for target in due[: Rhythm().most_at_once]:
                target.was_due, target.due = target.due, self.now + CLAIM
                self.at(self.now + self.rng.random() * SECOND, partial(self.look, target))
        until_due = min(one.due for one in self.targets) - self.now
        self.at(self.now + max(rest, until_due, SECOND), self.schedule)

    async def look(self, target: Target) -> None:
        worker, cold = self.rng.choice(self.workers), self.rng.random() < COLD
        least = LEAST if cold else LEAST_WARM
        try:
            granted = await worker.look(wanted=max(least, SHARE), least=least, dense=target.cadence.dense_at(self.now))
        except Wait:
            self.tally["looks put off"] += 1
            target.due = target.was_due
            return
        target.seen.append(self.now)
        asks = self.rng.randint(least - cold, granted)

        def over() -> None:
            target.due = target.cadence.next_look(self.now, Answer.NONE, PACE, rng=self.rng)

        self.ask(worker, asks, granted=granted, over=over, mortal=True)

    async def begin_booking(self) -> None:
        wanted_at, worker, warm = self.now, self.rng.choice(self.workers), self.rng.random() < 0.7

        async def confirm() -> None:
            await self.granted_at_last(
                lambda: worker.errand(cost=5), lambda granted: self.ask(worker, 5, granted=granted)
            )

        def book(granted: int) -> None:
            self.waits.append(self.now - wanted_at)
            self.tally["bookings"] += 1
            self.ask(worker, granted, granted=granted)
            self.at(self.now + self.rng.uniform(0.5, 20) * MINUTE, confirm)

        await self.granted_at_last(lambda: worker.booking(warm=warm), book)

    async def granted_at_last(self, ask: Callable[[], Awaitable[int]], act: Callable[[int], None]) -> None:
        try:
            act(await ask())
        except Wait as wait:
            self.tally["bookings put off"] += 1
            self.at(self.now + wait.retry_in, lambda: self.granted_at_last(ask, act))

    def ask(
        self,
        worker: Pacer,
        times: int,
        *,
        granted: int,
        over: Callable[[], None] = lambda: None,
        mortal: bool = False,
    ) -> None:
        """So many requests in the next seconds, then the account; a mortal one may die over it."""
        dies_after = self.rng.randrange(times) if mortal and self.rng.random() < 0.002 else None
        budget: list[Budget | None] = [None]

        async def request() -> None:
            budget[0] = self.request() or budget[0]

        async def settle() -> None:
            await worker.settle(granted=granted, used=times, budget=budget[0])
            over()

        moment = self.now
        for number in range(times):
            if number == dies_after:
                self.tally["deaths"] += 1
                return
            moment += self.rng.uniform(0.05, 0.9) * SECOND
            self.at(moment, request)
        self.at(moment + self.rng.uniform(0, 0.5) * SECOND, settle)

    def request(self) -> Budget | None:
        if self.now - self.last_asked >= MINUTE:
            self.tally["rounds"] += 1
        self.last_asked = self.now
        if not self.city.accept(ADDRESS, now=self.now):
            self.tally["refused"] += 1
            return None
        self.tally["requests"] += 1
        self.tally["fullest round"] = max(self.tally["fullest round"], self.city.counts(now=self.now)[ADDRESS])
        return budget_of({name.lower(): told for name, told in self.city.headers(ADDRESS, now=self.now).items()})


@pytest.fixture
async def day(fresh_redis_url: str) -> Day:
    workers = [pacer.connect(fresh_redis_url, lane="main", reserve=15) for _ in range(2)]
    day = Day(workers)
    await day.pass_by()
    for worker in workers:
        await worker.close()
    return day


async def test_a_day_of_rounds_is_never_refused_and_starves_nobody(day: Day) -> None:
    dense, beside = day.targets[:DENSE_TARGETS], day.targets[DENSE_TARGETS:]
    hourly = {
        "while slots are expected": rate(dense, expected=True),
        "of the others then": rate(beside, expected=True),
        "of all else": rate(day.targets, expected=False),
    }
    longest = max(gap for target in day.targets for gap in target.gaps())
    print(f"\n24 hours: {sum(len(target.seen) for target in day.targets)} looks, {dict(day.tally)}")  # noqa: T201
    print(f"looks an hour at a target: {hourly}; longest gap {longest}")  # noqa: T201
    print(f"bookings waited: median {statistics.median_high(day.waits)}, longest {max(day.waits)}")  # noqa: T201

    assert day.tally["refused"] == 0
    assert day.tally["requests"] > 30_000
    assert day.tally["fullest round"] <= 60
    assert (day.tally["bookings"], day.tally["deaths"] > 10) == (90, True)
    assert max(day.waits) <= 2 * pacing.SILENCE
    assert hourly["while slots are expected"] > 1.25 * hourly["of the others then"]
    assert hourly["of the others then"] > 0.75 * hourly["of all else"]
    assert longest < CLAIM + LOOK_LASTS + 2 * pacing.SILENCE, "the longest after a death"


def rate(targets: list[Target], *, expected: bool) -> float:
    """Looks an hour at each, in the hours in which new slots are expected for some, or in the others."""
    looks = sum(BUERGERBUERO.dense_at(moment) is expected for target in targets for moment in target.seen)
    return round(looks / len(targets) / (3 if expected else 21), 1)
