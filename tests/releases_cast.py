"""Appearances and hours of sight, as looks would have recorded them."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from core.appearances import Appearance, SightHour
from core.slots import BERLIN, Slot

MONDAY = date(2026, 3, 2)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def berlin(day: date, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, fold=fold), tzinfo=BERLIN)


def appeared(at: datetime, number: int = 0, *, lead_days: int = 1, gone_after: timedelta | None = None) -> Appearance:
    """One slot of many that a look saw first at this moment."""
    starts_at = berlin(at.astimezone(BERLIN).date() + lead_days * DAY, 9 + number // 60, number % 60)
    return Appearance(
        Slot(starts_at, office_id=1),
        after=at - MINUTE,
        by=at,
        last_seen_at=at + (gone_after or 5 * MINUTE),
        gone_at=at + gone_after if gone_after else None,
    )


def watched(
    first: date, days: int, hours: range = range(24), *, slots: Mapping[tuple[int, int], int] = MappingProxyType({})
) -> tuple[SightHour, ...]:
    """These hours of each of these days, all of them in sight; `slots` by the number of the day and the hour."""
    return tuple(
        SightHour(berlin(first + number * DAY, hour), looks=55, seen=HOUR, slots=slots.get((number, hour), 0))
        for number in range(days)
        for hour in hours
    )
