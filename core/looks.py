"""The typed answer of one visit. Only a complete answer in a known dialect may say `none`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from core.slots import Slot


class Answer(StrEnum):
    FREE = "free"
    NONE = "none"
    THROTTLED = "throttled"
    BLOCKED = "blocked"
    CAPTCHA = "captcha"
    MAINTENANCE = "maintenance"
    CHANGED = "changed"
    FAILED = "failed"


SIGHTED = frozenset({Answer.FREE, Answer.NONE})


class Dialect(StrEnum):
    """The generations of the City's API we can read, named after the month they were studied in."""

    FEB = "feb"
    AUG = "aug"


@dataclass(frozen=True, slots=True)
class Budget:
    """What the City said of its request budget in the last answer's X-RateLimit headers."""

    limit: int
    remaining: int
    resets_at: datetime


class Sight(BaseModel):
    """What a look could see: these offices (none named: any), but for `unread` days, and no day from `beyond` on.

    `at` is when it began: whatever it saw, it saw later. An unread day names the look that last read it, `beyond_at`
    the one that last read all days from `beyond` on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    office_ids: frozenset[int] = frozenset()
    unread: dict[date, datetime | None] = Field(default_factory=dict)
    beyond: date | None = None
    beyond_at: datetime | None = None

    def covers(self, slot: Slot) -> bool:
        return self.knew(slot) == self.at

    def knew(self, slot: Slot) -> datetime | None:
        """When a look began that would have seen this slot: this one or, for a day it did not read, an earlier one."""
        asked = not self.office_ids or slot.office_id in self.office_ids
        return self.read_at(slot.day) if asked else None

    def following(self, before: Self | None) -> Self:
        """The same with what the look before knew of the days that this one did not read."""
        if before is None or before.office_ids != self.office_ids:
            return self
        unread = {day: before.read_at(day) for day in self.unread}
        beyond_at = before.all_read_at(self.beyond) if self.beyond else None
        return self.model_copy(update={"unread": unread, "beyond_at": beyond_at})

    def read_at(self, day: date) -> datetime | None:
        if self.beyond is not None and day >= self.beyond:
            return self.beyond_at
        return self.unread.get(day, self.at)

    def all_read_at(self, first: date) -> datetime | None:
        """When the one of the days from `first` on was read that was read longest ago."""
        reads = [self.at, *(self.read_at(day) for day in self.unread if day >= first)]
        if self.beyond is not None:
            reads.append(self.beyond_at)
        known = [at for at in reads if at is not None]
        return min(known) if len(known) == len(reads) else None


@dataclass(frozen=True, slots=True)
class Look:
    """One visit's answer.

    `days` are all days the City offers, with their offices; `slots` the times of the days that were asked;
    `unread_days` the days whose times were not asked (the request budget, or no watch could take them).
    `office_ids` are the offices that were asked, none meaning any, None that they are not known; of days from `beyond`
    on nothing was asked at all.
    `cut_short` is what the City answered when it would tell no more days of a look that had seen some.
    `requests` counts the calls to the City's API this look caused, `received` the bytes of their answers' bodies;
    `evidence` are files kept on a surprise.
    """

    answer: Answer
    started_at: datetime
    finished_at: datetime
    dialect: Dialect | None = None
    slots: tuple[Slot, ...] = ()
    days: tuple[date, ...] = ()
    unread_days: tuple[date, ...] = ()
    office_ids: frozenset[int] | None = None
    beyond: date | None = None
    requests: int = 0
    received: int = 0
    budget: Budget | None = None
    cut_short: Answer | None = None
    detail: str = ""
    evidence: tuple[str, ...] = field(default=())

    @property
    def sighted(self) -> bool:
        return self.answer in SIGHTED

    @property
    def sight(self) -> Sight:
        return Sight(
            at=self.started_at,
            office_ids=self.office_ids or frozenset(),
            unread=dict.fromkeys(self.unread_days),
            beyond=self.beyond,
        )
