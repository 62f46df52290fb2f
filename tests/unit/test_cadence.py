"""When a target is looked at next, in windows and outside of them."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest

from core.cadence import HUSH, JITTER, Cadence, Pace, ReleaseWindow
from core.looks import Answer
from core.slots import BERLIN

SECOND = timedelta(seconds=1)
PACE = Pace(interval=65 * SECOND, dense_interval=5 * SECOND)
TUESDAY = 1
MORNING = Cadence((ReleaseWindow(frozenset({TUESDAY}), time(7), time(8), "published"),))
EVENING = ReleaseWindow(frozenset({TUESDAY}), time(23), time.max, "published")
OVERNIGHT = Cadence((EVENING, ReleaseWindow(frozenset({TUESDAY + 1}), time.min, time(1), "published")))


def at(clock: str, *, day: int = 24) -> datetime:
    """In November 2026, in which the 24th is a Tuesday."""
    return datetime.combine(datetime(2026, 11, day, tzinfo=BERLIN), time.fromisoformat(clock), BERLIN).astimezone(UTC)


def pause(given: Cadence, now: datetime, answer: Answer = Answer.NONE) -> timedelta:
    return given.next_look(now, answer, PACE, rng=random.Random(1)) - now


@pytest.mark.parametrize(
    ("clock", "day", "dense"),
    [("06:59:59", 24, False), ("07:00", 24, True), ("07:59:59", 24, True), ("08:00", 24, False), ("07:30", 25, False)],
)
def test_a_window_is_dense_from_its_start_until_before_its_end(clock: str, day: int, *, dense: bool) -> None:
    assert MORNING.dense_at(at(clock, day=day)) is dense


@pytest.mark.parametrize(
    ("clock", "day", "dense"), [("23:30", 24, True), ("00:59", 25, True), ("01:00", 25, False), ("00:30", 24, False)]
)
def test_two_windows_may_meet_at_midnight(clock: str, day: int, *, dense: bool) -> None:
    assert OVERNIGHT.dense_at(at(clock, day=day)) is dense
    assert OVERNIGHT.hush(at("23:59:59")) == timedelta()


def test_windows_keep_munichs_clock_when_the_clocks_change() -> None:
    winter = datetime(2026, 3, 24, 6, 30, tzinfo=UTC)
    summer = datetime(2026, 3, 31, 5, 30, tzinfo=UTC)

    assert MORNING.dense_at(winter)
    assert MORNING.dense_at(summer)
    assert not MORNING.dense_at(summer + timedelta(hours=1))


def test_looks_are_dense_in_a_window_and_at_the_interval_else() -> None:
    longest = 1 + JITTER

    assert 5 * SECOND <= pause(MORNING, at("07:30")) <= 5 * longest * SECOND
    assert 65 * SECOND <= pause(MORNING, at("09:30")) <= 65 * longest * SECOND
    assert 65 * SECOND <= pause(Cadence(), at("07:30")) <= 65 * longest * SECOND


def test_the_last_look_before_a_window_is_followed_by_one_at_its_start() -> None:
    assert pause(MORNING, at("06:59:30")) == 30 * SECOND
    assert pause(MORNING, at("06:50:00")) >= 65 * SECOND


def test_the_next_window_may_be_a_week_away() -> None:
    assert MORNING.begins_after(at("07:00")) == at("07:00", day=24) + timedelta(days=7)


def test_a_look_that_failed_is_not_repeated_densely() -> None:
    for answer in (Answer.FAILED, Answer.CHANGED, Answer.CAPTCHA):
        assert pause(MORNING, at("07:30"), answer) >= 130 * SECOND


def test_no_two_pauses_are_the_same() -> None:
    rng = random.Random(1)

    pauses = {MORNING.next_look(at("07:30"), Answer.FREE, PACE, rng=rng) for _ in range(20)}

    assert len(pauses) == 20


def test_the_lane_is_silent_before_a_window_so_that_it_begins_with_a_full_budget() -> None:
    assert MORNING.hush(at("07:00") - HUSH - SECOND) == timedelta()
    assert MORNING.hush(at("07:00") - HUSH) == HUSH
    assert MORNING.hush(at("06:59:59")) == SECOND
    assert MORNING.hush(at("07:00")) == timedelta()
    assert Cadence().hush(at("06:59:59")) == timedelta()


def test_a_window_that_begins_within_another_is_not_waited_for() -> None:
    later = ReleaseWindow(frozenset({TUESDAY}), time(7, 30), time(8, 30), "recorded")
    both = Cadence((*MORNING.windows, later))

    assert both.hush(at("07:29:30")) == timedelta()
    assert both.dense_at(at("08:15"))
