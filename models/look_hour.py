"""How long a target was in sight within an hour, kept when the looks themselves are forgotten."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.row import Row


class LookHour(Row, table=True):
    """`looks` that could see, and the `seconds` in which a slot that appears would have been dated by them."""

    __tablename__ = "look_hour"
    __table_args__ = (UniqueConstraint("target_id", "begins_at"),)

    id: int = Field(default=None, primary_key=True)
    target_id: int = Field(foreign_key="target.id")
    begins_at: datetime = Field(index=True)
    looks: int
    seconds: float
