"""One look at a target and its typed answer."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from core.looks import SIGHTED, Answer, Dialect
from models.columns import NUMBERS, TEXTS, word
from models.row import Row


class Look(Row, table=True):
    """`office_ids` as in core.looks.Look."""

    __table_args__ = (Index(None, "target_id", "started_at"),)

    id: int = Field(default=None, primary_key=True)
    target_id: int = Field(foreign_key="target.id")
    lane: str
    started_at: datetime
    finished_at: datetime = Field(index=True)
    answer: Answer = Field(sa_type=word(Answer))
    dialect: Dialect | None = Field(default=None, sa_type=word(Dialect))
    slots: int = 0
    requests: int = 0
    detail: str = ""
    evidence: tuple[str, ...] = Field(default=(), sa_type=TEXTS)
    office_ids: tuple[int, ...] | None = Field(default=None, sa_type=NUMBERS, nullable=True)

    @property
    def sighted(self) -> bool:
        return self.answer in SIGHTED
