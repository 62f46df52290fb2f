"""Several workers of one lane at once, each a process, on a real Redis and the practice city's own limiter.

The city's clock runs fast, and the workers' clocks with it.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from portal.wire import budget_of
from rehearsal.settings import Dialect
from tests.models_cast import Race
from tests.rehearsal_fixtures import API, OpenCity
from workers import pacer
from workers.pacer import Pacer, Wait

SPEED = 60.0
LASTS = timedelta(minutes=10)  # by the city's clock
MINUTE = timedelta(minutes=1)
PAGES = 2  # of each worker
ADDRESS = {"X-Forwarded-For": "203.0.113.7"}


@dataclass(frozen=True)
class Clock:
    """The city's, in any process: the kernel's own clock is the same in all."""

    city: datetime
    kernel: float

    def __call__(self) -> datetime:
        return self.city + timedelta(seconds=(time.monotonic() - self.kernel) * SPEED)


class Worker:
    def __init__(self, lane: Pacer, http: httpx.AsyncClient, *, number: int) -> None:
        self._lane, self._http, self._rng = lane, http, random.Random(number)
        self._mortal = number == 0
        self.tally: Counter[str] = Counter()

    async def work(self, until: datetime) -> None:
        while self._lane.clock() < until:
            try:
                if self._rng.random() < 0.1:
                    await self._ask("booking", await self._lane.booking(warm=self._rng.random() < 0.5))
                else:
                    await self._ask("look", await self._lane.look(wanted=self._rng.randint(2, 30), least=2))
            except Wait as wait:
                self.tally["waits"] += 1
                await asyncio.sleep(wait.retry_in.total_seconds() / SPEED)

    async def _ask(self, kind: str, granted: int) -> None:
        """Some or all of it; a mortal one dies over its first."""
        self.tally[kind] += 1
        used, budget = self._rng.randint(1, granted), None
        for _ in range(used):
            answer = await self._http.get(f"{API}/captcha-details/")
            self.tally[str(answer.status_code)] += 1
            budget = budget_of(dict(answer.headers)) or budget
        if self._mortal:
            self._mortal = False
            return
        await self._lane.settle(granted=granted, used=used, budget=budget)


def process(number: int, redis_url: str, city_url: str, clock: Clock) -> Counter[str]:
    """One of several, with as many pages at once as a worker may have."""

    async def pages() -> Counter[str]:
        lane, until = replace(pacer.connect(redis_url, lane="main", reserve=15), clock=clock), clock() + LASTS
        async with httpx.AsyncClient(base_url=city_url, headers=ADDRESS, trust_env=False) as http:
            workers = [Worker(lane, http, number=PAGES * number + page) for page in range(PAGES)]
            await asyncio.gather(*(one.work(until) for one in workers))
        await lane.close()
        return sum((one.tally for one in workers), Counter())

    return asyncio.run(pages())


@pytest.fixture
async def journal(open_city: OpenCity, fresh_redis_url: str, race: Race) -> list[dict[str, Any]]:
    """What the city noted of ten minutes with three workers."""
    visitor = await open_city(Dialect.AUG, speed=SPEED)
    clock = Clock(visitor.running.city.clock.now(), time.monotonic())
    tallies = await asyncio.to_thread(race, process, fresh_redis_url, visitor.url, clock)
    print("\n", *(dict(tally) for tally in tallies), sep="\n")  # noqa: T201
    assert all(tally["look"] > 0 for tally in tallies)
    return [one for one in await visitor.look("requests") if one["client"] == ADDRESS["X-Forwarded-For"]]


async def test_workers_of_one_lane_never_ask_more_than_the_city_takes(journal: list[dict[str, Any]]) -> None:
    statuses = Counter(one["status"] for one in journal)
    moments = sorted(datetime.fromisoformat(one["at"]).astimezone(UTC) for one in journal)

    assert set(statuses) == {200}
    assert statuses[200] > 100
    assert max(without_silence(moments)) <= 60


def without_silence(moments: list[datetime]) -> list[int]:
    """How many requests each stretch had in which no minute was silent."""
    stretches = [0]
    for before, moment in zip([moments[0], *moments], moments, strict=False):
        if moment - before >= MINUTE:
            stretches.append(0)
        stretches[-1] += 1
    return stretches
