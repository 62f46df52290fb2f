"""A booking among its like: what the constraints alone forbid, whose hands it is in, and what it may replace."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from core.caps import Caps
from core.errors import BadInput
from core.slots import Slot
from models import bookings, events, people, quotas
from models.booking import OFFICE_TIME, PERSON_SERVICE, REPLACES, Booking
from models.bookings import LeaseLost
from models.database import AlreadyThere, Database, put
from models.watch import Watch
from tests.models_cast import (
    ADA,
    MINUTE,
    NOW,
    TO_CONFIRMED,
    Race,
    booking_of,
    opened,
    slot,
    walk,
    want_or_name,
    watch_of,
)

DAYS = 5
DAY = timedelta(days=1)


def bare(watch: Watch, *, day: int, replaces_id: int | None = None) -> Booking:
    """A row as nobody who asks first would write it."""
    return Booking(
        watch_id=watch.id,
        person_id=watch.person_id,
        target_id=watch.target_id,
        service_key=bookings.service_key(watch.services),
        office_id=slot().office_id,
        starts_at=slot(day).starts_at,
        created_at=NOW,
        moved_at=NOW,
        replaces_id=replaces_id,
    )


def put_or_name(session: Session, booking: Booking) -> str:
    try:
        put(session, booking)
    except AlreadyThere as already:
        return already.constraint
    return ""


def differing(rule: str, number: int, day: int, watches: list[Watch], old: list[int]) -> Booking:
    """The row of one of the processes, unlike the others' rows in all but what the rule is about."""
    if rule == PERSON_SERVICE:
        return bare(watches[0], day=100 + 3 * day + number)
    if rule == OFFICE_TIME:
        return bare(watches[number], day=100 + day)
    return bare(watches[number], day=100 + 3 * day + number, replaces_id=old[day])


def put_all(number: int, url: str, rule: str, watches: list[list[Watch]], old: list[int]) -> list[str]:
    database = opened(url)
    rows = [differing(rule, number, day, of_day, old) for day, of_day in enumerate(watches)]
    answers = [database.transact(partial(put_or_name, booking=row)) for row in rows]
    database.close()
    return answers


@pytest.mark.parametrize("rule", [PERSON_SERVICE, OFFICE_TIME, REPLACES])
def test_the_database_alone_lets_only_one_through(database: Database, database_url: str, race: Race, rule: str) -> None:
    watches = database.transact(lambda session: [[watch_of(session) for _ in range(3)] for _ in range(DAYS)])
    old = [booking.id for booking in database.transact(confirmed_ones)]

    answers = race(put_all, database_url, rule, watches, old)

    for of_one_day in zip(*answers, strict=True):
        assert sorted(of_one_day) == ["", rule, rule]


def confirmed_ones(session: Session) -> list[Booking]:
    booked = [booking_of(session, taken=slot(day)) for day in range(DAYS)]
    for booking in booked:
        walk(session, booking.id, *TO_CONFIRMED)
    return booked


def meet(_number: int, url: str) -> int:
    database = opened(url)
    person = database.transact(lambda session: people.add(session, database.keys, ADA, now=NOW))
    database.close()
    return person.id


def test_who_comes_through_several_doors_at_once_is_one_person(
    database: Database, database_url: str, race: Race
) -> None:
    assert len(set(race(meet, database_url))) == 1
    with database.reading() as session:
        assert people.find(session, database.keys, ADA) is not None


def test_a_lease_names_the_run_and_not_the_worker(database: Database) -> None:
    """The first run was taken for dead and wakes up again: it may do nothing any more."""
    booking_id = database.transact(booking_of).id

    def claim(owner: str, *, after: timedelta) -> Booking | None:
        return database.transact(
            lambda session: bookings.claim(session, booking_id, owner=owner, lease=MINUTE, now=NOW + after)
        )

    def move(owner: str, state: BookingState) -> Booking:
        return database.transact(lambda session: bookings.move(session, booking_id, state, now=NOW, owner=owner))

    assert claim("first", after=timedelta(0))
    assert claim("second", after=MINUTE / 2) is None, "the lease still runs"
    assert claim("first", after=MINUTE / 2), "his own lease stands in nobody's way"
    assert move("first", BookingState.HOLDING)
    taken_over = claim("second", after=2 * MINUTE)
    assert taken_over is not None
    assert taken_over.attempt == 3

    with pytest.raises(LeaseLost):
        move("first", BookingState.HELD)
    database.transact(lambda session: bookings.release_lease(session, booking_id, owner="first"))
    assert not renewed(database, booking_id, "first", now=NOW + 2 * MINUTE)
    assert renewed(database, booking_id, "second", now=NOW + 2 * MINUTE)
    assert move("second", BookingState.HELD).state is BookingState.HELD


def renewed(database: Database, booking_id: int, owner: str, *, now: datetime) -> bool:
    return database.transact(lambda session: bookings.renew(session, booking_id, owner=owner, lease=MINUTE, now=now))


def test_a_lease_that_ran_out_cannot_be_renewed(database: Database) -> None:
    booking_id = database.transact(booking_of).id
    database.transact(lambda session: bookings.claim(session, booking_id, owner="run", lease=MINUTE, now=NOW))

    assert not renewed(database, booking_id, "run", now=NOW + MINUTE)


