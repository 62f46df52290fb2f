"""When a person is reminded of a visit."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import visits
from core.quiet import QuietHours
from core.slots import BERLIN
from core.visits import Due, Reminder

VISIT = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)  # half past eight in Munich
HOUR = timedelta(hours=1)
LONG_AGO = VISIT - timedelta(days=9)
TOMORROW, SOON = (
    Due(Reminder.TOMORROW, VISIT - 6 * HOUR),
    Due(Reminder.SOON, VISIT - timedelta(minutes=15)),
)


@pytest.mark.parametrize(
    ("hours_before", "heard"),
    [
        (24.1, None),
        (24, TOMORROW),
        (6.1, TOMORROW),
        (5.9, None),
        (2.1, None),
        (2, SOON),
        (0.3, SOON),
        (0.2, None),
        (-1, None),
    ],
)
def test_a_day_and_two_hours_before_and_later_only_while_it_is_of_use(hours_before: float, heard: Due | None) -> None:
    now = VISIT - hours_before * HOUR

    assert visits.due(VISIT, known_at=LONG_AGO, quiet=None, now=now) == heard


@pytest.mark.parametrize(
    ("known_before", "heard"),
    [
        (24.6, {Reminder.TOMORROW, Reminder.SOON}),
        (24.4, {Reminder.SOON}),
        (3, {Reminder.SOON}),
        (2.6, {Reminder.SOON}),
        (2.4, set()),
        (0.5, set()),
    ],
)
def test_nobody_is_reminded_of_what_they_just_heard(known_before: float, heard: set[Reminder]) -> None:
    known_at = VISIT - known_before * HOUR
    minutes = range(int(known_before * 60) + 1)

    said = [visits.due(VISIT, known_at=known_at, quiet=None, now=known_at + timedelta(minutes=one)) for one in minutes]

    assert {one.reminder for one in said if one} == heard


@pytest.mark.parametrize(
    ("quiet", "told"),
    [
        ("22:00-07:00", "30 08:30"),
        ("21:00-09:00", "30 09:00"),
        ("08:00-20:00", "30 07:45"),
        ("04:00-13:30", "30 03:45"),
        ("08:30-09:00", "30 08:15"),
    ],
)
def test_the_one_a_day_before_moves_to_the_nearer_edge_of_quiet_hours(quiet: str, told: str) -> None:
    begins, ends = (time.fromisoformat(one) for one in quiet.split("-"))

    moment = visits.moment_of(Reminder.TOMORROW, VISIT, quiet=QuietHours(begins, ends))

    assert f"{moment.astimezone(BERLIN):%d %H:%M}" == told


CLOCKS = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(CLOCKS, CLOCKS, st.integers(0, 2000))
def test_no_quiet_hour_holds_it_and_it_stays_within_a_day(begins: time, ends: time, minutes: int) -> None:
    quiet, visit = QuietHours(begins, ends), VISIT + timedelta(minutes=minutes)
    awake = (datetime.combine(VISIT, begins) - datetime.combine(VISIT, ends)) % timedelta(days=1)
    assume(awake > visits.BEFORE_QUIET)

    moment = visits.moment_of(Reminder.TOMORROW, visit, quiet=quiet)

    assert not quiet.at(moment)
    assert abs(visit - timedelta(days=1) - moment) <= timedelta(hours=12) + visits.BEFORE_QUIET
    assert visits.moment_of(Reminder.SOON, visit, quiet=quiet) == visit - 2 * HOUR
