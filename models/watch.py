"""A person's wish kept open."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field

from core.services import ServiceCount
from core.wishes import Mode, WishRules
from models.columns import NUMBERS, SERVICES, model, word
from models.row import Row


class WatchState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    FULFILLED = "fulfilled"
    STOPPED = "stopped"
    ENDED = "ended"


class Watch(Row, table=True):
    """`office_ids` in order of preference, none meaning any; `since` is when the waiting began.

    `improves_id` names the booking that a slot earlier by `minimum_gain` shall replace. It is no foreign key, since
    bookings already point here.
    """

    __table_args__ = (Index(None, "target_id", "state"), Index(None, "state", "deadline"))

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    mandate_id: int = Field(foreign_key="mandate.id", index=True)
    target_id: int = Field(foreign_key="target.id")
    services: tuple[ServiceCount, ...] = Field(sa_type=SERVICES)
    office_ids: tuple[int, ...] = Field(default=(), sa_type=NUMBERS)
    rules: WishRules = Field(sa_type=model(WishRules))
    mode: Mode = Field(sa_type=word(Mode))
    state: WatchState = Field(default=WatchState.OPEN, sa_type=word(WatchState))
    since: datetime
    deadline: datetime | None = None
    ended_reason: str = ""
    improves_id: int | None = None
    minimum_gain: timedelta | None = None

    @property
    def search(self) -> str:
        """Whether it is still looked for, as notices say it."""
        return {WatchState.OPEN: "on", WatchState.PAUSED: "paused"}.get(self.state, "over")
