"""Wishes to be forgotten: what must be given back first, and what is left when they were carried out."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from core.errors import BadInput
from models import bookings, chats, decisions, drafts, erasures, kept_files, mandates, notices, people
from models.booking import Booking
from models.database import Database
from models.erasures import Stage
from tests.chats_cast import ANNA, met
from tests.models_cast import ADA, BELA, NOW, RING, TO_CONFIRMED, held, walk

MINUTE = timedelta(minutes=1)
LATER = NOW + MINUTE


def chat_of(session: Session, booking: Booking) -> int:
    chat = met(session)
    chats.entrust(session, chat.id, booking.person_id, now=NOW)
    return chat.id


def stage_of(session: Session, erasure_id: int) -> Stage | None:
    erasure = erasures.find(session, erasure_id)
    return erasures.stage(session, erasure, now=LATER) if erasure else None


def test_a_hold_is_given_back_before_anything_is_forgotten(database: Database) -> None:
    with database.transaction() as session:
        booking = held(session, BookingState.HOLDING, BookingState.HELD)
        chat_id = chat_of(session, booking)
        erasure, to_cancel = erasures.ask(session, chat_id, person_id=None, cancels=False, now=NOW)

        assert list(to_cancel) == [booking.id]
        assert stage_of(session, erasure.id) is Stage.WAITS
        assert erasures.carry_out(session, erasure.id, now=LATER) is None
        assert decisions.is_to_cancel(session, booking.id) == "cancelled-by-person"
        assert mandates.valid(session, booking.person_id, now=LATER) is None

        walk(session, booking.id, BookingState.RELEASED, now=LATER)
        done = erasures.carry_out(session, erasure.id, now=LATER)

        assert done is not None
        assert [(one.booking.id, one.number) for one in done.given_back] == [(booking.id, "A77")]
        assert (chats.find(session, RING, ANNA), erasures.waiting(session)) == (None, [])


@pytest.mark.parametrize("cancels", [True, False])
def test_an_appointment_is_given_back_first_or_left_as_was_asked(database: Database, *, cancels: bool) -> None:
    with database.transaction() as session:
        booking = held(session, *TO_CONFIRMED)
        chat_id = chat_of(session, booking)

        erasure, to_cancel = erasures.ask(session, chat_id, person_id=None, cancels=cancels, now=NOW)

        assert list(to_cancel) == ([booking.id] if cancels else [])
        assert stage_of(session, erasure.id) is (Stage.WAITS if cancels else Stage.READY)
        if cancels:
            walk(session, booking.id, BookingState.CANCELLED, now=LATER)
        done = erasures.carry_out(session, erasure.id, now=LATER)
        assert done is not None
        assert ([one.booking.id for one in done.left] == [booking.id]) is not cancels


def test_what_the_city_would_not_take_back_is_no_reason_to_forget_it(database: Database) -> None:
    with database.transaction() as session:
        booking = held(session, *TO_CONFIRMED)
        erasure, _ = erasures.ask(session, chat_of(session, booking), person_id=None, cancels=True, now=NOW)

        bookings.get(session, booking.id).cancel_asked_at = None  # as the worker does

        assert stage_of(session, erasure.id) is Stage.REFUSED
        assert erasures.carry_out(session, erasure.id, now=LATER) is None
        assert people.contact(RING, people.get(session, booking.person_id)) == ADA


def test_a_wish_can_be_withdrawn_and_made_anew(database: Database) -> None:
    with database.transaction() as session:
        booking = held(session, BookingState.HOLDING, BookingState.HELD)
        chat_id = chat_of(session, booking)
        for person_id in (None, None, booking.person_id):
            erasures.ask(session, chat_id, person_id=person_id, cancels=False, now=NOW)

        assert [one.person_id for one in erasures.of_chat(session, chat_id)] == [None, booking.person_id]
        assert erasures.withdraw(session, chat_id, person_id=None)
        assert not erasures.withdraw(session, chat_id, person_id=None)
        assert [one.person_id for one in erasures.of_chat(session, chat_id)] == [booking.person_id]


def test_of_one_among_several_no_trace_is_left_and_the_others_stay(database: Database) -> None:
    with database.transaction() as session:
        booking = held(session, *TO_CONFIRMED)
        chat_id = chat_of(session, booking)
        other = chats.adopt(session, RING, chat_id, BELA, now=NOW)
        drafts.keep(session, RING, chat_id, "wish", {"name": ADA.first_name}, now=NOW)
        notices.write(session, person_id=booking.person_id, kind="x", facts={}, now=NOW)
        erasure, _ = erasures.ask(session, chat_id, person_id=booking.person_id, cancels=False, now=NOW)

        assert erasures.carry_out(session, erasure.id, now=LATER) is not None

        assert [one.id for one in chats.people_of(session, chat_id)] == [other.id]
        assert list(drafts.kinds(session, chat_id)) == []
        assert list(notices.due(session, LATER)) == list(notices.untold(session)) == []
        assert decisions.is_to_cancel(session, booking.id) is None


def test_nobody_is_added_to_a_chat_that_is_no_more(database: Database) -> None:
    with database.transaction() as session:
        chat_id = chat_of(session, held(session))
        bookings.move(session, 1, BookingState.RELEASED, now=NOW)
        chats.forget(session, chat_id, now=NOW)

        with pytest.raises(BadInput, match="erased"):
            chats.adopt(session, RING, chat_id, BELA, now=NOW)


def test_of_a_bookings_files_the_whole_folder_goes(tmp_path: Path) -> None:
    folder = tmp_path / "booking-7"
    folder.mkdir()
    for name in ("termin.png", "abgesagt.png", "termin.ics"):
        (folder / name).write_bytes(b"x")
    evidence = tmp_path / "look.png"
    evidence.write_bytes(b"x")

    kept_files.delete([str(folder / "abgesagt.png"), str(folder / "gone.ics"), str(evidence)])

    assert list(tmp_path.iterdir()) == []
