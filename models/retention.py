"""What is forgotten, and when. The caller sweeps once a day and deletes the files that are named."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlmodel import Session, col

from core.bookings import ENDED
from core.slots import BERLIN
from models import bookings, chat_messages, chats, drafts, invitations, people
from models.booking import Booking
from models.event import Event
from models.footprint import Footprint
from models.hold import Hold
from models.look import Look
from models.look_hour import LookHour
from models.notice import Notice
from models.person import Person
from models.slot_seen import SlotSeen
from models.watch import Watch, WatchState

KEYS = timedelta(days=1)  # after the appointment, or after a booking that came to nothing
CONTACTS = timedelta(days=7)  # after the last thing that happened for the person
SWEPT = timedelta(days=1)  # how often the caller sweeps
LOOKS = timedelta(days=30)
NOTICES = timedelta(days=30)
EVENTS = timedelta(days=90)
DRAFTS = timedelta(days=7)  # after the last word
MESSAGES = timedelta(days=90)  # after the last edit
CHATS = timedelta(days=7)  # that never agreed, or were left, and stand for nobody
SLOTS = timedelta(days=365)  # release times are learnt from them
FOOTPRINTS = timedelta(days=400)  # a year and a month


def sweep(session: Session, *, now: datetime) -> list[str]:
    """Forget whatever is due; the files that go with it."""
    bookings.close_past(session, now=now)
    files = _contacts(session, now=now)
    _keys(session, now=now)
    files += _looks(session, now=now)
    session.exec(delete(Notice).where(_told_or_given_up(now - NOTICES)))
    session.exec(delete(Event).where(col(Event.at) < now - EVENTS))
    session.exec(delete(SlotSeen).where(col(SlotSeen.last_seen_at) < now - SLOTS))
    session.exec(delete(LookHour).where(col(LookHour.begins_at) < now - SLOTS))
    session.exec(delete(Footprint).where(col(Footprint.hour) < now - FOOTPRINTS))
    drafts.sweep(session, before=now - DRAFTS)
    chat_messages.sweep(session, before=now - MESSAGES)
    invitations.sweep(session, now=now)
    for chat_id in chats.idle(session, now=now, after=CHATS):
        files += chats.forget(session, chat_id, now=now)
    return files


def forgotten_by(starts_at: datetime) -> date:
    """When the contact of somebody with this appointment and nothing else is gone, with the files, at the latest."""
    return (starts_at + CONTACTS + SWEPT).astimezone(BERLIN).date()


def idle_people(session: Session, *, now: datetime) -> Sequence[int]:
    """Those who wait for nothing, have no appointment ahead, and for whom nothing happened since `now - CONTACTS`."""
    waits = exists().where(
        col(Watch.person_id) == col(Person.id), col(Watch.state).in_([WatchState.OPEN, WatchState.PAUSED])
    )
    booked = exists().where(
        col(Booking.person_id) == col(Person.id),
        col(Booking.state).not_in(ENDED),
        or_(col(Booking.over_at).is_(None), col(Booking.starts_at) > now - CONTACTS),
    )
    lately = exists().where(
        col(Event.watch_id) == col(Watch.id), col(Watch.person_id) == col(Person.id), col(Event.at) > now - CONTACTS
    )
    old = (col(Person.created_at) < now - CONTACTS) & col(Person.erased_at).is_(None)
    return session.scalars(select(col(Person.id)).where(old, ~waits, ~booked, ~lately)).all()


def _contacts(session: Session, *, now: datetime) -> list[str]:
    return [file for person_id in idle_people(session, now=now) for file in people.erase(session, person_id, now=now)]


def _keys(session: Session, *, now: datetime) -> None:
    forgotten = select(col(Booking.id)).where(_needs_no_key(now - KEYS))
    kept = col(Hold.sealed_key).is_not(None) & col(Hold.booking_id).in_(forgotten)
    session.exec(update(Hold).where(kept).values(sealed_key=None, display_number=""))


def _told_or_given_up(before: datetime) -> ColumnElement[bool]:
    given_up = col(Notice.told_at).is_(None) & col(Notice.next_try_at).is_(None)
    return (col(Notice.told_at) < before) | (given_up & (col(Notice.created_at) < before))


def _needs_no_key(before: datetime) -> ColumnElement[bool]:
    visited = col(Booking.over_at).is_not(None) & (col(Booking.starts_at) < before)
    return visited | (col(Booking.state).in_(ENDED) & (col(Booking.moved_at) < before))


def _looks(session: Session, *, now: datetime) -> list[str]:
    old = col(Look.finished_at) < now - LOOKS
    files = [file for evidence in session.scalars(select(col(Look.evidence)).where(old)) for file in evidence]
    session.exec(delete(Look).where(old))
    return files
