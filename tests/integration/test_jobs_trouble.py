"""What goes wrong on the way, and how a booking comes to rest: nothing clicked twice, no hold forgotten."""

from datetime import timedelta

import pytest

from core.bookings import BookingState
from core.contact import Contact
from core.slots import Slot, utc_now
from models import bookings, slots_seen, targets
from models.booking import Booking
from models.watch import WatchState
from rehearsal.settings import Dialect
from tests.jobs_fixtures import Works, until
from tests.portal_fixtures import ANNA, moment
from tests.rehearsal_fixtures import KFZ

S = BookingState
BEN = Contact("Ben", "Oberhuber", "ben.oberhuber@example.org")
QUARTER = timedelta(minutes=15)


@pytest.fixture
def generation() -> Dialect:
    return Dialect.AUG


@pytest.fixture
def slots() -> list[Slot]:
    return [Slot(moment(2, hour), KFZ) for hour in (9, 10, 11)]


async def test_a_slot_that_is_gone_gives_way_to_the_next_best_at_once(works: Works, slots: list[Slot]) -> None:
    await works.town.offer(KFZ, *(slot.starts_at for slot in slots))
    await works.town.also("gone#1")
    watch = await works.watch()
    await works.look(watch)
    assert [(one.state, one.slot) for one in await works.bookings()] == [(S.LOST, slots[0]), (S.PRECONFIRMED, slots[1])]
    assert await works.told(watch) == ["booking.preconfirmed"]
    assert await works.town.statuses() == ["preconfirmed"]
    fresh = await works.database.read(lambda session: slots_seen.fresh(session, watch.target_id, since=moment(-1, 0)))
    assert list(fresh) == slots[1:]


async def test_a_next_best_slot_that_is_somebody_elses_is_passed_over(works: Works, slots: list[Slot]) -> None:
    await works.town.offer(KFZ, *(slot.starts_at for slot in slots))
    await works.town.also("gone#1")
    watch, _ = await works.watch(), await works.watch(BEN)
    await works.look(watch)
    ended = [(one.state, one.slot) for one in await works.bookings()]
    assert sorted(state for state, _ in ended) == [S.LOST, S.PRECONFIRMED, S.PRECONFIRMED]
    assert len({slot for _, slot in ended}) == 3
    assert await works.town.statuses() == ["preconfirmed", "preconfirmed"]


async def test_when_nothing_is_left_the_person_is_told_and_it_is_looked_soon(works: Works, slots: list[Slot]) -> None:
    await works.town.offer(KFZ, slots[0].starts_at)
    await works.town.also("gone#1")
    watch = await works.watch()
    await works.look(watch)
    assert (await works.states(), await works.told(watch)) == ([S.LOST], ["booking.lost"])
    target = await works.database.read(lambda session: targets.get(session, watch.target_id))
    assert target.next_look_at is not None
    assert target.next_look_at <= utc_now()


async def test_a_watch_that_was_stopped_meanwhile_takes_no_other_slot(works: Works, slots: list[Slot]) -> None:
    await works.town.offer(KFZ, *(slot.starts_at for slot in slots))
    await works.town.also("gone#1", "slow=1:reserve-appointment#1")
    watch = await works.watch()
    works.runtime.queue.look(watch.target_id)
    await until(lambda: reached(works, S.HOLDING))
    await works.stop(watch)
    await works.rest()
    assert await works.states() == [S.LOST]


# Uncounted, for one click is several calls: the browser sends a call again by itself, on each connection it kept,
# when that breaks before any answer.
LOST = ["network-drop:reserve-appointment", "renamed-field:reserve-appointment#1"]


@pytest.mark.parametrize("mood", LOST, ids=["no-answer", "unknown-answer"])
async def test_an_answer_lost_on_the_hold_is_dated_told_and_waited_out(
    works: Works, slots: list[Slot], mood: str
) -> None:
    await works.town.offer(KFZ, *(slot.starts_at for slot in slots))
    await works.town.also(mood)
    watch = await works.watch()
    await works.look(watch)
    clicks = await works.asked("reserve-appointment")
    await works.reconcile()
    await works.reconcile()
    [row] = await works.bookings()
    assert (row.state, row.reason) == (S.HOLDING, "possible-hold")
    assert row.deadline_at is not None
    assert row.deadline_at > row.moved_at + QUARTER
    [notice] = await works.notices(watch)
    assert (notice.kind, notice.facts["until"]) == ("booking.possible_hold", row.deadline_at.isoformat())
    assert await works.town.statuses() == ["reserved"]

    await works.town.visitor.pass_time(minutes=(row.deadline_at - utc_now()) / timedelta(minutes=1))
    await works.change(row.id, deadline_at=utc_now())
    await works.reconcile()
    assert (await works.states(), await works.live_at_the_city()) == ([S.EXPIRED], [])
    assert await works.told(watch) == ["booking.possible_hold", "booking.expired"]
    assert await works.asked("reserve-appointment") == clicks


@pytest.mark.parametrize("mood", ["throttled", "maintenance"])
async def test_a_hold_that_the_city_did_not_take_up_is_told_and_leaves_none(
    works: Works, slots: list[Slot], mood: str
) -> None:
    await works.town.offer(KFZ, slots[0].starts_at)
    await works.town.also(f"{mood}:reserve-appointment#1")
    watch = await works.watch()
    await works.look(watch)
    assert (await works.states(), await works.town.statuses()) == ([S.RELEASED], [])
    [notice] = await works.notices(watch)
    assert (notice.kind, notice.facts["reason"], notice.facts["final"]) == ("booking.released", mood, False)


