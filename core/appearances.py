"""Slots as they appeared before MTA's eyes, and what can be counted of them. Hours are those of Munich's clock."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.slots import BERLIN, Slot

Cell = tuple[int, int]  # weekday, Monday being 0, and hour


@dataclass(frozen=True, slots=True)
class Appearance:
    """A slot that was not on offer at `after` and was at `by`, two looks not long after each other.

    It is counted at `by`, which is never before it appeared. It was last seen at `last_seen_at`; `gone_at` is when a
    look found it gone, None if none did or not soon enough to say when, or if it was a booking of ours that took it.
    """

    slot: Slot
    after: datetime
    by: datetime
    last_seen_at: datetime
    gone_at: datetime | None = None

    @property
    def lead_days(self) -> int:
        return (self.slot.day - self.by.astimezone(BERLIN).date()).days

    @property
    def stayed(self) -> timedelta:
        """How long at least, or how long if it was seen to go."""
        return (self.gone_at or self.last_seen_at) - self.by


@dataclass(frozen=True, slots=True)
class SightHour:
    """An hour of the calendar: looks that saw anything, how long a slot that appears would be dated, how many did."""

    begins_at: datetime
    looks: int
    seen: timedelta
    slots: int = 0

    @property
    def cell(self) -> Cell:
        return _cell(self.begins_at)

    @property
    def day(self) -> date:
        return self.begins_at.astimezone(BERLIN).date()


@dataclass(frozen=True, slots=True)
class Record:
    """What appeared, and when anybody looked: without the second, no appearance says nothing."""

    appearances: tuple[Appearance, ...] = ()
    hours: tuple[SightHour, ...] = ()

    @property
    def looks(self) -> int:
        return sum(hour.looks for hour in self.hours)

    @property
    def seen(self) -> timedelta:
        return sum((hour.seen for hour in self.hours), timedelta(0))


@dataclass(frozen=True, slots=True)
class Stay:
    """How long half of the slots stayed; `at_least` where fewer than half were seen to go. Both None without slots."""

    median: timedelta | None
    at_least: timedelta | None
    gone: int
    unknown: int


def slots_by_cell(hours: Iterable[SightHour]) -> Counter[Cell]:
    counted: Counter[Cell] = Counter()
    for hour in hours:
        if hour.slots:
            counted[hour.cell] += hour.slots
    return counted


def sight_by_cell(hours: Iterable[SightHour]) -> dict[Cell, timedelta]:
    """Cells that nobody looked into are missing."""
    sight: dict[Cell, timedelta] = {}
    for hour in hours:
        if hour.seen:
            sight[hour.cell] = sight.get(hour.cell, timedelta(0)) + hour.seen
    return sight


def slots_by_lead(appearances: Iterable[Appearance]) -> Counter[int]:
    """How many appeared for the same day (0), for the next, and so on."""
    return Counter(one.lead_days for one in appearances)


def stay(appearances: Iterable[Appearance]) -> Stay:
    """The median by Kaplan and Meier: what was not seen to go counts for as long as it was seen."""
    every = sorted(appearances, key=lambda one: (one.stayed, one.gone_at is None))
    gone = sum(one.gone_at is not None for one in every)
    median = _median(every)
    longest = every[-1].stayed if every and median is None else None
    return Stay(median=median, at_least=longest, gone=gone, unknown=len(every) - gone)


def _median(every: Sequence[Appearance]) -> timedelta | None:
    left = 1.0
    for at_risk, one in zip(range(len(every), 0, -1), every, strict=True):
        if one.gone_at is not None:
            left *= 1 - 1 / at_risk
            if left <= 1 / 2 + 1e-9:
                return one.stayed
    return None


def _cell(moment: datetime) -> Cell:
    local = moment.astimezone(BERLIN)
    return local.weekday(), local.hour