def test_what_is_unsettled_and_in_nobodys_hands_waits_the_oldest_first(database: Database) -> None:
    def several(session: Session) -> list[int]:
        ids = [booking_of(session, taken=slot(day), now=NOW - day * MINUTE).id for day in range(4)]
        bookings.claim(session, ids[1], owner="run", lease=MINUTE, now=NOW)
        walk(session, ids[2], BookingState.LOST)
        return ids

    ids = database.transact(several)

    with database.reading() as session:
        assert [booking.id for booking in bookings.unsettled(session, NOW)] == [ids[3], ids[0]]
        assert [booking.id for booking in bookings.unsettled(session, NOW + MINUTE)] == [ids[3], ids[1], ids[0]]


@pytest.mark.parametrize("ending", [BookingState.LOST, BookingState.RELEASED])
def test_what_has_ended_stands_in_nobodys_way(database: Database, ending: BookingState) -> None:
    booking = database.transact(booking_of)
    again = partial(want_or_name, watch_id=booking.watch_id, taken=slot())

    assert database.transact(again) == PERSON_SERVICE
    database.transact(lambda session: walk(session, booking.id, ending))

    assert database.transact(again) == ""
    with database.reading() as session:
        assert bookings.spoiled_slots(session, booking.watch_id, since=NOW) == {slot()}


def test_an_appointment_whose_time_has_passed_stands_in_nobodys_way(database: Database) -> None:
    def long_ago(session: Session) -> Booking:
        booking = booking_of(session)
        walk(session, booking.id, *TO_CONFIRMED)
        return booking

    booking = database.transact(long_ago)
    after = slot().starts_at + MINUTE

    def anew(session: Session) -> Booking:
        watch = session.get_one(Watch, booking.watch_id)
        return bookings.want(session, watch=watch, slot=slot(9), now=after)

    assert database.transact(anew).id != booking.id
    with database.reading() as session:
        assert bookings.get(session, booking.id).over_at == after


def test_an_earlier_appointment_stands_beside_the_one_it_replaces_until_that_is_cancelled(database: Database) -> None:
    def first(session: Session) -> Booking:
        booking = booking_of(session, taken=slot(9))
        walk(session, booking.id, *TO_CONFIRMED)
        return booking

    old = database.transact(first)
    better, worse = (
        database.transact(lambda session: watch_of(session, person_id=old.person_id, improves_id=old.id).id)
        for _ in range(2)
    )

    assert database.transact(partial(want_or_name, watch_id=old.watch_id, taken=slot(2))) == PERSON_SERVICE
    assert database.transact(partial(want_or_name, watch_id=better, taken=slot(1))) == ""
    assert database.transact(partial(want_or_name, watch_id=worse, taken=slot(2))) == PERSON_SERVICE
    with database.reading() as session:
        new = next(one for one in bookings.list(session, person_id=old.person_id) if one.id != old.id)
    assert (new.replaces_id, new.replaced_at) == (old.id, None)

    database.transact(lambda session: walk(session, new.id, *TO_CONFIRMED))
    database.transact(lambda session: walk(session, old.id, BookingState.CANCELLED, now=NOW + MINUTE))

    with database.reading() as session:
        assert bookings.get(session, new.id).replaced_at == NOW + MINUTE
    assert database.transact(partial(want_or_name, watch_id=better, taken=slot(0))) == PERSON_SERVICE
    with database.transaction() as session:
        watch = session.get_one(Watch, old.watch_id)
        assert put_or_name(session, bare(watch, day=3)) == PERSON_SERVICE, "the constraint covers the successor now"


def swapped(session: Session, old: Booking, taken: Slot, *, now: datetime) -> Booking:
    """An earlier appointment in the old one's place."""
    watch = watch_of(session, person_id=old.person_id, improves_id=old.id)
    new = bookings.want(session, watch=watch, slot=taken, now=now)
    walk(session, new.id, *TO_CONFIRMED, now=now)
    walk(session, old.id, BookingState.CANCELLED, now=now)
    return new


def test_swaps_count_for_a_month_although_each_is_replaced_by_the_next(database: Database) -> None:
    def thrice(session: Session) -> Booking:
        booking = booking_of(session, taken=slot(90))
        walk(session, booking.id, *TO_CONFIRMED)
        for number in range(3):
            booking = swapped(session, booking, slot(80 - number), now=NOW + number * DAY)
        return booking

    person_id = database.transact(thrice).person_id

    with database.reading() as session:
        check = partial(quotas.check_swap, session, person_id)
        check(Caps(swaps=4), now=NOW + 2 * DAY)
        with pytest.raises(BadInput, match="replaced 3 times"):
            check(Caps(swaps=3), now=NOW + 2 * DAY)
        check(Caps(swaps=3), now=NOW + quotas.SWAPS_WITHIN)


def test_the_timeline_has_each_step_once_and_in_its_order(database: Database) -> None:
    booking = database.transact(booking_of)
    for number, state in enumerate(TO_CONFIRMED, start=1):
        at = NOW + timedelta(milliseconds=number)
        database.transact(partial(bookings.move, booking_id=booking.id, new=state, now=at))

    with database.reading() as session:
        timeline = events.of_booking(session, booking.id)

    assert [event.kind for event in timeline] == ["booking.wanted", *(f"booking.{state}" for state in TO_CONFIRMED)]
    assert [(event.at - NOW) // timedelta(milliseconds=1) for event in timeline] == [0, 1, 2, 3, 4, 5]
