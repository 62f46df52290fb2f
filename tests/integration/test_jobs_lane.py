"""The kill switch and the resting lane, with a real worker: nothing new leaves, and what is held is finished."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from core.looks import Answer
from core.slots import Slot, utc_now
from models import lanes
from rehearsal.settings import Dialect
from tests.jobs_fixtures import LANE, Works
from tests.portal_fixtures import moment
from tests.rehearsal_fixtures import KFZ

S = BookingState
HOUR = timedelta(hours=1)


@pytest.fixture
def generation() -> Dialect:
    return Dialect.AUG


@pytest.fixture(autouse=True)
async def slot(works: Works) -> Slot:
    """One that is free, and nothing else."""
    slot = Slot(moment(2, 9), KFZ)
    await works.town.offer(KFZ, slot.starts_at)
    return slot


async def pause(works: Works) -> None:
    await works.database.act(lambda session: lanes.pause(session, LANE, reason="holidays"))


async def resume(works: Works) -> None:
    await works.database.act(lambda session: lanes.resume(session, LANE))


async def rested_answer(works: Works) -> str | None:
    """What the lane rests from."""
    found = await works.database.read(lanes.list)
    return next((lane.trouble for lane in found), None)


async def test_a_paused_lane_looks_at_nothing_and_begins_no_booking(works: Works, slot: Slot) -> None:
    watch = await works.watch()
    booking_id = await works.wanted(watch, slot)
    await pause(works)
    before = await works.town.requests()

    await works.look(watch)
    await works.book(booking_id)
    await works.reconcile()

    assert await works.town.requests() == before
    assert await works.states() == [S.WANTED]
    assert (await works.runtime.pacer.spent()).taken == 0
    await resume(works)
    await works.reconcile()
    assert await works.states() == [S.PRECONFIRMED]


async def test_a_hold_is_given_back_on_a_paused_lane(works: Works, slot: Slot) -> None:
    watch = await works.watch()
    booking_id = await works.wanted(watch, slot)
    await works.walk(booking_id, S.HELD)
    await pause(works)

    await works.reconcile()

    assert await works.live_at_the_city() == []
    assert await works.states() == [S.RELEASED, S.WANTED]  # the same slot, once the lane is resumed
    asked = await works.town.requests()
    await works.reconcile()
    assert await works.town.requests() == asked


async def test_a_preconfirmed_booking_is_confirmed_on_a_paused_lane(works: Works) -> None:
    watch = await works.watch()
    await works.look(watch)
    [row] = await works.bookings()
    await pause(works)

    await works.confirm(row.id)

    assert (await works.states(), await works.town.statuses()) == ([S.CONFIRMED], ["confirmed"])


async def test_an_appointment_is_cancelled_on_a_paused_lane(works: Works) -> None:
    watch = await works.watch()
    await works.look(watch)
    [row] = await works.bookings()
    await works.change(row.id, cancel_asked_at=utc_now())
    await pause(works)

    works.runtime.queue.cancel(row.id)
    await works.rest()

    assert (await works.states(), await works.live_at_the_city()) == ([S.CANCELLED], [])


async def test_a_booking_that_is_asked_to_wait_makes_the_whole_lane_wait(works: Works) -> None:
    watch = await works.watch()
    await works.town.also("throttled:reserve-appointment#1")
    await works.look(watch)
    asked = await works.town.requests()

    await works.look(watch)

    assert await works.town.requests() == asked
    assert await rested_answer(works) == Answer.THROTTLED


async def test_a_site_under_maintenance_is_probed_by_one_target_after_half_a_minute(works: Works) -> None:
    watch = await works.watch()
    await works.town.moods("maintenance:offices-and-services#1")
    await works.look(watch)
    asked = len(await works.town.requests())
    await works.look(watch)
    assert len(await works.town.requests()) == asked
    assert await rested_answer(works) == Answer.MAINTENANCE

    await over(works)
    await works.database.act(lambda session: lanes.admits(session, LANE, target_id=0, lease=HOUR, now=utc_now()))
    await works.look(watch)
    assert len(await works.town.requests()) == asked, "another target's probe is under way"
    await works.database.act(lambda session: lanes.probe_over(session, LANE, target_id=0))
    await works.look(watch)
    assert len(await works.town.requests()) > asked
    assert await rested_answer(works) is None


async def over(works: Works) -> None:
    """The lane's rest, as time would end it."""

    def end(session: Session) -> None:
        lane = lanes.ensure_known(session, LANE)
        lane.breaker_until = lane.tripped_at = utc_now() - timedelta(seconds=1)

    await works.database.act(end)
