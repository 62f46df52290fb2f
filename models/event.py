"""The flight recorder: what happened, in order, without personal data."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.row import Row


class Event(Row, table=True):
    """`kind` is a dotted fact such as `booking.held`."""

    __table_args__ = ({"sqlite_autoincrement": True},)  # readers go on from the last id: none may be given twice

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    kind: str
    target_id: int | None = Field(default=None, foreign_key="target.id", index=True)
    watch_id: int | None = Field(default=None, foreign_key="watch.id", index=True)
    booking_id: int | None = Field(default=None, foreign_key="booking.id", index=True)
    look_id: int | None = Field(default=None, foreign_key="look.id", index=True, ondelete="SET NULL")
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
