"""The typed answer of one visit. Only a complete answer in a known dialect may say `none`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Look:
    """One visit's answer.

    `days` are all days the City offers, with their offices; `slots` the times of the days that were asked;
    `unread_days` the days whose times were not asked (the request budget, or no watch could take them).
    `requests` counts the calls to the City's API this look caused, `received` the bytes of their answers' bodies;
    `evidence` are files kept on a surprise.
    `office_ids` are the offices that were asked for, none meaning any; None where that is not known.
    """

    answer: Answer
    started_at: datetime
    finished_at: datetime
    dialect: Dialect | None = None
    slots: tuple[Slot, ...] = ()
    days: tuple[date, ...] = ()
    unread_days: tuple[date, ...] = ()
    requests: int = 0
    received: int = 0
    budget: Budget | None = None
    detail: str = ""
    evidence: tuple[str, ...] = field(default=())
    office_ids: frozenset[int] | None = None

    @property
    def sighted(self) -> bool:
        return self.answer in SIGHTED
