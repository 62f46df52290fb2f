"""Appointments as their persons see them: those ahead, those past, and those that are being given back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core import visits as rules
from core.bookings import BookingState
from core.quiet import QuietHours
from core.slots import Slot
from models import bookings, events
from models.booking import Booking
from models.chat import Chat, ChatSettings
from models.chat_person import ChatPerson
from models.event import Event
from models.hold import Hold
from models.notice import Notice

KEPT_IN_SIGHT = timedelta(days=7)  # past appointments in a list
ASKED = "booking.asked"
ASKED_AGAIN = timedelta(minutes=30)  # at the soonest, where the City did not answer


@dataclass(frozen=True, slots=True)
class Ahead:
    """An appointment ahead: what the City keeps of it, and what the chat of its person chose, if there is one."""

    booking: Booking
    hold: Hold | None
    settings: ChatSettings | None

    @property
    def number(self) -> str:
        return self.hold.display_number if self.hold else ""

    @property
    def read_at(self) -> datetime | None:
        """When the City was last asked how it stands."""
        return self.hold.read_at if self.hold else None

    @property
    def quiet(self) -> QuietHours | None:
        """The chat's quiet hours."""
        chosen = self.settings
        if chosen is None or chosen.quiet_from is None or chosen.quiet_to is None:
            return None
        return QuietHours(chosen.quiet_from, chosen.quiet_to) if chosen.quiet_from != chosen.quiet_to else None


def ahead(session: Session, *, within: timedelta, now: datetime) -> Sequence[Ahead]:
    """What stands and begins within that time. Not what is being given back, for whatever reason."""
    newer = aliased(Booking)
    replaced = exists().where(col(newer.replaces_id) == col(Booking.id), col(newer.state) == BookingState.CONFIRMED)
    soon = (col(Booking.starts_at) > now) & (col(Booking.starts_at) <= now + within)
    standing = (
        select(Booking, Hold, Chat)
        .outerjoin(Hold, col(Hold.booking_id) == col(Booking.id))
        .outerjoin(ChatPerson, col(ChatPerson.person_id) == col(Booking.person_id))
        .outerjoin(Chat, col(Chat.id) == col(ChatPerson.chat_id))
        .where(col(Booking.state) == BookingState.CONFIRMED, col(Booking.over_at).is_(None), soon)
        .where(col(Booking.cancel_asked_at).is_(None), ~replaced)
    )
    found = session.execute(standing.order_by(col(Booking.id)))
    return [Ahead(booking, hold, chat.settings if chat else None) for booking, hold, chat in found]


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


def to_ask(session: Session, *, now: datetime) -> Sequence[int]:
    """Of what stands and is in nobody's hands: which the City should be asked about now, the most urgent first.

    Not what it was asked about lately: an answer that did not come is waited for, and not asked for at once again.
    """
    near = [one for one in ahead(session, within=rules.FARTHEST, now=now) if one.hold and one.hold.sealed_key]
    due = {one.booking.id: by for one in near if _unleased(one.booking, now=now) and (by := _asks_by(one, now=now))}
    lately = _asked(session, due, since=now - ASKED_AGAIN)
    return sorted(due.keys() - lately, key=lambda booking_id: (due[booking_id], booking_id))


def is_fresh(one: Ahead) -> bool:
    """Whether the City was heard of it late enough before its first reminder."""
    booking = one.booking
    return rules.is_fresh(booking.starts_at, known_at=booking.moved_at, quiet=one.quiet, read_at=one.read_at)


def note_asked(session: Session, booking: Booking, *, now: datetime) -> None:
    """Before the City answers: so an answer that never comes counts as well."""
    events.note(session, ASKED, now=now, booking_id=booking.id)


def shift(session: Session, booking: Booking, slot: Slot, *, number: str, now: datetime) -> None:
    """The City has moved it there: it is news again, and its person will be reminded of the new time."""
    was = booking.starts_at
    booking.office_id, booking.starts_at, booking.moved_at = slot.office_id, slot.starts_at, now
    bookings.note(session, booking, "booking.moved", now=now, was=was.isoformat(), starts_at=slot.starts_at.isoformat())
    session.exec(update(Hold).where(col(Hold.booking_id) == booking.id).values(display_number=number))
    kinds = [str(reminder) for reminder in rules.Reminder]
    before = (col(Notice.booking_id) == booking.id) & col(Notice.kind).in_(kinds)
    session.exec(update(Notice).where(before).values(dedupe=None))


def facts(booking: Booking, *, number: str) -> Mapping[str, Any]:
    """What notices of an appointment tell."""
    return {
        "office_id": booking.office_id,
        "starts_at": booking.starts_at.isoformat(),
        "services": booking.service_key,
        "number": number,
    }


def _asks_by(one: Ahead, *, now: datetime) -> datetime | None:
    booking = one.booking
    return rules.asks_by(
        booking.starts_at,
        known_at=booking.moved_at,
        quiet=one.quiet,
        read_at=one.read_at,
        turn=booking.id,
        now=now,
    )


def _unleased(booking: Booking, *, now: datetime) -> bool:
    return booking.lease_until is None or booking.lease_until <= now


def _asked(session: Session, booking_ids: Collection[int], *, since: datetime) -> set[int]:
    if not booking_ids:
        return set()
    lately = (col(Event.kind) == ASKED) & (col(Event.at) > since) & col(Event.booking_id).in_(booking_ids)
    return {one for one in session.scalars(select(col(Event.booking_id)).where(lately)) if one is not None}
