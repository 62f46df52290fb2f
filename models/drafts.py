"""Drafts: one for each conversation of a chat, sealed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from models.database import AlreadyThere, put
from models.draft import Draft
from models.keyring import Keyring


def keep(
    session: Session, keyring: Keyring, chat_id: int, kind: str, content: Mapping[str, Any], *, now: datetime
) -> None:
    """Write it down, in place of what this conversation had before; `content` must be plain JSON."""
    draft = _of(session, chat_id, kind) or _begun(session, chat_id, kind, now=now)
    draft.sealed, draft.updated_at = keyring.seal(json.dumps(content)), now
    session.flush()


def load(session: Session, keyring: Keyring, chat_id: int, kind: str) -> dict[str, Any] | None:
    draft = _of(session, chat_id, kind)
    return None if draft is None else dict(json.loads(keyring.open(draft.sealed)))


def newest(session: Session, chat_id: int) -> str | None:
    """The kind of the conversation that the chat was in last, and that typed words belong to."""
    every = select(col(Draft.kind)).where(col(Draft.chat_id) == chat_id)
    return session.scalars(every.order_by(col(Draft.updated_at).desc(), col(Draft.id).desc())).first()


def kinds(session: Session, chat_id: int) -> Sequence[str]:
    return session.scalars(select(col(Draft.kind)).where(col(Draft.chat_id) == chat_id).order_by(col(Draft.id))).all()


def drop(session: Session, chat_id: int, kind: str | None = None) -> Sequence[str]:
    """Forget it, or all of the chat's; the kinds of those that were there."""
    those = col(Draft.chat_id) == chat_id
    if kind is not None:
        those &= col(Draft.kind) == kind
    return session.scalars(delete(Draft).where(those).returning(col(Draft.kind))).all()


def sweep(session: Session, *, before: datetime) -> None:
    session.exec(delete(Draft).where(col(Draft.updated_at) < before))


def _of(session: Session, chat_id: int, kind: str) -> Draft | None:
    return session.scalars(select(Draft).where(col(Draft.chat_id) == chat_id, col(Draft.kind) == kind)).first()


def _begun(session: Session, chat_id: int, kind: str, *, now: datetime) -> Draft:
    draft = Draft(chat_id=chat_id, kind=kind, sealed="", updated_at=now)
    try:
        put(session, draft)
    except AlreadyThere:  # another process began it at the same moment
        return session.scalars(select(Draft).where(col(Draft.chat_id) == chat_id, col(Draft.kind) == kind)).one()
    return draft
