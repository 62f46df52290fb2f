"""Somebody wants to be forgotten, and something stands in the way yet: an errand that survives every restart."""

from datetime import datetime

from sqlmodel import Field

from models.row import Row


class Erasure(Row, table=True):
    """Without `person_id` the chat and everybody it stands for. It is there until it was carried out or withdrawn.

    `cancels` says that confirmed appointments are to be given back at the City first.
    """

    id: int = Field(default=None, primary_key=True)
    chat_id: int = Field(foreign_key="chat.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    cancels: bool
    asked_at: datetime
