"""Where the City asks for a person: who is told what, and that we are not in their way. Rows alone, no browser."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from core.looks import Answer
from core.slots import Slot
from models import bookings, notices, watches
from models.booking import Booking
from models.database import Database
from models.watch import Watch, WatchState
from tests.integration.test_alarms import at, blind, facts, look, told
from tests.models_cast import NOW, PASSPORT, slot, watch_of
from workers import booking
from workers.following import FRESH

NEEDS_PERSON = "captcha-needs-person"


def test_those_who_cannot_be_looked_for_are_told_where_to_look_and_when_it_is_over(database: Database) -> None:
    watch = database.transact(watch_of)

    blind(database, watch, times=6, answer=Answer.CAPTCHA)
    assert told(database, watch) == ["look.person"] * 2
    assert facts(database, watch) == {
        "answer": "captcha",
        "since": at(1).isoformat(),
        "service_id": PASSPORT.service_id,
    }
    look(database, watch, Answer.NONE, minutes=7)

    assert told(database, watch) == ["look.person", "look.person", "look.sees_again"]


def test_trouble_of_another_kind_meanwhile_is_told_as_such(database: Database) -> None:
    watch = database.transact(watch_of)

    blind(database, watch, times=3, answer=Answer.CAPTCHA)
    blind(database, watch, times=3, answer=Answer.FAILED, first=4)

    assert told(database, watch) == ["look.person", "look.blind"]


@pytest.mark.parametrize(("starts_in", "kind"), [(1440, "booking.by_hand"), (9, "booking.released")])
def test_a_slot_that_takes_a_person_is_handed_over_while_there_is_time(
    database: Database, starts_in: int, kind: str
) -> None:
    taken = Slot(NOW + timedelta(minutes=starts_in), slot().office_id)
    watch = database.transact(watch_of)
    ended(database, watch, taken)

    assert told(database, watch) == [kind]
    if kind == "booking.by_hand":
        assert facts(database, watch)["service_id"] == PASSPORT.service_id
        assert datetime.fromisoformat(facts(database, watch)["until"]) == NOW + booking.BY_HAND
    with database.reading() as session:
        assert watches.get(session, watch.id).state is WatchState.OPEN, "the search goes on"


@pytest.mark.parametrize(("reason", "minutes", "left"), [
    (NEEDS_PERSON, 9, True), (NEEDS_PERSON, 11, False), ("portal-changed", 1, True), ("portal-changed", 3, False),
])  # fmt: skip
def test_the_slot_is_left_to_the_person_as_long_as_they_were_told(
    database: Database,
    reason: str,
    minutes: int,
    left: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    watch = database.transact(watch_of)
    ended(database, watch, slot(), reason=reason)
    now = NOW + timedelta(minutes=minutes)

    with database.reading() as session:
        assert bookings.spoiled_slots(session, watch.id, since=now - FRESH) == ({slot()} if left else set())


def ended(database: Database, watch: Watch, taken: Slot, *, reason: str = NEEDS_PERSON) -> Booking:
    """A booking that a worker had to let go of before anything was held."""

    def act(session: Session) -> Booking:
        made = bookings.want(session, watch=watch, slot=taken, now=NOW)
        moved(session, made.id, booking.to_holding, lane="main")
        moved(session, made.id, partial(booking.end, state=BookingState.RELEASED), reason=reason, final=False)
        return made

    def moved(session: Session, booking_id: int, move: Any, **given: Any) -> None:
        errand = booking.take(session, booking_id, keyring=database.keys, run="tests", now=NOW)
        move(session, errand, now=NOW, **given)

    return database.transact(act)


def test_handed_over_once(database: Database) -> None:
    watch = database.transact(watch_of)
    made = ended(database, watch, slot())

    with database.reading() as session:
        assert [one.kind for one in notices.of_booking(session, made.id)] == ["booking.by_hand"]
