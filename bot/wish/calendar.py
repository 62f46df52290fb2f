"""A month as rows of buttons, Monday first. Pure: what a day means is the marks', what a tap does is the caller's."""

from calendar import Calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot.callbacks import Callback
from bot.screens import Button, Rows
from bot.texts import Words, words

WEEK: Final = 7


class Mark(StrEnum):
    """What stands beside a day's number, so that no day is told by its colour or place alone."""

    CHOSEN = "✓{}"
    EXCLUDED = "✗{}"
    BEGUN = "{}…"
    LATEST = "≤{}"
    CLOSED = "({})"


def month_of(day: date) -> date:
    """Its first day."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    return month_of(month + timedelta(days=31))


def month_before(month: date) -> date:
    return month_of(month - timedelta(days=1))


def name_of(month: date, spoken: Words) -> str:
    return str(words(spoken.language)["dates"]["months"][month.month - 1])


def short_weekday(weekday: int, spoken: Words) -> str:
    """The first two letters, which is how both languages shorten them."""
    return str(words(spoken.language)["dates"]["weekdays"][weekday])[:2]


def month_rows(
    month: date,
    marks: Mapping[date, Mark],
    spoken: Words,
    *,
    first: date,
    last: date,
    tap: Callable[[date], Callback],
    turn: Callable[[date], Callback],
    head: Callback,
) -> Rows:
    """The month's name with its neighbours', the weekdays, and those of its weeks in full that have an open day.

    Days outside `first` to `last` are marked as closed; those of neighbouring months carry their month.
    """
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    open_ = [week for week in weeks if week[-1] >= first and week[0] <= last]
    weekdays = tuple(Button(short_weekday(number, spoken), head) for number in range(WEEK))
    return (
        _turning(month, spoken, first=first, last=last, turn=turn),
        weekdays,
        *(
            tuple(Button(_label(day, month, marks.get(day), first=first, last=last), tap(day)) for day in week)
            for week in open_
        ),
    )


def _turning(
    month: date, spoken: Words, *, first: date, last: date, turn: Callable[[date], Callback]
) -> tuple[Button, ...]:
    before, after = month_before(month), next_month(month)
    row = [Button(f"{name_of(month, spoken)} {month.year}", turn(month))]
    if before >= month_of(first):
        row.insert(0, Button(f"← {name_of(before, spoken)}", turn(before)))
    if after <= last:
        row.append(Button(f"{name_of(after, spoken)} →", turn(after)))
    return tuple(row)


def _label(day: date, month: date, mark: Mark | None, *, first: date, last: date) -> str:
    number = f"{day.day}" if month_of(day) == month else f"{day.day}.{day.month}."
    if not first <= day <= last:
        mark = Mark.CLOSED
    return mark.format(number) if mark else number
