"""Persons: sealed when they come, opened only where a form is filled, erased for good."""

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlmodel import Session, col

from core.bookings import UNSETTLED, BookingState
from core.contact import Contact
from core.errors import BadInput
from models import mandates, notices
from models.booking import Booking
from models.chat_person import ChatPerson
from models.database import AlreadyThere, put
from models.erasure import Erasure
from models.hold import Hold
from models.keyring import Keyring
from models.person import Language, Person


def add(
    session: Session, keyring: Keyring, contact: Contact, language: Language | str = Language.DE, *, now: datetime
) -> Person:
    """The person of this name and mail address, who may be known already: then the newer details count."""
    person = find(session, keyring, contact)
    if person is None:
        made = Person(created_at=now, mark=keyring.marks(_identity(contact))[0])
        try:
            put(session, made)
        except AlreadyThere:  # another process met them at the same moment
            made = session.scalars(select(Person).where(col(Person.mark) == made.mark)).one()
        person = made
    person.sealed_contact, person.language = _sealed(keyring, contact), Language(language)
    session.flush()
    return person


def find(session: Session, keyring: Keyring, contact: Contact) -> Person | None:
    """Who is known by this name and mail address, under whichever key."""
    marks = keyring.marks(_identity(contact))
    return session.scalars(select(Person).where(col(Person.mark).in_(marks))).first()


def mark_anew(session: Session, keyring: Keyring) -> int:
    """Mark with the newest key whoever an older one has marked; how many that were.

    One met under both keys, by two processes while the keys changed, keeps the older mark on the second row.
    """
    known = session.scalars(
        select(Person).where(col(Person.sealed_contact).is_not(None)).order_by(col(Person.id))
    ).all()
    taken, changed = {person.mark for person in known}, 0
    for person in known:
        mark = keyring.marks(_identity(contact(keyring, person)))[0]
        if mark not in taken:
            taken.add(mark)
            person.mark = mark
            changed += 1
    session.flush()
    return changed


def get(session: Session, person_id: int) -> Person:
    return session.get_one(Person, person_id)


def find_by_id(session: Session, person_id: int) -> Person | None:
    return session.get(Person, person_id)


def contact(keyring: Keyring, person: Person) -> Contact:
    """Raises BadInput when the person was erased, ConfigError when the key is not on the ring."""
    if person.sealed_contact is None:
        raise BadInput("This person's data was erased.", field="person", code="erased")
    return Contact(**json.loads(keyring.open(person.sealed_contact)))


def change(session: Session, keyring: Keyring, person_id: int, contact: Contact) -> None:
    """Raises BadInput for another name or mail address while a booking of theirs is under way."""
    person = get(session, person_id)
    if person.mark not in keyring.marks(_identity(contact)) and _under_way(session, person_id):
        raise BadInput("The name stays as it is while an appointment is being booked.", field="name", code="name_fixed")
    person.sealed_contact, person.mark = _sealed(keyring, contact), keyring.marks(_identity(contact))[0]


def erase(session: Session, person_id: int, *, now: datetime) -> list[str]:
    """Forget who the person is and end all they wished; the files that show them, for the caller to delete.

    Raises BadInput while a hold is under way: it must be released first, with the person's key. A confirmed
    appointment stays at the City, but from here nobody can reach it any more.
    """
    if _under_way(session, person_id):
        raise BadInput("A booking is still under way.", field="person", hint="Release it first.", code="under_way")
    mandates.revoke_all(session, person_id, now=now)
    person = get(session, person_id)
    person.sealed_contact, person.mark, person.erased_at = None, None, now
    for row in (ChatPerson, Erasure):
        session.exec(delete(row).where(col(row.person_id) == person_id))
    notices.give_up(session, person_id)
    return _forget_bookings(session, person_id, now=now)


def _under_way(session: Session, person_id: int) -> bool:
    those = select(col(Booking.id)).where(_of(person_id), col(Booking.state).in_(UNSETTLED))
    return session.scalars(those.limit(1)).first() is not None


def _forget_bookings(session: Session, person_id: int, *, now: datetime) -> list[str]:
    every = session.scalars(select(Booking).where(_of(person_id))).all()
    files = [path for booking in every for path in (booking.screenshot_path, booking.calendar_path) if path]
    for booking in every:
        booking.screenshot_path = booking.calendar_path = ""
        booking.cancel_asked_at = None  # without the key nobody could
        if booking.state is BookingState.CONFIRMED:
            booking.over_at = booking.over_at or now
    ids = [booking.id for booking in every]
    session.exec(update(Hold).where(col(Hold.booking_id).in_(ids)).values(sealed_key=None, display_number=""))
    return files


def _of(person_id: int) -> ColumnElement[bool]:
    return col(Booking.person_id) == person_id


def _identity(contact: Contact) -> str:
    return f"{contact.mail.casefold()}\n{' '.join(contact.family_name.casefold().split())}"


def _sealed(keyring: Keyring, contact: Contact) -> str:
    return keyring.seal(json.dumps(asdict(contact)))
