"""The same message twice, at the same moment: on both databases it comes to one click at the City."""

import pytest

from core.bookings import BookingState
from core.slots import Slot
from models.database import Database
from rehearsal.settings import Dialect
from tests.jobs_fixtures import Works
from tests.portal_fixtures import moment
from tests.rehearsal_fixtures import KFZ

S = BookingState


@pytest.fixture
def generation() -> Dialect:
    return Dialect.AUG


@pytest.fixture
def rows(database: Database) -> Database:
    return database


@pytest.fixture
def slot() -> Slot:
    return Slot(moment(2, 9), KFZ)


async def test_two_looks_at_once_give_one_booking(works: Works, slot: Slot) -> None:
    await works.town.offer(KFZ, slot.starts_at, moment(2, 10))
    watch = await works.watch()
    works.runtime.queue.look(watch.target_id)
    works.runtime.queue.look(watch.target_id)
    await works.rest()
    assert await works.asked("offices-and-services") == 2
    assert (await works.states(), await works.told(watch)) == ([S.PRECONFIRMED], ["booking.preconfirmed"])
    assert (await works.asked("reserve-appointment"), await works.town.statuses()) == (1, ["preconfirmed"])


async def test_a_booking_sent_three_times_is_held_once(works: Works, slot: Slot) -> None:
    await works.town.offer(KFZ, slot.starts_at)
    watch = await works.watch()
    booking_id = await works.wanted(watch, slot)
    for _ in range(3):
        works.runtime.queue.book(booking_id)
    await works.rest()
    assert (await works.states(), await works.told(watch)) == ([S.PRECONFIRMED], ["booking.preconfirmed"])
    assert (await works.asked("reserve-appointment"), await works.town.statuses()) == (1, ["preconfirmed"])


async def test_a_link_given_twice_is_opened_once(works: Works, slot: Slot) -> None:
    await works.town.offer(KFZ, slot.starts_at)
    watch = await works.watch()
    await works.look(watch)
    [row] = await works.bookings()
    await works.give_link(row.id)
    for _ in range(2):
        works.runtime.queue.confirm(row.id)
    works.runtime.queue.reconcile()
    await works.rest()
    assert (await works.states(), await works.town.statuses()) == ([S.CONFIRMED], ["confirmed"])
    assert await works.told(watch) == ["booking.preconfirmed", "booking.confirmed"]
    assert await works.asked("confirm-appointment") == 1


async def test_two_reconciles_at_once_give_a_hold_back_once(works: Works, slot: Slot) -> None:
    await works.town.offer(KFZ, slot.starts_at)
    watch = await works.watch()
    booking_id = await works.wanted(watch, slot)
    await works.walk(booking_id, S.HELD)
    await works.stop(watch)
    for _ in range(2):
        works.runtime.queue.reconcile()
    await works.rest()
    assert (await works.states(), await works.town.statuses()) == ([S.RELEASED], ["deleted"])
    assert await works.asked("cancel-appointment") == 1


async def test_a_message_that_comes_again_after_the_end_does_nothing(works: Works, slot: Slot) -> None:
    await works.town.offer(KFZ, slot.starts_at)
    watch = await works.watch()
    await works.look(watch)
    [row] = await works.bookings()
    await works.confirm(row.id)
    asked, told = len(await works.town.requests()), await works.told(watch)
    for send in (works.runtime.queue.book, works.runtime.queue.confirm, works.runtime.queue.cancel):
        send(row.id)
    works.runtime.queue.reconcile()
    await works.rest()
    assert (len(await works.town.requests()), await works.told(watch)) == (asked, told)
    assert await works.states() == [S.CONFIRMED]
