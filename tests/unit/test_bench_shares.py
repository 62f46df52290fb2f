"""What the benches of the rush and of the soak make of what they saw."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import soak
from bench.city import CityAppointment
from bench.rush import got, phase
from bench.soak import Plan, Played, Point, Run
from core.slots import Slot

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def appointment(number: int, mail: str, status: str = "preconfirmed") -> CityAppointment:
    return CityAppointment(number, status, Slot(NOON, 102101), mail, NOON)


def soaked(*memory: float, browser: int = 20, throttled: int = 0) -> Run:
    points = tuple(Point(looks * 50, mib, pool=20, browser=browser) for looks, mib in enumerate(memory))
    return Run(points, {"none": 1000}, {}, silences=20, requests=1100, throttled=throttled, cpu_ms=15.0)


def test_appointments_count_for_whose_people_they_are_once_they_stand() -> None:
    city = [
        appointment(1, "bench1-7@example.org"),
        appointment(2, "bench1-8@example.org", "confirmed"),
        appointment(3, "bench1-9@example.org", "reserved"),
        appointment(4, "poller3@example.org"),
        appointment(5, "poller4@example.org", "deleted"),
    ]

    assert got(city) == (2, 1)


def test_the_poller_comes_after_half_its_minute_on_average() -> None:
    assert [phase(number, 3) for number in range(3)] == [10, 30, 50]
    assert phase(0, 1) == 30


def test_memory_is_flat_when_the_last_quarter_is_as_the_first() -> None:
    assert soaked(1000, 1010, 1300, 1000, 990, 1010, 1000, 1010).growth == 1.0
    assert soaked(1000, 1000, 1100, 1200, 1300, 1400, 1500, 1500).growth == 1.5


def test_a_page_that_only_the_browser_knows_is_leaked(tmp_path: Path) -> None:
    scenery = soak.scenery(tmp_path, "aug", None, 1)

    told = soak.told(Played((soaked(1000, 1000), soaked(1000, 1000, browser=22)), 1.0), scenery, Plan(1000, 2))

    assert told["leaked_pages"] == 2
    assert [goal.reached for goal in soak.goals(told)] == [True, True, False, True]


@pytest.mark.parametrize(("peak", "throttled", "reached"), [(1536, 0, [True, True]), (1600, 3, [False, False])])
def test_too_much_memory_or_any_refusal_misses_its_goal(
    peak: float, throttled: int, reached: list[bool], tmp_path: Path
) -> None:
    scenery = soak.scenery(tmp_path, "aug", None, 1)

    told = soak.told(Played((soaked(peak, peak, throttled=throttled),), 1.0), scenery, Plan(1000, 1))

    assert [soak.goals(told)[place].reached for place in (0, 3)] == reached


def test_the_city_of_the_soak_keeps_its_own_limit(tmp_path: Path) -> None:
    assert soak.scenery(tmp_path, "aug", None, 1).city().rate_limit == 60
