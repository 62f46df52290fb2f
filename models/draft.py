"""What a person has half said, so that it survives a restart of everything."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.row import Row


class Draft(Row, table=True):
    """`sealed` is JSON, and may hold names. `kind` is the conversation it belongs to."""

    __table_args__ = (UniqueConstraint("chat_id", "kind"),)

    id: int = Field(default=None, primary_key=True)
    chat_id: int = Field(foreign_key="chat.id")
    kind: str
    sealed: str = Field(repr=False)
    updated_at: datetime
