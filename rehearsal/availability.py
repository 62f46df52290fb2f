"""What is free, day by day and office by office, as each generation of the API asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rehearsal.catalog import Catalog
from rehearsal.clock import berlin_day
from rehearsal.slots import Slots


@dataclass(frozen=True)
class Question:
    """Which services how often, at which offices."""

    offices: tuple[int, ...]
    services: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Painted:
    """August's combined answer: the days of a month, times for one of them, and where to page to."""

    slots_start: date
    slots_end: date
    previous: date | None
    next: date | None
    days: tuple[tuple[date, tuple[int, ...]], ...]
    times: dict[int, list[int]]


class NoOverlap(Exception):
    """The slots window lies outside the asked range."""


class Availability:
    def __init__(self, catalog: Catalog, slots: Slots, *, now: datetime) -> None:
        self._catalog = catalog
        self._slots = slots
        self._now = now

    def times(self, question: Question, day: date) -> dict[int, list[int]]:
        """Starts by office; offices without any, or without one of the services, are left out."""
        found: dict[int, list[int]] = {}
        for office in question.offices:
            minutes = self._catalog.minutes(office, question.services)
            if minutes is not None:
                found[office] = self._slots.on_offer(office, day, minutes=minutes, now=self._now)
        return {office: starts for office, starts in found.items() if starts}

    def days(self, question: Question, *, first: date, last: date) -> list[tuple[date, tuple[int, ...]]]:
        start = max(first, berlin_day(self._now))
        end = min(last, start + timedelta(days=366))
        days = (start + timedelta(days=n) for n in range((end - start).days + 1))
        offices = ((day, tuple(self.times(question, day))) for day in days)
        return [(day, open_offices) for day, open_offices in offices if open_offices]

    def painted(
        self, question: Question, *, first: date, last: date, slots_first: date | None, slots_last: date | None
    ) -> Painted:
        """Whole months around the slots window; times for the asked day, or the first bookable one instead."""
        window = _clamped(slots_first or first, slots_last or last, first=first, last=last)
        bookable = self.days(question, first=first, last=last)
        month = _whole_months(*window, first=first, last=last)
        shown = _within(bookable, *month)
        if not shown and (later := [day for day, _ in bookable if day >= month[0]]):
            window = (later[0], later[0])
            month = _whole_months(*window, first=first, last=last)
            shown = _within(bookable, *month)
        window = _one_day(window, shown)
        times = self.times(question, window[0]) if window[0] == window[1] else {}
        return Painted(
            slots_start=window[0],
            slots_end=window[1],
            previous=max((day for day, _ in bookable if day < month[0]), default=None),
            next=min((day for day, _ in bookable if day > month[1]), default=None),
            days=tuple(shown),
            times=times,
        )


def _clamped(start: date, end: date, *, first: date, last: date) -> tuple[date, date]:
    window = (max(start, first), min(end, last))
    if window[0] > window[1]:
        raise NoOverlap
    return window


def _whole_months(start: date, end: date, *, first: date, last: date) -> tuple[date, date]:
    after = (end.replace(day=28) + timedelta(days=4)).replace(day=1)
    return max(start.replace(day=1), first), min(after - timedelta(days=1), last)


def _within(days: Sequence[tuple[date, tuple[int, ...]]], start: date, end: date) -> list[tuple[date, tuple[int, ...]]]:
    return [(day, offices) for day, offices in days if start <= day <= end]


def _one_day(window: tuple[date, date], shown: Sequence[tuple[date, tuple[int, ...]]]) -> tuple[date, date]:
    """A window of several days shrinks to its first bookable one; a day without slots gives way."""
    inside = [day for day, _ in _within(shown, *window)]
    if inside:
        return inside[0], inside[0]
    if window[0] == window[1] and shown:
        return shown[0][0], shown[0][0]
    return window
