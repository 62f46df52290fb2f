"""The rules of fair use that the tables and the draw hold, one test each. docs/fair-use.md lists them all."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from core.caps import Caps
from core.errors import BadInput, Refused
from core.looks import Answer
from core.slots import Slot
from models import bookings, decisions, holds, mandates, people, quotas, targets, watches
from models.database import AlreadyThere, Database
from models.mandate import Mandate
from models.watch import WatchState
from tests.models_cast import (
    ADA,
    BELA,
    LICENCE,
    NOW,
    ORLEANS,
    PASING,
    TO_CONFIRMED,
    appointment,
    looked,
    slot,
    walk,
    watch_of,
)
from workers import booking as moves
from workers import looking
from workers.runtime import Pace

HOUR = timedelta(hours=1)
PACE = Pace(interval=timedelta(seconds=65))


def given(database: Database, *slots: Slot, pace: Pace = PACE) -> list[int]:
    """The bookings that a look at the first target with these slots leads to."""

    def absorb(session: Session) -> list[int]:
        row = targets.get(session, watches.list(session)[0].target_id)
        look = looked(Answer.FREE, *slots)
        return looking.absorb(session, row, look, lane="main", pace=pace, now=NOW, rng=random.Random(1)).booking_ids

    return database.transact(absorb)


def test_a_person_has_one_live_appointment_for_a_service(database: Database) -> None:
    with database.transaction() as session:
        first = watch_of(session)
        second = watch_of(session, person_id=first.person_id)
        bookings.want(session, watch=first, slot=slot(), now=NOW)

        with pytest.raises(AlreadyThere):
            bookings.want(session, watch=second, slot=slot(1), now=NOW)


def test_a_person_who_comes_again_is_the_same_person(database: Database) -> None:
    shouted = replace(ADA, mail=ADA.mail.upper(), first_name=ADA.first_name.lower(), phone="+4989000000")

    with database.transaction() as session:
        once = people.add(session, database.keys, ADA, now=NOW)
        again = people.add(session, database.keys, shouted, now=NOW)
        other = people.add(session, database.keys, BELA, now=NOW)

        assert once.id == again.id != other.id
        assert people.contact(database.keys, once).phone == "+4989000000"


def test_the_name_stays_while_an_appointment_is_being_booked(database: Database) -> None:
    with database.transaction() as session:
        watch = watch_of(session)
        bookings.want(session, watch=watch, slot=slot(), now=NOW)

        with pytest.raises(BadInput, match="name stays"):
            people.change(session, database.keys, watch.person_id, BELA)
        people.change(session, database.keys, watch.person_id, replace(ADA, phone="+4989000001"))


def test_nothing_is_drawn_for_a_mandate_that_has_run_out(database: Database) -> None:
    with database.transaction() as session:
        watch = watch_of(session)
        mandates.record(session, watch.person_id, "other", None, now=NOW)
        session.get_one(Mandate, watch.mandate_id).until = NOW - HOUR

    assert given(database, slot()) == []


def test_nothing_is_held_once_the_mandate_was_taken_back(database: Database) -> None:
    with database.transaction() as session:
        watch = watch_of(session)
        row = bookings.want(session, watch=watch, slot=slot(), now=NOW)
        errand = moves.take(session, row.id, keyring=database.keys, run="one", now=NOW)
        mandates.revoke(session, watch.mandate_id, now=NOW)
        assert errand is not None

        with pytest.raises(Refused) as refusal:
            moves.to_holding(session, errand, lane="main", now=NOW)

    assert refusal.value.code == "mandate-revoked"


def test_a_slot_is_claimed_for_one_person_only(database: Database) -> None:
    with database.transaction() as session:
        watch_of(session)
        watch_of(session)

    assert len(given(database, slot())) == 1


def test_a_person_keeps_so_many_watches_and_no_more(database: Database) -> None:
    caps = Caps(watches_per_person=2)

    with database.transaction() as session:
        first = watch_of(session)
        watch_of(session, person_id=first.person_id, services=(LICENCE,))
        with pytest.raises(BadInput, match="keep 2 watches"):
            quotas.check_watch(session, first.person_id, caps)
        watches.stop(session, first.id, now=NOW)
        quotas.check_watch(session, first.person_id, caps)


def test_the_operator_keeps_so_many_watches_and_no_more(database: Database) -> None:
    with database.transaction() as session:
        watch_of(session)
        stranger = people.add(session, database.keys, BELA, now=NOW)

        with pytest.raises(BadInput, match="operator's cap"):
            quotas.check_watch(session, stranger.id, Caps(watches=1))


def test_a_person_with_enough_holds_today_waits_for_tomorrow(database: Database) -> None:
    caps = Caps(holds_per_day=1)
    with database.transaction() as session:
        watch = watch_of(session)
        row = bookings.want(session, watch=watch, slot=slot(), now=NOW)
        walk(session, row.id, BookingState.HOLDING, BookingState.HELD)
        holds.keep(session, database.keys, row.id, appointment(), now=NOW)
        walk(session, row.id, BookingState.RELEASED)
        tomorrow = NOW + timedelta(hours=25)
        assert quotas.spent(session, caps, now=NOW) == {watch.person_id}
        assert quotas.spent(session, caps, now=tomorrow) == set()

    assert given(database, slot(1), pace=replace(PACE, caps=caps)) == []
    assert len(given(database, slot(1))) == 1


def test_no_more_bookings_are_under_way_than_the_operator_may_have(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(3):
            watch_of(session)
    pace = replace(PACE, caps=Caps(holds=2))

    assert len(given(database, slot(), slot(1), slot(2), pace=pace)) == 2
    assert given(database, slot(), slot(1), slot(2), pace=pace) == []


def test_an_appointment_is_replaced_only_so_often(database: Database) -> None:
    with database.transaction() as session:
        watch = watch_of(session)
        first = bookings.want(session, watch=watch, slot=slot(9), now=NOW)
        walk(session, first.id, *TO_CONFIRMED)
        better = watch_of(session, person_id=watch.person_id)
        better.improves_id = first.id
        second = bookings.want(session, watch=better, slot=slot(2), now=NOW)
        walk(session, second.id, *TO_CONFIRMED)

        with pytest.raises(BadInput, match="replaced 1 times"):
            quotas.check_swap(session, watch.person_id, Caps(swaps=1), now=NOW)
        quotas.check_swap(session, watch.person_id, Caps(swaps=2), now=NOW)


def test_who_waits_longest_is_served_first(database: Database) -> None:
    with database.transaction() as session:
        watch_of(session)
        elder = watch_of(session, now=NOW - HOUR)
        elder_id = elder.id

    (booking_id,) = given(database, slot())

    with database.reading() as session:
        assert bookings.get(session, booking_id).watch_id == elder_id


def test_a_swap_takes_only_what_is_earlier_by_the_gain(database: Database) -> None:
    with database.transaction() as session:
        watch = watch_of(session, office_ids=(ORLEANS, PASING))
        first = bookings.want(session, watch=watch, slot=slot(9), now=NOW)
        walk(session, first.id, *TO_CONFIRMED)
        watches.fulfil(session, watch.id, now=NOW)
        better = watch_of(session, person_id=watch.person_id, office_ids=())
        better.improves_id, better.minimum_gain = first.id, timedelta(days=3)

    assert given(database, slot(8), slot(12), slot(7)) == []
    (booking_id,) = given(database, slot(6), slot(7))

    with database.reading() as session:
        assert bookings.get(session, booking_id).replaces_id == first.id


def test_the_old_appointment_is_given_back_only_once_the_new_one_is_confirmed(database: Database) -> None:
    with database.transaction() as session:
        watch = watch_of(session)
        first = bookings.want(session, watch=watch, slot=slot(9), now=NOW)
        walk(session, first.id, *TO_CONFIRMED)
        better = watch_of(session, person_id=watch.person_id)
        better.improves_id = first.id
        second = bookings.want(session, watch=better, slot=slot(), now=NOW)

        walk(session, second.id, *TO_CONFIRMED[:-1])
        assert decisions.to_cancel(session, NOW) == []
        walk(session, second.id, BookingState.CONFIRMED)
        assert [one.id for one in decisions.to_cancel(session, NOW)] == [first.id]
        walk(session, first.id, BookingState.CANCELLED)
        assert decisions.to_cancel(session, NOW) == []


def test_a_watch_ends_with_its_mandate(database: Database) -> None:
    with database.transaction() as session:
        watch = watch_of(session)

        mandates.revoke(session, watch.mandate_id, now=NOW)

        assert watches.get(session, watch.id).state is WatchState.ENDED
