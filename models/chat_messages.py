"""Which message of a chat stands for what now: that one is edited, and buttons of any other are stale."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlmodel import Session, col

from models.chat_message import ChatMessage
from models.database import AlreadyThere, put


class Before(NamedTuple):
    message_id: int
    shows: str


def current(session: Session, chat_id: int, purpose: str) -> ChatMessage | None:
    those = (col(ChatMessage.chat_id) == chat_id) & (col(ChatMessage.purpose) == purpose)
    return session.scalars(select(ChatMessage).where(those)).first()


def of_message(session: Session, chat_id: int, message_id: int) -> ChatMessage | None:
    """What a message stands for; None when something newer does, or nothing ever did."""
    those = (col(ChatMessage.chat_id) == chat_id) & (col(ChatMessage.message_id) == message_id)
    return session.scalars(select(ChatMessage).where(those).order_by(col(ChatMessage.id).desc())).first()


def put_down(
    session: Session, chat_id: int, purpose: str, message_id: int, *, now: datetime, shows: str = ""
) -> Before | None:
    """From now on this message stands for the purpose alone; the message that did before, if it was another one."""
    same = (col(ChatMessage.chat_id) == chat_id) & (col(ChatMessage.message_id) == message_id)
    session.exec(delete(ChatMessage).where(same, col(ChatMessage.purpose) != purpose))
    known = current(session, chat_id, purpose)
    if known is None:
        made = ChatMessage(chat_id=chat_id, purpose=purpose, message_id=message_id, shows=shows, updated_at=now)
        try:
            put(session, made)
        except AlreadyThere:  # another process wrote it at the same moment
            return put_down(session, chat_id, purpose, message_id, now=now, shows=shows)
        return None
    before = Before(known.message_id, known.shows)
    known.message_id, known.shows, known.updated_at = message_id, shows, now
    session.flush()
    return before if before.message_id != message_id else None


def drop(session: Session, chat_id: int, purpose: str) -> None:
    those = (col(ChatMessage.chat_id) == chat_id) & (col(ChatMessage.purpose) == purpose)
    session.exec(delete(ChatMessage).where(those))


def sweep(session: Session, *, before: datetime) -> None:
    session.exec(delete(ChatMessage).where(col(ChatMessage.updated_at) < before))
