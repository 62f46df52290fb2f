"""What becomes of watches when their chat takes no messages any more, and when it does again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import watches
from models.chat_person import ChatPerson
from models.watch import Watch, WatchState

UNREACHABLE = "chat-blocked"


def of_chat(session: Session, chat_id: int, *states: WatchState) -> Sequence[Watch]:
    """The watches of all persons the chat stands for, in these states or in any."""
    theirs = select(Watch).join(ChatPerson, col(ChatPerson.person_id) == col(Watch.person_id))
    theirs = theirs.where(col(ChatPerson.chat_id) == chat_id, col(Watch.state).in_(states or tuple(WatchState)))
    return session.scalars(theirs.order_by(col(Watch.id))).all()


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
