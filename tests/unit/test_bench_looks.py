"""What the bench of looks makes of its runs."""

from pathlib import Path

import pytest

from bench import looks
from bench.looks import Plan, Played, rotated
from bench.stage import Scenery


def row(cpu_ms: float) -> dict[str, float]:
    return {"cpu_ms": cpu_ms, "wall_ms": 2 * cpu_ms, "requests": 1.0, "pss_mib": 200.0}


def played(**rows: list[float]) -> Played:
    return Played({name: [row(cpu) for cpu in runs] for name, runs in rows.items()}, counted_by="/proc", seconds=1.0)


@pytest.fixture
def scenery(tmp_path: Path) -> Scenery:
    return Scenery(tmp_path, "aug", None, 1)


def test_the_ratios_are_those_of_the_medians(scenery: Scenery) -> None:
    runs = played(launch=[900, 700, 800], mta=[12, 10, 90], inpage=[6, 8, 7], http=[1, 1, 1], reload=[200, 210, 220])

    told = looks.told(runs, scenery, Plan(looks=10, runs=3, times=8, peers=None))

    assert told["rows"]["launch"]["cpu_ms"] == 800
    assert told["ratio_vs_launch"] == pytest.approx(12 / 800)
    assert told["ratio_vs_inpage"] == pytest.approx(12 / 7, abs=1e-5)
    assert told["left_out"] == ["crawlee"]
    assert [goal.reached for goal in looks.goals(told)] == [True, True]


def test_a_slow_look_misses_both_goals(scenery: Scenery) -> None:
    runs = played(launch=[800], mta=[20], inpage=[7])

    told = looks.told(runs, scenery, Plan(looks=10, runs=1, times=8, peers=None))

    assert [goal.reached for goal in looks.goals(told)] == [False, False]


def test_each_run_begins_with_another_row() -> None:
    names = ["launch", "mta", "http"]

    assert [rotated(names, number)[0] for number in range(4)] == ["launch", "mta", "http", "launch"]
    assert sorted(rotated(names, 1)) == sorted(names)
