"""Wishes to be forgotten: what stands in their way is given back first, then they are carried out, once."""

import contextlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, or_, select
from sqlmodel import Session, col

from core.bookings import ENDED, UNSETTLED, BookingState
from core.errors import BadInput
from models import bookings, chats, decisions, drafts, holds, mandates, people
from models.booking import Booking
from models.chat_message import ChatMessage
from models.erasure import Erasure
from models.watch import Watch


class Stage(StrEnum):
    """Waits: something is under way at the City. Refused: the City would not have an appointment back."""

    WAITS = "waits"
    REFUSED = "refused"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Standing:
    """A booking of somebody's as it stands, with the number the City shows for it."""

    booking: Booking
    number: str

    @property
    def under_way(self) -> bool:
        return self.booking.state in UNSETTLED


@dataclass(frozen=True, slots=True)
class Erased:
    """`files` are for the caller to delete. `given_back` ended for the wish's sake, `left` stands at the City still."""

    files: Sequence[str]
    given_back: Sequence[Standing]
    left: Sequence[Standing]


def ask(
    session: Session, chat_id: int, *, person_id: int | None, cancels: bool, now: datetime
) -> tuple[Erasure, Sequence[int]]:
    """The wish as a row, and the bookings that a worker is to give back now.

    All looking for them ends at once. Without `person_id` it is about everybody the chat stands for.
    """
    withdraw(session, chat_id, person_id=person_id)
    erasure = Erasure(chat_id=chat_id, person_id=person_id, cancels=cancels, asked_at=now)
    session.add(erasure)
    session.flush()
    theirs = _persons(session, erasure)
    for one in theirs:
        mandates.revoke_all(session, one, now=now)
    return erasure, give_back(session, theirs, appointments=cancels, now=now)


def give_back(session: Session, person_ids: Collection[int], *, appointments: bool, now: datetime) -> Sequence[int]:
    """What is under way for them, and with `appointments` what is confirmed, is to be given back; which these are."""
    asked = []
    for one in _standing(session, person_ids, now=now):
        if not one.under_way and not appointments:
            continue
        if one.booking.offered_until is not None:
            with contextlib.suppress(BadInput):  # answered already, or over
                decisions.answer(session, one.booking.id, yes=False, now=now)
        with contextlib.suppress(BadInput):  # it has begun
            decisions.ask_cancel(session, one.booking.id, now=now)
            asked.append(one.booking.id)
    return asked


def withdraw(session: Session, chat_id: int, *, person_id: int | None) -> bool:
    """Whether there was such a wish. What ended for its sake does not begin again."""
    same = (col(Erasure.chat_id) == chat_id) & (col(Erasure.person_id).is_not_distinct_from(person_id))
    return session.exec(delete(Erasure).where(same)).rowcount > 0


def find(session: Session, erasure_id: int) -> Erasure | None:
    return session.get(Erasure, erasure_id)


def of_chat(session: Session, chat_id: int) -> Sequence[Erasure]:
    return session.scalars(select(Erasure).where(col(Erasure.chat_id) == chat_id).order_by(col(Erasure.id))).all()


def waiting(session: Session) -> Sequence[int]:
    """All that are neither carried out nor withdrawn."""
    return session.scalars(select(col(Erasure.id)).order_by(col(Erasure.id))).all()


def standing(session: Session, chat_id: int, *, person_id: int | None, now: datetime) -> Sequence[Standing]:
    """What is under way for those, and the appointments they have ahead."""
    return _standing(session, _affected(session, chat_id, person_id), now=now)


def stage(session: Session, erasure: Erasure, *, now: datetime) -> Stage:
    found = standing(session, erasure.chat_id, person_id=erasure.person_id, now=now)
    if any(one.under_way for one in found):
        return Stage.WAITS
    if not erasure.cancels or not found:
        return Stage.READY
    return Stage.WAITS if all(one.booking.cancel_asked_at for one in found) else Stage.REFUSED


def carry_out(session: Session, erasure_id: int, *, now: datetime) -> Erased | None:
    """Forget; None when somebody was faster, or something stands in the way again."""
    erasure = session.get(Erasure, erasure_id, with_for_update=True)
    if erasure is None or stage(session, erasure, now=now) is not Stage.READY:
        return None
    theirs = _persons(session, erasure)
    ended = _ended(session, theirs, since=erasure.asked_at)
    left = _standing(session, theirs, now=now)
    if erasure.person_id is None:
        files = chats.forget(session, erasure.chat_id, now=now)
    else:
        _forget_traces(session, erasure.chat_id, erasure.person_id)
        files = people.erase(session, erasure.person_id, now=now)
    return Erased(files, ended, left)


def _persons(session: Session, erasure: Erasure) -> Sequence[int]:
    return _affected(session, erasure.chat_id, erasure.person_id)


def _affected(session: Session, chat_id: int, person_id: int | None) -> Sequence[int]:
    return [person_id] if person_id is not None else [one.id for one in chats.people_of(session, chat_id)]


def _standing(session: Session, person_ids: Collection[int], *, now: datetime) -> Sequence[Standing]:
    theirs = select(Booking).where(col(Booking.person_id).in_(person_ids), bookings.live())
    ahead = or_(col(Booking.state).in_(UNSETTLED), col(Booking.starts_at) > now)
    return _numbered(session, session.scalars(theirs.where(ahead).order_by(col(Booking.starts_at))).all())


def _ended(session: Session, person_ids: Collection[int], *, since: datetime) -> Sequence[Standing]:
    theirs = select(Booking).where(col(Booking.person_id).in_(person_ids), col(Booking.state).in_(ENDED))
    asked = theirs.where(col(Booking.cancel_asked_at).is_not(None), col(Booking.moved_at) >= since)
    gone = asked.where(col(Booking.state).in_([BookingState.CANCELLED, BookingState.RELEASED]))
    return _numbered(session, session.scalars(gone.order_by(col(Booking.starts_at))).all())


def _numbered(session: Session, found: Iterable[Booking]) -> Sequence[Standing]:
    holds_of = ((one, holds.of_booking(session, one.id)) for one in found)
    return [Standing(one, hold.display_number if hold else "") for one, hold in holds_of]


def _forget_traces(session: Session, chat_id: int, person_id: int) -> None:
    """Of one person among several: which messages told of them, and whatever was half said."""
    booked = session.scalars(select(col(Booking.id)).where(col(Booking.person_id) == person_id)).all()
    watched = session.scalars(select(col(Watch.id)).where(col(Watch.person_id) == person_id)).all()
    things = {*(f"booking:{one}" for one in booked), *(f"watch:{one}" for one in watched)}
    for message in session.scalars(select(ChatMessage).where(col(ChatMessage.chat_id) == chat_id)).all():
        if ":".join(message.purpose.split(":")[:2]) in things:
            session.delete(message)
    drafts.drop(session, chat_id)
