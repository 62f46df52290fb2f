"""The grid of weekdays and hours, and days and hours in words; pure."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Words
from bot.wish import ranges, week, wording
from bot.wish.week import CELLS, FULL, MORNINGS, WEEKDAYS, Cell
from core.errors import BadInput
from core.wishes import DayRange, HourRange, WishRules, ahead, gives_up_at, refuse_none

MONDAY = date(2026, 11, 30)
MONDAY_AT = datetime.combine(MONDAY, time())  # a local time, as HourRange takes it
DE, EN = Words("de"), Words("en")


def hours(start: str, end: str, *weekdays: int | None) -> tuple[HourRange, ...]:
    last = time.max if end == "24" else time.fromisoformat(end)
    return tuple(HourRange(start=time.fromisoformat(start), end=last, weekday=one) for one in weekdays or (None,))


CLOCKS = st.integers(0, 23).map(time)
RANGES = st.builds(
    lambda clocks, weekday: HourRange(start=clocks[0], end=clocks[1], weekday=weekday),
    st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] < pair[1]),
    st.one_of(st.none(), st.integers(0, 6)),
)
CELL = st.builds(Cell, st.sampled_from(WEEKDAYS), st.integers(0, len(CELLS) - 1))


@given(st.lists(RANGES, max_size=6))
def test_hours_read_into_a_week_and_back_mean_the_same_but_for_sundays(given_: list[HourRange]) -> None:
    back = week.collapsed(week.expanded(given_))

    for weekday in WEEKDAYS:
        for hour in range(24):
            moment = MONDAY_AT + timedelta(days=weekday, hours=hour)
            assert any(one.holds(moment) for one in given_) == any(one.holds(moment) for one in back)
    assert len(back) <= max(1, 7 * len(given_))


@given(st.lists(RANGES, max_size=6), CELL)
def test_a_tap_changes_its_cell_and_nothing_else(given_: list[HourRange], cell: Cell) -> None:
    was_in = week.is_full(week.expanded(given_), cell)

    after = week.without_cells(given_, [cell]) if was_in else week.with_cells(given_, [cell])

    start, end = cell.span
    for hour in range(24):
        for weekday in WEEKDAYS:
            moment = MONDAY_AT + timedelta(days=weekday, hours=hour)
            inside = weekday == cell.weekday and start <= moment.time() < end
            expected = not was_in if inside else any(one.holds(moment) for one in given_)
            assert any(one.holds(moment) for one in after) == expected


@given(st.lists(CELL, max_size=12, unique=True))
def test_a_tap_on_and_one_off_each_cell_lead_back_to_where_one_was(cells: list[Cell]) -> None:
    once: tuple[HourRange, ...] = ()
    for cell in cells:
        once = week.with_cells(once, [cell])
    assert week.with_cells(once, cells) == once
    assert all(week.is_full(week.expanded(once), cell) for cell in cells)
    for cell in cells:
        once = week.without_cells(once, [cell])
    assert once == ()


@pytest.mark.parametrize(
    ("before", "cells", "after"),
    [
        ((), week.row(0), hours("00:00", "09:00")),
        (hours("00:00", "09:00"), week.row(1), MORNINGS),
        (MORNINGS, week.row(1), hours("00:00", "09:00")),
        (MORNINGS, [*week.row(0), *week.row(1)], ()),
        ((), [cell for block in range(5) for cell in week.row(block)], FULL),
        ((), week.column(2), hours("00:00", "24", 2)),
        (MORNINGS, [Cell(0, 0)], (*hours("09:00", "12:00", 0), *hours("00:00", "12:00", 1, 2, 3, 4, 5))),
        (hours("08:30", "11:45", 1), [Cell(1, 2)], (*hours("08:30", "11:45", 1), *hours("12:00", "14:00", 1))),
        (hours("08:30", "11:45", 1), [Cell(1, 1)], hours("08:30", "12:00", 1)),
        (hours("10:00", "11:00", 6), [Cell(0, 0)], (*hours("00:00", "09:00", 0), *hours("10:00", "11:00", 6))),
    ],
)  # fmt: skip
def test_hours_are_merged_to_the_fewest_ranges(
    before: tuple[HourRange, ...], cells: list[Cell], after: tuple[HourRange, ...]
) -> None:
    out = week.are_full(week.expanded(before), cells)
    assert (week.without_cells if out else week.with_cells)(before, cells) == after


@pytest.mark.parametrize(
    ("given_", "german", "english"),
    [
        ((), "Jederzeit", "Any time"),
        (FULL, "Jederzeit", "Any time"),
        (MORNINGS, "Jeden Tag: vor 12:00 Uhr", "Every day: before 12:00"),
        (hours("08:30", "11:45", 0, 1, 2, 4), "Montag, Dienstag, Mittwoch, Freitag: von 08:30 Uhr bis 11:45 Uhr",
         "Monday, Tuesday, Wednesday, Friday: 08:30 to 11:45"),
        ((*hours("00:00", "24", 2), *hours("00:00", "09:00", 5), *hours("16:00", "24", 5)),
         "Mittwoch: jederzeit\nSamstag: vor 09:00 Uhr, ab 16:00 Uhr",
         "Wednesday: any time\nSaturday: before 09:00, from 16:00"),
        (hours("10:00", "11:00", 6), "Sonntag: von 10:00 Uhr bis 11:00 Uhr", "Sunday: 10:00 to 11:00"),
        (hours("10:00", "11:00", 0, 1, 2, 3, 4), "Montag bis Freitag: von 10:00 Uhr bis 11:00 Uhr",
         "Monday to Friday: 10:00 to 11:00"),
    ],
)  # fmt: skip
def test_hours_in_words(given_: tuple[HourRange, ...], german: str, english: str) -> None:
    assert (wording.hours(given_, DE), wording.hours(given_, EN)) == (german, english)


def span(first: int, last: int) -> DayRange:
    return DayRange(first=MONDAY + timedelta(days=first), last=MONDAY + timedelta(days=last))


@pytest.mark.parametrize(
    ("before", "more", "after"),
    [
        ([], span(3, 5), [span(3, 5)]),
        ([span(9, 10)], span(3, 5), [span(3, 5), span(9, 10)]),
        ([span(6, 10)], span(3, 5), [span(3, 10)]),
        ([span(7, 10)], span(3, 5), [span(3, 5), span(7, 10)]),
        ([span(0, 1), span(4, 4), span(8, 9)], span(2, 7), [span(0, 9)]),
    ],
)
def test_ranges_that_touch_become_one(before: list[DayRange], more: DayRange, after: list[DayRange]) -> None:
    assert ranges.added(before, more) == tuple(after)


def test_days_in_words() -> None:
    rules = WishRules(ranges=(span(0, 0), span(2, 5)), excluded=frozenset({MONDAY + timedelta(days=3)}), latest=MONDAY)

    assert wording.days(rules, DE) == (
        "Montag, 30. November 2026; Mittwoch, 2. Dezember 2026 bis Samstag, 5. Dezember 2026\n"
        "Nicht am: 3. Dezember\nSpätestens am Montag, 30. November 2026"
    )
    assert wording.days(WishRules(), EN) == "Any day"
    many = WishRules(ranges=tuple(span(2 * number, 2 * number) for number in range(8)))
    assert wording.days(many, EN).endswith("and 2 more")


def test_days_that_are_over_are_dropped_as_long_as_others_are_left() -> None:
    rules = WishRules(ranges=(span(-9, -7), span(-2, 2)), excluded=frozenset({MONDAY - timedelta(days=1), MONDAY}))

    assert ahead(rules, today=MONDAY) == WishRules(ranges=(span(-2, 2),), excluded=frozenset({MONDAY}))
    assert ahead(WishRules(ranges=(span(-9, -7),)), today=MONDAY).ranges == (span(-9, -7),)


def test_a_search_ends_with_the_last_day_that_its_rules_name() -> None:
    assert gives_up_at(WishRules()) is None
    assert str(gives_up_at(WishRules(ranges=(span(0, 3), span(1, 2))))) == "2026-12-03 23:00:00+00:00"
    assert str(gives_up_at(WishRules(ranges=(span(0, 3),), latest=MONDAY))) == "2026-11-30 23:00:00+00:00"


def test_rules_that_leave_no_day_are_refused() -> None:
    sundays = WishRules(ranges=(span(0, 3),), hours=hours("10:00", "11:00", 6))

    with pytest.raises(BadInput) as refused:
        refuse_none(sundays, today=MONDAY, last=MONDAY + timedelta(days=180))
    assert refused.value.code == "no_day"
    refuse_none(WishRules(), today=MONDAY, last=MONDAY)
