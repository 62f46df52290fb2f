"""What is sealed, what is forgotten, and how keys change."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg import sql
from sqlmodel import Session

from core.bookings import BookingState
from core.errors import BadInput, ConfigError, HoldLost
from models import bookings, encryption, events, holds, looks, notices, people, retention, watches
from models.booking import Booking
from models.database import Database
from models.encryption import Keyring
from models.hold import Hold
from models.watch import WatchState
from tests.models_cast import (
    ADA,
    AUTH_KEY,
    KEY,
    NOW,
    PROCESS_ID,
    TO_CONFIRMED,
    Race,
    appointment,
    booking_of,
    looked,
    slot,
    walk,
    watch_of,
)

DAY = timedelta(days=1)
OLD = Keyring.from_text(KEY)


def held(session: Session, *states: BookingState) -> Booking:
    booking = booking_of(session)
    walk(session, booking.id, *states)
    holds.keep(session, OLD, booking.id, appointment(), now=NOW)
    return bookings.get(session, booking.id)


def hold_of(session: Session, booking: Booking) -> Hold:
    hold = holds.of_booking(session, booking.id)
    assert hold is not None
    return hold


def everything_in(url: str) -> bytes:
    """The bytes of every file of SQLite's, or every row of every table as PostgreSQL prints it."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        whole = sql.SQL("SELECT t::text FROM {} t")
        rows = [connection.execute(whole.format(sql.Identifier(name))).fetchall() for (name,) in names]
        return str(rows).encode()


def test_nothing_personal_lies_in_the_open(database: Database, database_url: str) -> None:
    def careless(session: Session) -> Booking:
        booking = held(session)
        said = f"{ADA.mail} has key {AUTH_KEY}"
        leak: dict[str, Any] = {"mail": ADA.mail, "auth_key": AUTH_KEY, "said": said, "number": "A77"}
        events.note(session, "booking.read", now=NOW, booking_id=booking.id, **leak)
        notices.write(session, person_id=booking.person_id, kind="booking.held", facts=leak, now=NOW)
        bookings.move(session, booking.id, BookingState.RELEASED, reason=f"refused {ADA.mail}", now=NOW)
        return booking

    booking = database.transact(careless)

    raw = everything_in(database_url)
    assert b"booking.held" in raw, "this is where the rows are"
    for secret in (ADA.first_name, ADA.last_name, ADA.mail, ADA.phone, ADA.remarks, AUTH_KEY, str(PROCESS_ID)):
        assert secret.encode() not in raw
    with database.reading() as session:
        assert people.contact(OLD, people.get(session, booking.person_id)) == ADA
        assert holds.key(OLD, hold_of(session, booking)) == appointment().key


def test_keys_change_while_the_old_one_is_still_on_the_ring(database: Database) -> None:
    booking = database.transact(held)
    new = Fernet.generate_key().decode()
    both, only_new = Keyring.from_text(f"{new},{KEY}"), Keyring.from_text(new)

    changed = database.transact(lambda session: encryption.rotate(session, both))
    again = database.transact(lambda session: encryption.rotate(session, both))

    assert (changed, again) == (2, 0)
    with database.reading() as session:
        encryption.check(session, only_new)
        assert people.contact(only_new, people.get(session, booking.person_id)) == ADA
        assert holds.key(only_new, hold_of(session, booking)).auth_key == AUTH_KEY


def test_a_wrong_key_is_a_clear_sentence_and_changes_nothing(database: Database) -> None:
    booking = database.transact(held)
    wrong = Keyring.from_text(Fernet.generate_key().decode())

    with pytest.raises(ConfigError, match="sealed with another key"):
        database.transact(lambda session: encryption.rotate(session, wrong))
    with database.reading() as session, pytest.raises(ConfigError, match="Put the old key back"):
        encryption.check(session, wrong)
    with database.reading() as session:
        assert people.contact(OLD, people.get(session, booking.person_id)) == ADA


def test_erasing_forgets_who_and_names_the_files(database: Database) -> None:
    def booked(session: Session) -> Booking:
        booking = held(session, *TO_CONFIRMED)
        booking.screenshot_path, booking.calendar_path = "shots/1.png", "shots/1.ics"
        return booking

    booking = database.transact(booked)

    files = database.transact(lambda session: people.erase(session, booking.person_id, now=NOW + DAY))

    with database.reading() as session:
        person, watch = people.get(session, booking.person_id), watches.get(session, booking.watch_id)
        assert (files, person.erased_at) == (["shots/1.png", "shots/1.ics"], NOW + DAY)
        assert (watch.state, watch.ended_reason) == (WatchState.ENDED, "mandate-revoked")
        with pytest.raises(BadInput, match="erased"):
            people.contact(OLD, person)
        with pytest.raises(HoldLost):
            holds.key(OLD, hold_of(session, booking))


def test_nobody_is_erased_in_the_middle_of_a_hold(database: Database) -> None:
    booking = database.transact(lambda session: held(session, BookingState.HOLDING, BookingState.HELD))

    with pytest.raises(BadInput, match="Release it first"):
        database.transact(lambda session: people.erase(session, booking.person_id, now=NOW))


def test_the_key_goes_a_day_after_the_visit_and_the_contact_a_week_after(database: Database) -> None:
    booking = database.transact(lambda session: held(session, *TO_CONFIRMED))
    database.transact(lambda session: watches.fulfil(session, booking.watch_id, now=NOW))
    visit = slot().starts_at

    def left_at(now: datetime) -> tuple[bool, bool]:
        database.transact(lambda session: retention.sweep(session, now=now))
        with database.reading() as session:
            hold, person = hold_of(session, booking), people.get(session, booking.person_id)
            return hold.sealed_key is not None, person.sealed_contact is not None

    assert left_at(visit + DAY / 2) == (True, True)
    assert left_at(visit + 2 * DAY) == (False, True)
    assert left_at(visit + 8 * DAY) == (False, False)


def test_who_still_waits_is_not_forgotten(database: Database) -> None:
    watch = database.transact(watch_of)

    database.transact(lambda session: retention.sweep(session, now=NOW + 300 * DAY))

    with database.reading() as session:
        assert people.contact(OLD, people.get(session, watch.person_id)) == ADA


def test_old_looks_go_with_their_evidence(database: Database) -> None:
    watch = database.transact(watch_of)
    for age, name in ((40 * DAY, "old.png"), (2 * DAY, "new.png")):
        look = looked(at=NOW - age, evidence=(name,))
        row = database.transact(partial(looks.record, target_id=watch.target_id, lane="main", look=look))
        database.transact(partial(events.note, kind="look.answered", now=NOW, look_id=row.id))

    files = database.transact(lambda session: retention.sweep(session, now=NOW))

    with database.reading() as session:
        assert files == ["old.png"]
        assert [look.evidence for look in looks.latest(session, watch.target_id)] == [("new.png",)]
        assert len([event for event in events.since(session, 0) if event.kind == "look.answered"]) == 2


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path, race: Race) -> None:
    path = tmp_path / "keys"

    sealed = race(seal_with_file, str(path))

    assert {Keyring.from_file(path).open(one) for one in sealed} == {"0", "1", "2"}
    assert list(tmp_path.iterdir()) == [path]


def seal_with_file(number: int, path: str) -> str:
    return Keyring.from_file(Path(path)).seal(str(number))
