"""Appointments as their persons see them: those ahead, those past, and those that are being given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.bookings import BookingState
from models import bookings
from models.booking import Booking
from models.chat import Chat, ChatSettings
from models.chat_person import ChatPerson
from models.hold import Hold
from models.notice import Notice

KEPT_IN_SIGHT = timedelta(days=7)  # past appointments in a list


@dataclass(frozen=True, slots=True)
class Ahead:
    """An appointment ahead: its number at the office, and what the chat of its person chose, if there is one."""

    booking: Booking
    number: str
    settings: ChatSettings | None


def ahead(session: Session, *, within: timedelta, now: datetime) -> Sequence[Ahead]:
    """What stands and begins within that time. Not what is being given back, for whatever reason."""
    newer = aliased(Booking)
    replaced = exists().where(col(newer.replaces_id) == col(Booking.id), col(newer.state) == BookingState.CONFIRMED)
    soon = (col(Booking.starts_at) > now) & (col(Booking.starts_at) <= now + within)
    standing = (
        select(Booking, col(Hold.display_number), Chat)
        .outerjoin(Hold, col(Hold.booking_id) == col(Booking.id))
        .outerjoin(ChatPerson, col(ChatPerson.person_id) == col(Booking.person_id))
        .outerjoin(Chat, col(Chat.id) == col(ChatPerson.chat_id))
        .where(col(Booking.state) == BookingState.CONFIRMED, col(Booking.over_at).is_(None), soon)
        .where(col(Booking.cancel_asked_at).is_(None), ~replaced)
    )
    found = session.execute(standing.order_by(col(Booking.id)))
    return [Ahead(booking, number or "", chat.settings if chat else None) for booking, number, chat in found]


def asked_back(session: Session, *, before: datetime, begun_at: datetime | None = None) -> Sequence[Booking]:
    """What a person asked to be given back before then, and still stands at the City as far as we know.

    With `begun_at`, only what has begun by then and is in nobody's hands: it cannot be given back any more.
    """
    waiting = select(Booking).where(
        col(Booking.state).in_((BookingState.PRECONFIRMED, BookingState.CONFIRMED)),
        col(Booking.cancel_asked_at) <= before,
    )
    if begun_at is not None:
        begun = (col(Booking.starts_at) <= begun_at) & bookings.unleased(begun_at)
        waiting = waiting.where(col(Booking.state) == BookingState.CONFIRMED, begun)
    return session.scalars(waiting.order_by(col(Booking.id))).all()


def outlived(session: Session, *, before: datetime, now: datetime) -> Sequence[Booking]:
    """Appointments ahead whose better ones were confirmed before then, and that the City still keeps all the same."""
    newer = aliased(Booking)
    replaced = exists().where(
        col(newer.replaces_id) == col(Booking.id),
        col(newer.state) == BookingState.CONFIRMED,
        col(newer.replaced_at).is_(None),
        col(newer.moved_at) <= before,
    )
    standing = (col(Booking.state) == BookingState.CONFIRMED) & (col(Booking.starts_at) > now)
    standing &= col(Booking.cancel_asked_at).is_(None)
    return session.scalars(select(Booking).where(standing, replaced).order_by(col(Booking.id))).all()


def of_chat(session: Session, chat_id: int, *, now: datetime) -> Sequence[Booking]:
    """The confirmed appointments of everybody the chat stands for, the soonest first, with those just past."""
    theirs = select(Booking).join(ChatPerson, col(ChatPerson.person_id) == col(Booking.person_id))
    theirs = theirs.where(col(ChatPerson.chat_id) == chat_id, col(Booking.state) == BookingState.CONFIRMED)
    theirs = theirs.where(col(Booking.starts_at) > now - KEPT_IN_SIGHT)
    return session.scalars(theirs.order_by(col(Booking.starts_at), col(Booking.id))).all()


def written(session: Session, dedupes: Sequence[str]) -> set[str]:
    """Which of these notices were written before."""
    if not dedupes:
        return set()
    found = session.scalars(select(col(Notice.dedupe)).where(col(Notice.dedupe).in_(dedupes)))
    return {one for one in found if one is not None}


def facts(booking: Booking, *, number: str) -> Mapping[str, Any]:
    """What notices of an appointment tell."""
    return {
        "office_id": booking.office_id,
        "starts_at": booking.starts_at.isoformat(),
        "services": booking.service_key,
        "number": number,
    }
