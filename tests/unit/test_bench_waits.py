"""What the benches read out of the City's journal and of the rows of looks."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.city import Asked
from bench.hold import wait_for_hold
from bench.rounds import TARGETS, Plan, per_minute

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS, TIMES, RESERVE = "available-days-by-office", "available-appointments-by-office", "reserve-appointment"


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def asked(seconds: float, endpoint: str = TIMES, *, status: int = 200, offered: int = 0) -> Asked:
    return Asked(at(seconds), endpoint, status, "127.0.0.1", offered)


def test_the_wait_is_from_the_first_answer_that_offered_something_to_the_hold() -> None:
    journal = [asked(0.5), asked(1.0, DAYS), asked(1.2, offered=1), asked(1.4, offered=1), asked(1.9, RESERVE)]

    assert wait_for_hold(journal, since=at(0)) == pytest.approx(700)


def test_what_was_offered_and_held_before_the_release_counts_for_nothing() -> None:
    journal = [asked(0.1, offered=1), asked(0.3, RESERVE), asked(2.0, offered=1), asked(2.5, RESERVE)]

    assert wait_for_hold(journal, since=at(1)) == pytest.approx(500)


def test_a_refused_reservation_is_no_hold() -> None:
    journal = [asked(1.0, offered=1), asked(1.3, RESERVE, status=404)]

    assert wait_for_hold(journal, since=at(0)) is None
    assert wait_for_hold([*journal, asked(2.0, RESERVE)], since=at(0)) == pytest.approx(1000)


def test_there_is_no_wait_where_nothing_was_shown() -> None:
    assert wait_for_hold([asked(1.0), asked(1.3, RESERVE)], since=at(0)) is None


def test_requests_a_minute_follow_from_how_often_each_target_comes_round() -> None:
    every_five, every_ten = [at(5 * n) for n in range(4)], [at(2 + 10 * n) for n in range(3)]

    assert per_minute([every_five, every_ten], requests_per_look=2.0) == pytest.approx((12 + 6) * 2)


def test_crowds_grow_from_one_watch_a_target() -> None:
    assert Plan(seconds=20, runs=5, watches=10_000).crowds == (TARGETS, 1_000, 10_000)
    assert Plan(seconds=1, runs=1, watches=24).crowds == (TARGETS, 24)
