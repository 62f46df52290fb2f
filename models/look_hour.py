"""What an hour's looks at a target add up to, kept when the looks themselves are forgotten."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.row import Row


class LookHour(Row, table=True):
    """`looks` that could see, the `seconds` in which a slot that appears is dated by them, the `slots` that were."""

    __tablename__ = "look_hour"
    __table_args__ = (UniqueConstraint("target_id", "begins_at"),)

    id: int = Field(default=None, primary_key=True)
    target_id: int = Field(foreign_key="target.id")
    begins_at: datetime = Field(index=True)
    looks: int
    seconds: float
    slots: int
