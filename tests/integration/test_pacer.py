"""The lane's budget on a real Redis, asked by many at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core import pacing
from core.looks import Budget
from core.slots import utc_now
from workers import pacer
from workers.pacer import LEAST, Pacer, Wait


@pytest.fixture
async def lane(fresh_redis_url: str) -> AsyncIterator[Pacer]:
    pacing_lane = pacer.connect(fresh_redis_url, lane="main", reserve=12)
    yield pacing_lane
    await pacing_lane.close()


async def test_workers_that_ask_at_once_get_no_more_than_there_is(lane: Pacer, fresh_redis_url: str) -> None:
    others = [pacer.connect(fresh_redis_url, lane="main", reserve=12) for _ in range(8)]

    async def ask(one: Pacer) -> int:
        total = 0
        for _ in range(5):
            try:
                total += await one.look(wanted=LEAST)
            except Wait:
                return total
        return total

    granted = await asyncio.gather(*(ask(one) for one in others))
    for one in others:
        await one.close()

    assert sum(granted) == (60 - 12) // LEAST * LEAST
    assert (await lane.spent()).count == sum(granted)


async def test_a_booking_may_use_the_reserve_and_a_look_may_not(lane: Pacer) -> None:
    await lane.look(wanted=100)

    with pytest.raises(Wait) as refused:
        await lane.look(wanted=LEAST)
    assert await lane.booking(warm=False) == 12
    with pytest.raises(Wait):
        await lane.booking(warm=False)

    assert timedelta(seconds=55) < refused.value.retry_in <= pacing.SILENCE


async def test_an_errand_may_use_the_reserve_too(lane: Pacer) -> None:
    await lane.look(wanted=100)

    assert [await lane.errand(cost=5) for _ in range(2)] == [5, 5]
    with pytest.raises(Wait):
        await lane.errand(cost=5)
    assert await lane.errand(cost=2) == 2


async def test_what_the_city_says_of_the_budget_holds_for_all_workers(lane: Pacer, fresh_redis_url: str) -> None:
    other = pacer.connect(fresh_redis_url, lane="main", reserve=12)
    granted = await lane.look(wanted=LEAST)
    await lane.settle(granted=granted, used=5, budget=Budget(limit=60, remaining=13, resets_at=utc_now()))

    with pytest.raises(Wait):
        await other.look(wanted=LEAST)
    await other.close()


async def test_another_lane_has_a_budget_of_its_own(lane: Pacer, fresh_redis_url: str) -> None:
    other = pacer.connect(fresh_redis_url, lane="second", reserve=12)
    await lane.look(wanted=100)

    assert await other.look(wanted=LEAST) == LEAST
    await other.close()


async def test_a_redis_out_of_reach_lets_nobody_ask() -> None:
    nobody = pacer.connect("redis://127.0.0.1:1/0", lane="main", reserve=12)

    with pytest.raises(Wait, match="out of reach"):
        await nobody.look(wanted=LEAST)
    await nobody.close()
