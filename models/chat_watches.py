"""The watches of a chat, and what becomes of them when it takes no messages any more, and when it does again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import bookings, watches
from models.booking import Booking
from models.chat_person import ChatPerson
from models.watch import Watch, WatchState

UNREACHABLE = "chat-blocked"


def of_chat(session: Session, chat_id: int, *states: WatchState) -> Sequence[Watch]:
    """The watches of all persons the chat stands for, in these states or in any."""
    theirs = select(Watch).join(ChatPerson, col(ChatPerson.person_id) == col(Watch.person_id))
    theirs = theirs.where(col(ChatPerson.chat_id) == chat_id, col(Watch.state).in_(states or tuple(WatchState)))
    return session.scalars(theirs.order_by(col(Watch.id))).all()


def bookings_of(session: Session, watch_ids: Collection[int]) -> Mapping[int, list[Booking]]:
    """By watch, what is under way or stands, the oldest first."""
    theirs = select(Booking).where(col(Booking.watch_id).in_(watch_ids), bookings.live()).order_by(col(Booking.id))
    found: dict[int, list[Booking]] = {}
    for booking in session.scalars(theirs):
        found.setdefault(booking.watch_id, []).append(booking)
    return found


def pause(session: Session, chat_id: int, *, now: datetime) -> Sequence[int]:
    return [
        watches.pause(session, watch.id, reason=UNREACHABLE, now=now).id
        for watch in of_chat(session, chat_id, WatchState.OPEN)
    ]


def go_on(session: Session, chat_id: int, *, now: datetime) -> Sequence[int]:
    """Open again what was paused for that reason alone."""
    return [
        watches.resume(session, watch.id, now=now).id
        for watch in of_chat(session, chat_id, WatchState.PAUSED)
        if watch.ended_reason == UNREACHABLE
    ]
