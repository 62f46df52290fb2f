"""What is sealed, what is forgotten, and how keys change."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlmodel import Session

from core.bookings import BookingState
from core.errors import ConfigError
from models import bookings, encryption, events, holds, notices, people
from models.booking import Booking
from models.database import Database
from models.encryption import Keyring
from tests.models_cast import (
    ADA,
    AUTH_KEY,
    KEY,
    NOW,
    PROCESS_ID,
    RING,
    appointment,
    everything_in,
    held,
    hold_of,
)

DAY = timedelta(days=1)


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
        assert people.contact(RING, people.get(session, booking.person_id)) == ADA
        assert holds.key(RING, hold_of(session, booking)) == appointment().key


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
        assert people.contact(RING, people.get(session, booking.person_id)) == ADA


def test_a_person_is_known_again_after_the_keys_have_changed(database: Database) -> None:
    person = database.transact(lambda session: people.add(session, RING, ADA, now=NOW))
    new = Fernet.generate_key().decode()
    both, only_new = Keyring.from_text(f"{new},{KEY}"), Keyring.from_text(new)

    def known_to(keyring: Keyring) -> int:
        return database.transact(lambda session: people.add(session, keyring, ADA, now=NOW)).id

    assert known_to(both) == person.id, "by the old key's mark"
    database.transact(lambda session: encryption.rotate(session, both))
    assert known_to(only_new) == person.id


def test_keys_change_although_somebody_was_met_under_both(database: Database) -> None:
    """A process that had not heard of the new key yet wrote a second row for the same person."""
    new = Fernet.generate_key().decode()
    both, only_new = Keyring.from_text(f"{new},{KEY}"), Keyring.from_text(new)
    first = database.transact(lambda session: people.add(session, only_new, ADA, now=NOW))
    second = database.transact(lambda session: people.add(session, RING, ADA, now=NOW))

    assert first.id != second.id
    assert database.transact(lambda session: encryption.rotate(session, both)) == 1

    with database.reading() as session:
        assert people.find(session, only_new, ADA) == people.get(session, first.id)
        assert people.contact(only_new, people.get(session, second.id)) == ADA
