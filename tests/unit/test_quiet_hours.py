"""Quiet hours by Munich's clock, also over midnight and the change of the clocks."""

from datetime import UTC, datetime, time, timedelta

import pytest

from config import settings
from core import quiet
from core.errors import BadInput, ConfigError
from core.quiet import QuietHours
from core.slots import BERLIN

NIGHT = QuietHours(time(23), time(6))
NOON = QuietHours(time(12), time(13, 30))


def at(clock: str, day: int = 24) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "left"), [("22:59", None), ("23:00", "7:00"), ("03:00", "3:00"), ("06:00", None), ("12:00", None)]
)
def test_they_may_span_midnight(clock: str, left: str | None) -> None:
    hours, minutes = map(int, (left or "0:0").split(":"))

    assert NIGHT.at(at(clock)) is (left is not None)
    assert NIGHT.left(at(clock)) == timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("clock", "quiet_then"), [("11:59", False), ("12:00", True), ("13:29", True), ("13:30", False)]
)
def test_they_may_lie_within_a_day(clock: str, *, quiet_then: bool) -> None:
    assert NOON.at(at(clock)) is quiet_then


def test_the_night_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    midnight = datetime(2026, 10, 25, 0, 0, tzinfo=BERLIN).astimezone(UTC)

    assert NIGHT.left(midnight) == timedelta(hours=7)


def test_they_are_written_as_two_times() -> None:
    assert quiet.parse(" 23:00 - 5:30") == QuietHours(time(23), time(5, 30))
    assert str(quiet.parse("23:00-05:30")) == "23:00-05:30"


@pytest.mark.parametrize(
    "text", ["night", "23-5", "24:00-05:00", "23:60-05:00", "23:00", "23:00-05:00-06:00", "٢٣:00-05:00"]
)
def test_what_is_no_span_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadInput, match="Write two times: 23:00-05:30"):
        quiet.parse(text)


def test_hours_without_an_end_are_refused() -> None:
    with pytest.raises(BadInput, match="end when they begin"):
        quiet.parse("05:00-05:00")


def test_the_setting_is_read_and_refused_by_its_name() -> None:
    assert settings.load(quiet_hours="23:00-05:30").quiet_hours == QuietHours(time(23), time(5, 30))
    assert settings.load(quiet_hours="").quiet_hours is None
    with pytest.raises(ConfigError, match=r"MTA_QUIET_HOURS: “late” are no quiet hours\. Write two times"):
        settings.load(quiet_hours="late")
