"""Whose turn it is to deliver to a chat, and which chats have something due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from models import notices
from models.chat import Chat, ChatState
from models.chat_person import ChatPerson
from models.notice import Notice


def lease(session: Session, chat_id: int, *, owner: str, until: datetime, now: datetime) -> bool:
    """Whether the owner alone delivers to this active chat until then; not while another does, or Telegram refuses."""
    free = or_(col(Chat.lease_until).is_(None), col(Chat.lease_until) <= now, col(Chat.leased_by) == owner)
    rested = or_(col(Chat.rest_until).is_(None), col(Chat.rest_until) <= now)
    mine = (col(Chat.id) == chat_id) & (col(Chat.state) == ChatState.ACTIVE) & free & rested
    return session.exec(update(Chat).where(mine).values(lease_until=until, leased_by=owner)).rowcount == 1


def is_leased(session: Session, chat_id: int, *, now: datetime) -> bool:
    """Whether somebody delivers to it now."""
    until = session.get_one(Chat, chat_id).lease_until
    return until is not None and until > now


def release(session: Session, chat_id: int, *, owner: str, rest_until: datetime | None = None) -> None:
    """Let go of it; with `rest_until`, nothing is sent to it before then."""
    mine = (col(Chat.id) == chat_id) & (col(Chat.leased_by) == owner)
    session.exec(update(Chat).where(mine).values(lease_until=None, leased_by="", rest_until=rest_until))


def with_due_notices(session: Session, *, now: datetime, limit: int = 500) -> Sequence[int]:
    """Active chats to which something is to be told now, those whose news are oldest first."""
    rested = or_(col(Chat.rest_until).is_(None), col(Chat.rest_until) <= now)
    free = or_(col(Chat.lease_until).is_(None), col(Chat.lease_until) <= now)
    due = (
        select(col(Chat.id))
        .select_from(Notice)
        .outerjoin(ChatPerson, col(ChatPerson.person_id) == col(Notice.person_id))
        .join(Chat, col(Chat.id) == notices.reader())
        .where(col(Notice.told_at).is_(None), col(Notice.next_try_at) <= now)
        .where(col(Chat.state) == ChatState.ACTIVE, rested, free)
        .order_by(col(Notice.id))
        .limit(limit)
    )
    return tuple(dict.fromkeys(session.scalars(due)))
