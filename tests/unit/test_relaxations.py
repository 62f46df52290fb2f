"""Which relaxation can still win something: one that opens days ahead that were not asked for already."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import relaxations
from core.relaxations import (
    AddOffice,
    AddWeekday,
    AnyHour,
    DropExcluded,
    LaterLatest,
    LongerRange,
    Relaxation,
    ShorterNotice,
    WiderHours,
)
from core.slots import Slot
from core.wishes import DayRange, HourRange, Wish
from tests.unit.test_replay import NOW, ORLEANS, PASING, RUPPERT, offices, wish, wishes

TODAY = NOW.date()  # a Tuesday
MONDAYS = [HourRange(start=time(8), end=time(12), weekday=0)]


def november(day: int) -> date:
    return date(2026, 11, day)


def of_november(first: int, last: int) -> DayRange:
    return DayRange(first=november(first), last=november(last))


OVER, CHRISTMAS = of_november(1, 15), DayRange(first=date(2026, 12, 20), last=date(2026, 12, 24))


@pytest.mark.parametrize(
    ("relaxation", "asked", "wins"),
    [
        (DropExcluded(november(26)), wish(excluded=[november(26)]), True),
        (DropExcluded(november(23)), wish(excluded=[november(23)]), False),
        (DropExcluded(november(26)), wish(excluded=[november(26)], latest=november(25)), False),
        (DropExcluded(november(26)), wish(excluded=[november(26)], hours=MONDAYS), False),
        (LaterLatest(7), wish(latest=november(20)), True),
        (LaterLatest(7), wish(latest=november(10)), False),
        (LaterLatest(7), wish(latest=november(10), ranges=[OVER]), False),
        (LaterLatest(7), wish(latest=november(22), ranges=[of_november(1, 23), CHRISTMAS]), False),
        (LongerRange(of_november(20, 30), earlier=7), wish(ranges=[of_november(20, 30)]), False),
        (LongerRange(of_november(28, 30), earlier=7), wish(ranges=[of_november(28, 30)]), True),
        (LongerRange(of_november(20, 30), later=7), wish(ranges=[of_november(20, 30)]), True),
        (LongerRange(OVER, later=7), wish(ranges=[OVER, CHRISTMAS]), False),
        (LongerRange(OVER, later=14), wish(ranges=[OVER, CHRISTMAS]), True),
        (LongerRange(OVER, later=14), wish(ranges=[OVER, of_november(20, 30)]), False),
        (LongerRange(CHRISTMAS, later=7), wish(ranges=[CHRISTMAS], latest=CHRISTMAS.last), False),
        (AnyHour(), wish(hours=MONDAYS), True),
        (AnyHour(), wish(hours=MONDAYS, latest=november(23)), False),
        (AnyHour(), wish(hours=MONDAYS, latest=november(29)), False),
        (WiderHours(later=1), wish(hours=MONDAYS, ranges=[OVER, of_november(30, 30)]), True),
        (AddWeekday(3), wish(hours=MONDAYS, ranges=[of_november(26, 26)]), True),
        (AddWeekday(2), wish(hours=MONDAYS, ranges=[of_november(26, 26)]), False),
        (ShorterNotice(timedelta(days=1)), wish(minimum_notice=timedelta(days=7), latest=november(25)), True),
        (ShorterNotice(timedelta(days=1)), wish(minimum_notice=timedelta(days=7), latest=november(24)), False),
        (ShorterNotice(timedelta(hours=2)), wish(minimum_notice=timedelta(days=7), latest=november(24)), True),
        (AddOffice(PASING), wish(RUPPERT), True),
        (AddOffice(PASING), wish(RUPPERT, ranges=[OVER]), False),
    ],
)  # fmt: skip
def test_only_what_opens_days_ahead_can_still_win(relaxation: Relaxation, asked: Wish, *, wins: bool) -> None:
    assert relaxations.opens_days_ahead(relaxation, asked, today=TODAY) is wins


@pytest.mark.parametrize(("before", "wins"), [(november(25), False), (november(27), True)])
def test_who_has_an_appointment_gains_nothing_behind_it(before: date, *, wins: bool) -> None:
    asked = wish(excluded=[november(26)])
    earlier = Wish(asked.rules, before=datetime.combine(before, time(9), tzinfo=UTC))

    assert relaxations.opens_days_ahead(DropExcluded(november(26)), earlier, today=TODAY) is wins


@given(wishes, st.datetimes(NOW.replace(tzinfo=None), datetime(2026, 12, 31)), offices)  # noqa: DTZ001
def test_no_relaxation_is_lost_that_would_take_a_slot_to_come(asked: Wish, starts_at: datetime, office: int) -> None:
    slot = Slot(starts_at.replace(tzinfo=UTC), office)
    for one in relaxations.of(asked, office_ids=[RUPPERT, PASING, ORLEANS]):
        if one.apply(asked).pleases(slot, now=NOW) and not asked.pleases(slot, now=NOW):
            assert relaxations.opens_days_ahead(one, asked, today=TODAY)
