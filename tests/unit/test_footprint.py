"""What people would ask of the City by hand, on a day in Munich."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.coverage import Span
from core.footprint import Habit, Waiting, by_hand, munich_day
from core.slots import BERLIN

NOON = datetime(2026, 11, 24, 12, tzinfo=BERLIN)
TODAY = munich_day(NOON)
HOUR = timedelta(hours=1)


def waits(person: int = 1, target: int = 1, *, captcha: bool = False, since: datetime | None = None) -> Waiting:
    return Waiting(person, target, captcha=captcha, waited=Span(since or TODAY.start, NOON))


def test_munichs_day_begins_at_munichs_midnight() -> None:
    assert munich_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)).start == datetime(2026, 7, 2, tzinfo=BERLIN)
    assert Span(datetime(2026, 11, 23, 23, tzinfo=UTC), NOON) == TODAY


@pytest.mark.parametrize(
    ("now", "refreshes"),
    [(NOON, 30), (NOON - 7 * HOUR, 0), (NOON + 3 * HOUR, 48), (NOON + 11.5 * HOUR, 90)],
)
def test_nobody_opens_the_page_while_asleep(now: datetime, refreshes: int) -> None:
    day = munich_day(now)

    assert by_hand([Waiting(1, 1, captcha=False, waited=day)], day, Habit()) == 2 * refreshes


def test_the_captcha_box_costs_more_calls() -> None:
    assert by_hand([waits(captcha=True)], TODAY, Habit()) == 30 * 5


def test_who_began_to_wait_an_hour_ago_has_opened_it_for_an_hour() -> None:
    assert by_hand([waits(since=NOON - HOUR)], TODAY, Habit()) == 6 * 2


def test_who_waits_twice_for_the_same_opens_one_page() -> None:
    assert by_hand([waits(), waits(since=NOON - HOUR)], TODAY, Habit()) == by_hand([waits()], TODAY, Habit())
    assert by_hand([waits(), waits(target=2)], TODAY, Habit()) == 2 * by_hand([waits()], TODAY, Habit())


def test_the_habit_can_be_another() -> None:
    assert by_hand([waits()], TODAY, Habit(every=HOUR)) == 5 * 2


@given(st.integers(1, 200), st.integers(1, 5000))
def test_the_footprint_beside_it_falls_with_each_person_who_joins(people: int, asked: int) -> None:
    """One look serves everybody, so MTA's own part stays what it is."""
    some = by_hand([waits(person) for person in range(people)], TODAY, Habit())
    more = by_hand([waits(person) for person in range(people + 1)], TODAY, Habit())

    assert asked / more < asked / some
