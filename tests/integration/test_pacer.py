"""The lane's budget on a real Redis, asked by many at once."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from core import pacing
from core.looks import Budget
from core.quiet import QuietHours
from core.slots import utc_now
from workers import jobs, look, pacer
from workers.pacer import LEAST, WARM_BOOKING, Pacer, Wait
from workers.queue import Job


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
    assert (await lane.spent()).outstanding == sum(granted)


async def test_a_booking_may_use_the_reserve_and_a_look_may_not(lane: Pacer) -> None:
    granted = await lane.look(wanted=100)
    await lane.settle(granted=granted, used=granted, budget=None)

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
    with pytest.raises(Wait, match="out of reach"):
        await nobody.opens_in()
    await nobody.close()


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def test_looks_begin_in_a_rounds_first_seconds_and_again_after_the_silence(lane: Pacer) -> None:
    clock = Clock()
    here = replace(lane, clock=clock)
    granted = await here.look(wanted=LEAST)
    await here.settle(granted=granted, used=5, budget=None)
    assert await here.opens_in() == timedelta()

    clock.now += here.window
    left = await here.opens_in()
    with pytest.raises(Wait, match="keeps silent"):
        await here.look(wanted=LEAST)
    assert await here.look(wanted=LEAST, urgent=True) == LEAST
    await here.settle(granted=LEAST, used=0, budget=None)
    clock.now += left

    assert left == pacing.SILENCE - here.window
    assert await here.opens_in() == timedelta()
    assert await here.look(wanted=LEAST) == LEAST


async def test_who_waits_for_what_others_may_give_back_comes_again_soon(lane: Pacer) -> None:
    await lane.look(wanted=100)

    with pytest.raises(Wait, match="granted to others") as refused:
        await lane.look(wanted=LEAST)

    assert refused.value.retry_in == await lane.opens_in() == pacing.OTHERS_SETTLE


async def test_nothing_is_looked_at_in_quiet_hours_and_what_is_held_goes_on(lane: Pacer) -> None:
    clock = Clock()
    here = replace(lane, clock=clock, quiet_hours=QuietHours(time(8), time(9, 30)))  # in Munich it is nine

    with pytest.raises(Wait, match="quiet hours") as refused:
        await here.look(wanted=LEAST, urgent=True)

    assert refused.value.retry_in == await here.opens_in() == timedelta(minutes=30)
    assert await here.booking(warm=True) == WARM_BOOKING
    assert await here.errand(cost=5) == 5
    clock.now += timedelta(minutes=30)
    assert await here.opens_in() == timedelta()


async def test_what_a_killed_process_was_granted_comes_to_an_end_with_it(lane: Pacer) -> None:
    clock = Clock()
    killed, living = (replace(lane, clock=clock, owner=owner) for owner in ("killed", "living"))
    await killed.look(wanted=30)
    await living.look(wanted=LEAST)
    clock.now += timedelta(seconds=40)

    await living.bury(lambda owner: owner == "killed")

    spent = await living.spent()
    assert (spent.count, [grant.owner for grant in spent.grants]) == (30, ["living"])
    assert await living.look(wanted=LEAST) == LEAST, "looks may begin anew, since the silence must"


async def test_what_an_older_version_kept_is_read(lane: Pacer) -> None:
    kept = {"count": 42, "limit": 60, "last": utc_now().timestamp()}
    await lane.redis.set("mta:lane:main", json.dumps(kept))

    with pytest.raises(Wait):
        await lane.look(wanted=LEAST)
    await lane.settle(granted=30, used=3, budget=None)

    assert (await lane.spent()).count == 45


@pytest.mark.parametrize("kept", ["", "[1]", "{}", '{"count": 1, "limit": 60, "last": 1e300}'])
async def test_what_nobody_can_read_is_waited_out_in_silence(lane: Pacer, kept: str) -> None:
    clock = Clock()
    here = replace(lane, clock=clock)
    await here.redis.set("mta:lane:main", kept)

    with pytest.raises(Wait, match="keeps silent"):
        await here.look(wanted=LEAST, urgent=True)
    await here.settle(granted=0, used=1, budget=None)
    clock.now += pacing.SILENCE

    assert await here.look(wanted=LEAST) == LEAST


def test_a_grant_lasts_longer_than_what_it_is_given_for() -> None:
    limits = {entry.job: entry.limit for entry in jobs.TABLE}

    assert max(look.LIMIT, limits[Job.VERIFY]) < pacer.LOOK_LASTS
    assert max(limits[Job.BOOK], look.BOOKING_LIMIT) < pacer.BOOKING_LASTS
    assert max(limits[Job.CONFIRM], limits[Job.CANCEL]) < pacer.ERRAND_LASTS


async def test_an_offer_that_waits_for_its_person_lets_the_lane_fall_silent(lane: Pacer) -> None:
    clock = Clock()
    here = replace(lane, clock=clock)
    granted = await here.booking(warm=True, asks=True)

    clock.now += pacer.OFFER_LASTS + pacing.SILENCE
    assert await here.opens_in() == timedelta()
    assert await here.look(wanted=30) == 30
    await here.settle(granted=30, used=30, budget=None)
    await here.settle(granted=granted, used=10, budget=None)

    assert (await here.spent()).taken == 40
