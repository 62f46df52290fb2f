"""An operator's word to everybody: a notice for each active chat, written once however often it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from core.errors import BadInput
from models.chat import Chat, ChatState
from models.database import announce, insertion
from models.notice import Notice
from models.redaction import redacted

PAUSE = timedelta(minutes=5)  # between two of them: more would be noise
_AT_ONCE = 500  # rows a statement
_MARK = "broadcast:"


@dataclass(frozen=True, slots=True)
class Spread:
    """How many chats it was written for, and how many have been told."""

    written: int
    told: int


def send(session: Session, token: str, *, kind: str, facts: Mapping[str, Any], now: datetime) -> int:
    """How many chats it goes to. `token` names the word; raises BadInput when the last one is too near."""
    last = session.scalars(select(func.max(col(Notice.created_at))).where(_any(), ~_of(token))).one()
    if last is not None and now - last < PAUSE:
        minutes = 1 + int((last + PAUSE - now).total_seconds()) // 60
        raise BadInput("The last message to all was a moment ago.", code="broadcast_soon", count=minutes)
    readers = session.scalars(_readers().order_by(col(Chat.id))).all()
    for start in range(0, len(readers), _AT_ONCE):
        rows = [
            {
                "chat_id": chat_id,
                "kind": kind,
                "facts": redacted(facts),
                "created_at": now,
                "next_try_at": now,
                "attempts": 0,
                "dedupe": f"{_MARK}{token}:{chat_id}",
            }
            for chat_id in readers[start : start + _AT_ONCE]
        ]
        new = insertion(session, Notice).values(rows).on_conflict_do_nothing(index_elements=["dedupe"])
        for notice_id in session.scalars(new.returning(col(Notice.id))):
            announce(session, notice_id)
    return len(readers)


def readers(session: Session) -> int:
    """How many chats one would go to now."""
    return session.scalars(select(func.count()).select_from(_readers().subquery())).one()


def spread(session: Session, token: str) -> Spread:
    written, told = session.execute(
        select(func.count(), func.count(col(Notice.told_at))).select_from(Notice).where(_of(token))
    ).one()
    return Spread(written, told)


def _readers() -> Any:
    return select(col(Chat.id)).where(col(Chat.state) == ChatState.ACTIVE, col(Chat.sealed_id).is_not(None))


def _any() -> ColumnElement[bool]:
    return col(Notice.dedupe).startswith(_MARK)


def _of(token: str) -> ColumnElement[bool]:
    return col(Notice.dedupe).startswith(f"{_MARK}{token}:", autoescape=True)