async def test_an_answer_lost_on_preconfirm_is_read_from_the_city(works: Works, slots: list[Slot]) -> None:
    await works.town.offer(KFZ, slots[0].starts_at)
    await works.town.also("network-drop:preconfirm-appointment")
    watch = await works.watch()
    await works.look(watch)
    assert (await works.states(), await works.told(watch)) == ([S.PRECONFIRMED], ["booking.preconfirmed"])
    assert await works.town.statuses() == ["preconfirmed"]


async def test_an_answer_lost_on_confirm_is_read_from_the_city(works: Works, slots: list[Slot]) -> None:
    await works.town.offer(KFZ, slots[0].starts_at)
    watch = await works.watch()
    await works.look(watch)
    [row] = await works.bookings()
    await works.town.also("network-drop:confirm-appointment")
    await works.confirm(row.id)
    assert (await works.states(), await works.town.statuses()) == ([S.CONFIRMED], ["confirmed"])
    assert await works.told(watch) == ["booking.preconfirmed", "booking.confirmed"]


AFTER_A_HOLD = {
    "crash:update-appointment#1": [S.RELEASED, S.PRECONFIRMED],
    "crash:preconfirm-appointment#1": [S.RELEASED, S.PRECONFIRMED],
    "renamed-field:update-appointment#1": [S.RELEASED],
}


@pytest.mark.parametrize(("mood", "states"), AFTER_A_HOLD.items())
async def test_a_failure_after_a_hold_cancels_it_at_the_city(
    works: Works, slots: list[Slot], mood: str, states: list[BookingState]
) -> None:
    """What the City failed at is tried again; what we cannot read is not."""
    await works.town.offer(KFZ, slots[0].starts_at)
    await works.town.also(mood)
    watch = await works.watch()
    await works.look(watch)
    assert await works.states() == states
    assert await works.asked("cancel-appointment") == 1
    kept = states[1:]
    assert await works.live_at_the_city() == [str(state) for state in kept]
    assert await works.told(watch) == [f"booking.{states[-1]}"]


@pytest.mark.parametrize("stopped", [False, True])
async def test_too_many_appointments_with_one_mail_is_final(works: Works, slots: list[Slot], *, stopped: bool) -> None:
    await works.town.visitor.order("scope", office=KFZ, changes={"mails": 1})
    await works.town.offer(KFZ, slots[2].starts_at)
    await works.town.visitor.preconfirmed(email=ANNA.mail)
    await works.town.offer(KFZ, slots[0].starts_at)
    watch = await works.watch()
    if stopped:
        await works.town.also("slow=1:preconfirm-appointment#1", "slow=1:update-appointment#1")
    works.runtime.queue.look(watch.target_id)
    if stopped:
        await until(lambda: reached(works, S.HELD))
        await works.stop(watch)
    await works.rest()
    [row] = await works.bookings()
    assert (row.state, row.reason) == (S.RELEASED, "tooManyAppointmentsWithSameMail")
    [notice] = await works.notices(watch)
    assert (notice.kind, notice.facts["reason"], notice.facts["final"]) == ("booking.released", row.reason, True)
    state = (await works.watch_row(watch)).state
    assert state is (WatchState.STOPPED if stopped else WatchState.ENDED)
    assert await works.live_at_the_city() == ["preconfirmed"]


async def test_whoever_lost_the_lease_touches_the_booking_no_more(works: Works, slots: list[Slot]) -> None:
    await works.town.offer(KFZ, slots[0].starts_at)
    await works.town.also("slow=1:reserve-appointment#1")
    watch = await works.watch()
    works.runtime.queue.look(watch.target_id)
    row = await until(lambda: reached(works, S.HOLDING))
    assert row is not None
    await works.abandon(row.id)
    other = await works.database.act(
        lambda session: bookings.claim(session, row.id, owner="other", lease=QUARTER, now=utc_now())
    )
    assert other is not None
    await works.rest()
    left = await works.booking(row.id)
    assert (left.state, left.leased_by, left.lease_until) == (S.HOLDING, "other", other.lease_until)
    assert await works.told(watch) == []


async def test_blind_looks_are_told_after_three_and_at_each_doubling(works: Works) -> None:
    await works.town.moods("bad-gateway:offices-and-services")
    watch, ben = await works.watch(), await works.watch(BEN)
    told = []
    for _ in range(12):
        await works.look(watch)
        told.append(len(await works.told(watch)))
    assert told == [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3]
    assert await works.told(ben) == ["look.blind"] * 3
    assert {notice.facts["answer"] for notice in await works.notices(ben)} == {"failed"}


async def test_a_city_that_asks_to_wait_closes_the_lane_for_every_look(works: Works, slots: list[Slot]) -> None:
    await works.town.offer(KFZ, slots[0].starts_at)
    await works.town.also("throttled:offices-and-services#1")
    watch = await works.watch()
    await works.look(watch)
    asked = len(await works.town.requests())
    await works.look(watch)
    assert len(await works.town.requests()) == asked
    assert await works.states() == []


async def reached(works: Works, state: BookingState) -> Booking | None:
    return next((one for one in await works.bookings() if one.state is state), None)
