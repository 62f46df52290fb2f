"""Something a person must be told: the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from models.row import Row

_UNTOLD = text("told_at IS NULL AND next_try_at IS NOT NULL")


class Notice(Row, table=True):
    """`facts` holds no personal data. `next_try_at` moves ahead while a deliverer has it; None is given up.

    It is for a person, or for a chat whomever that stands for: an operator's word to everybody.
    """

    __table_args__ = (
        Index("ix_notice_untold", "next_try_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        Index(None, "told_at"),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    watch_id: int | None = Field(default=None, foreign_key="watch.id", index=True)
    booking_id: int | None = Field(default=None, foreign_key="booking.id", index=True)
    kind: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime
    told_at: datetime | None = None
    attempts: int = 0
    next_try_at: datetime | None
    dedupe: str | None = Field(default=None, unique=True)
    chat_id: int | None = Field(default=None, foreign_key="chat.id", index=True)
