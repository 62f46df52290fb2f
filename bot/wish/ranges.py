"""Ranges of days as a person builds them up: added and merged, taken out, and spread over a calendar's marks."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from core.wishes import DayRange

A_DAY = timedelta(days=1)


def added(ranges: Iterable[DayRange], more: DayRange) -> tuple[DayRange, ...]:
    """In order; what overlaps the new range, or lies directly beside it, becomes one with it."""
    kept: list[DayRange] = []
    for span in ranges:
        if span.last + A_DAY < more.first or more.last + A_DAY < span.first:
            kept.append(span)
        else:
            more = DayRange(first=min(span.first, more.first), last=max(span.last, more.last))
    return tuple(sorted((*kept, more), key=lambda span: span.first))


def between(one: date, other: date) -> DayRange:
    """Whichever of the two comes first."""
    return DayRange(first=min(one, other), last=max(one, other))


def days(span: DayRange, *, within: DayRange) -> Iterator[date]:
    day = max(span.first, within.first)
    while day <= min(span.last, within.last):
        yield day
        day += A_DAY
