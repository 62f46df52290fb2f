"""What MTA asks of the City, beside what its people would ask who opened the City's page by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from core.coverage import Span
from core.slots import BERLIN


class Purpose(StrEnum):
    """What requests are made for."""

    LOOK = "look"
    BOOK = "book"  # from the hold to preconfirmed
    CONFIRM = "confirm"
    READ = "read"  # asking how an appointment stands, and giving back a hold that nobody carries on
    CANCEL = "cancel"
    CATALOG = "catalog"
    CHECK = "check"
    WORK = "work"  # no request: the processor time of a worker with its browser, whatever it did meanwhile


@dataclass(frozen=True, slots=True)
class Habit:
    """What somebody who waits does without MTA: open the page and look at the calendar, so often while awake.

    The calls are the fewest that the City's page makes for that: the catalogue and the calendar, with the captcha box
    its details, its puzzle and its proof too (the page of August 2026; that of February made two more).
    """

    every: timedelta = timedelta(minutes=10)
    wakes: time = time(7)
    sleeps: time = time(22)
    calls: int = 2
    calls_with_box: int = 5

    def awake(self, day: Span) -> Span:
        """Of Munich's day that begins with the span."""
        date = day.start.astimezone(BERLIN).date()
        wakes = datetime.combine(date, self.wakes, BERLIN)
        return Span(max(day.start, wakes), min(day.end, datetime.combine(date, self.sleeps, BERLIN)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waited for a target, from when until when; `captcha` if it is behind the box."""

    person_id: int
    target_id: int
    captcha: bool
    waited: Span


def by_hand(waiting: Iterable[Waiting], day: Span, habit: Habit) -> int:
    """The requests these would have made in the day so far. Who waits twice for the same opens one page for both."""
    awake = habit.awake(day)
    pages: dict[tuple[int, int], tuple[int, timedelta]] = {}
    for one in waiting:
        calls = habit.calls_with_box if one.captcha else habit.calls
        _, before = pages.get((one.person_id, one.target_id), (0, timedelta(0)))
        pages[one.person_id, one.target_id] = calls, max(before, _overlap(one.waited, awake))
    return sum(calls * (lasted // habit.every) for calls, lasted in pages.values())


def munich_day(now: datetime) -> Span:
    """Munich's day so far."""
    return Span(datetime.combine(now.astimezone(BERLIN).date(), time(), BERLIN).astimezone(UTC), now)


def _overlap(one: Span, other: Span) -> timedelta:
    return max(timedelta(0), min(one.end, other.end) - max(one.start, other.start))
