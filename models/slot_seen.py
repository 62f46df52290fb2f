"""A slot the City offered for a target, and for how long."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from core.slots import Slot
from models.row import Row


class SlotSeen(Row, table=True):
    """`first_seen_at` begins anew when a slot that was gone is offered again: somebody gave it back.

    `unseen_at` is when it was last known not to be on offer before that, so it appeared after `unseen_at` and not
    after `first_seen_at`; None where no look shortly before could have seen it.
    """

    __tablename__ = "slot_seen"
    __table_args__ = (
        UniqueConstraint("target_id", "office_id", "starts_at"),
        Index(None, "target_id", "gone_at"),
        Index(None, "target_id", "first_seen_at"),
    )

    id: int = Field(default=None, primary_key=True)
    target_id: int = Field(foreign_key="target.id")
    office_id: int
    starts_at: datetime = Field(index=True)
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None = None
    unseen_at: datetime | None = None

    @property
    def slot(self) -> Slot:
        return Slot(starts_at=self.starts_at, office_id=self.office_id)
