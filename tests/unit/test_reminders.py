"""When a person is reminded of the activation mail."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import reminders

BEGINS = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SPANS = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(hours=3))
ROUND = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "at"),
    [
        (60, [30, 45, 54]),
        (30, [15, 22.5, 27]),
        (15, [7.5, 11.25, 12]),
        (10, [5, 7]),
        (5, [2]),
        (3, []),
    ],
)
def test_reminders_come_at_half_three_quarters_and_nine_tenths(minutes: int, at: list[float]) -> None:
    planned = reminders.moments(BEGINS, BEGINS + timedelta(minutes=minutes))

    assert [(moment - BEGINS).total_seconds() / 60 for moment in planned] == at


@given(SPANS)
def test_every_reminder_lies_inside_and_leaves_two_minutes_even_a_round_late(span: timedelta) -> None:
    deadline = BEGINS + span

    planned = reminders.moments(BEGINS, deadline)

    assert len(planned) <= 3
    assert sorted(set(planned)) == list(planned)
    assert all(BEGINS < moment <= deadline - timedelta(minutes=2) - ROUND for moment in planned)


@given(SPANS)
def test_the_longer_half_is_quiet(span: timedelta) -> None:
    planned = reminders.moments(BEGINS, BEGINS + span)

    assert bool(planned) == (span > timedelta(minutes=3))
    assert all(moment >= min(BEGINS + span / 2, BEGINS + span - timedelta(minutes=3)) for moment in planned)


@given(SPANS, st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=4)), max_size=20))
def test_whenever_somebody_looks_the_count_never_goes_back(span: timedelta, looks: list[timedelta]) -> None:
    deadline = BEGINS + span

    seen = [reminders.due(BEGINS, deadline, now=BEGINS + after) for after in sorted(looks)]

    told = [one for one in seen if one]
    assert told == sorted(told)
    assert all(1 <= nth <= most <= 3 for nth, most in told)
    assert all(one is None for one, after in zip(seen, sorted(looks), strict=True) if after >= span)


def test_after_an_outage_only_the_latest_is_due() -> None:
    deadline = BEGINS + timedelta(minutes=60)

    assert reminders.due(BEGINS, deadline, now=BEGINS + timedelta(minutes=29)) is None
    assert reminders.due(BEGINS, deadline, now=BEGINS + timedelta(minutes=30)) == (1, 3)
    assert reminders.due(BEGINS, deadline, now=BEGINS + timedelta(minutes=55)) == (3, 3)
