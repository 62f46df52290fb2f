"""Does this slot please? A person's rules, as a pure question. Days and hours are those of Munich."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import BadInput
from core.slots import Slot, in_munich


class Mode(StrEnum):
    NOTIFY = "notify"
    ASK = "ask"
    AUTO = "auto"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DayRange(_Frozen):
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"the range ends ({self.last}) before it begins ({self.first})")
        return self

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


class HourRange(_Frozen):
    """`start` belongs to the range, `end` does not. `weekday` 0 is Monday; None is every day of the week."""

    start: time
    end: time
    weekday: int | None = Field(default=None, ge=0, le=6)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"the hours end ({self.end}) before they begin ({self.start})")
        return self

    def holds(self, moment: datetime) -> bool:
        return self.weekday in (None, moment.weekday()) and self.start <= moment.time() < self.end


class WishRules(_Frozen):
    """Empty ranges and hours mean any. `latest` is the last day that still helps."""

    ranges: tuple[DayRange, ...] = ()
    excluded: frozenset[date] = frozenset()
    hours: tuple[HourRange, ...] = ()
    minimum_notice: timedelta = timedelta(0)
    latest: date | None = None

    @property
    def last_day(self) -> date | None:
        """After which no slot can please any more; None where the rules name no end."""
        ends = [self.latest] if self.latest is not None else []
        if self.ranges:
            ends.append(max(span.last for span in self.ranges))
        return min(ends, default=None)

    def takes_day(self, day: date) -> bool:
        if day in self.excluded or (self.latest is not None and day > self.latest):
            return False
        if self.hours and not any(hours.weekday in (None, day.weekday()) for hours in self.hours):
            return False
        return not self.ranges or any(day in span for span in self.ranges)

    def pleases(self, slot: Slot, *, now: datetime) -> bool:
        return self.refusal(slot, now=now) is None

    def refusal(self, slot: Slot, *, now: datetime) -> str | None:
        """Which rule turns this slot down, by its field's name; None when it pleases."""
        return next(iter(self.refusals(slot, now=now)), None)

    def refusals(self, slot: Slot, *, now: datetime) -> tuple[str, ...]:
        """Every rule that turns this slot down, by its field's name."""
        local = slot.local
        day = local.date()
        checks = {
            "minimum_notice": slot.starts_at - now < self.minimum_notice or slot.starts_at <= now,
            "latest": self.latest is not None and day > self.latest,
            "excluded": day in self.excluded,
            "ranges": bool(self.ranges) and not any(day in span for span in self.ranges),
            "hours": bool(self.hours) and not any(hours.holds(local) for hours in self.hours),
        }
        return tuple(rule for rule, turns_down in checks.items() if turns_down)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person would take. `office_ids` in order of preference, none meaning any.

    `before` bounds the slots of somebody who already has an appointment and wants an earlier one.
    """

    rules: WishRules
    office_ids: tuple[int, ...] = ()
    before: datetime | None = None

    def pleases(self, slot: Slot, *, now: datetime) -> bool:
        return not self.refusals(slot, now=now)

    def refusals(self, slot: Slot, *, now: datetime) -> tuple[str, ...]:
        """As of the rules; `offices` and `before` are refusals too."""
        own = []
        if self.office_ids and slot.office_id not in self.office_ids:
            own.append("offices")
        if self.before is not None and slot.starts_at > self.before:
            own.append("before")
        return (*own, *self.rules.refusals(slot, now=now))


def gives_up_at(rules: WishRules) -> datetime | None:
    """The end of the last day that the rules name, in Munich; None where they name none."""
    last = rules.last_day
    return None if last is None or last == date.max else in_munich(last + timedelta(days=1), time.min)


def ahead(rules: WishRules, *, today: date) -> WishRules:
    """The same rules without the days that are over, as long as others are left."""
    ranges = tuple(span for span in rules.ranges if span.last >= today) or rules.ranges
    return rules.model_copy(
        update={"ranges": ranges, "excluded": frozenset(day for day in rules.excluded if day >= today)}
    )


def refuse_past(rules: WishRules, *, today: date) -> None:
    """Raise BadInput when no day the rules allow still lies ahead."""
    if rules.latest is not None and rules.latest < today:
        raise BadInput(f"The latest day ({rules.latest}) lies in the past.", field="latest", code="past")
    for span in rules.ranges:
        if span.last < today:
            raise BadInput(f"The days {span.first} to {span.last} lie in the past.", field="days", code="past_days")


def refuse_none(rules: WishRules, *, today: date, last: date) -> None:
    """Raise BadInput when the rules leave no day from today to the last one that the City may offer."""
    if not any(rules.takes_day(today + timedelta(days=number)) for number in range((last - today).days + 1)):
        raise BadInput("These rules leave no day at all.", field="days", code="no_day")
