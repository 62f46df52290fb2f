"""The calendar of buttons, month by month."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from bot.callbacks import Callback
from bot.screens import Button, Link, Rows
from bot.texts import Words
from bot.wish.calendar import Mark, month_rows
from core.horizon import last_bookable

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Day(Callback, word="tday"):
    day: date


@dataclass(frozen=True)
class Head(Callback, word="thead"):
    pass


def shown(month: date, *, language: str = "de", today: date = TODAY, **marks: Mark) -> Rows:
    return month_rows(
        month,
        {date.fromisoformat(day.replace("_", "-").strip("d")): mark for day, mark in marks.items()},
        Words(language),
        first=today,
        last=last_bookable(today),
        tap=Day,
        turn=Day,
        head=Head(),
    )


def labels(rows: Rows) -> list[str]:
    return [" ".join(one.label for one in row) for row in rows]


def test_a_month_is_shown_in_full_weeks_from_monday() -> None:
    rows = shown(date(2026, 12, 1), d2026_12_03=Mark.CHOSEN, d2026_12_24=Mark.EXCLUDED, d2026_12_30=Mark.LATEST)

    assert labels(rows) == [
        "← November Dezember 2026 Januar →",
        "Mo Di Mi Do Fr Sa So",
        "30.11. 1 2 ✓3 4 5 6",
        "7 8 9 10 11 12 13",
        "14 15 16 17 18 19 20",
        "21 22 23 ✗24 25 26 27",
        "28 29 ≤30 31 1.1. 2.1. 3.1.",
    ]
    assert labels(shown(date(2026, 12, 1), language="en"))[:2] == [
        "← November December 2026 January →",
        "Mo Tu We Th Fr Sa Su",
    ]


def test_what_is_over_or_too_far_stands_in_brackets_and_nobody_turns_to_it() -> None:
    first, last = shown(date(2026, 11, 1), d2026_11_23=Mark.CHOSEN), shown(date(2027, 5, 1))

    assert labels(first) == [
        "November 2026 Dezember →",
        "Mo Di Mi Do Fr Sa So",
        "(23) 24 25 26 27 28 29",
        "30 1.12. 2.12. 3.12. 4.12. 5.12. 6.12.",
    ]
    assert labels(last)[0] == "← April Mai 2027"
    assert labels(last)[-1] == "24 (25) (26) (27) (28) (29) (30)"


@pytest.mark.parametrize("number", range(0, 800, 13))
def test_every_month_carries_the_days_that_are_left_and_fits(number: int) -> None:
    today = TODAY + timedelta(days=number)
    rows = shown(today, today=today)

    cells: list[Button | Link] = [cell for row in rows[2:] for cell in row]
    days = [cell.callback.day for cell in cells if isinstance(cell, Button) and isinstance(cell.callback, Day)]
    assert days == [days[0] + timedelta(days=place) for place in range(len(days))]
    assert (days[0].weekday(), days[-1].weekday(), today in days) == (0, 6, True)
    assert sum(map(len, rows)) <= 7 * 7 + 3


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 11, 24), date(2027, 5, 24)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 30), date(2028, 2, 29)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_the_city_gives_appointments_half_a_year_ahead(today: date, last: date) -> None:
    assert last_bookable(today) == last
