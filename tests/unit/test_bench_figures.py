"""The arithmetic of the benches."""

import pytest

from bench.figures import Goal, medians, percentile, ratio, spread


def test_percentiles_lie_between_what_was_measured() -> None:
    values = [float(value) for value in range(1, 101)]

    assert percentile(values, 50) == 50.5
    assert percentile(values, 95) == pytest.approx(95.05)
    assert percentile([3.0, 1.0], 95) == pytest.approx(2.9)
    assert percentile([7.0], 95) == 7.0


def test_a_spread_of_nothing_says_so() -> None:
    assert spread([]) == {"count": 0, "median": None, "p95": None}
    assert spread([10.0, 30.0, 20.0]) == {"count": 3, "median": 20.0, "p95": 29.0}


def test_a_median_over_runs_is_taken_of_each_figure_by_itself() -> None:
    runs = [{"cpu_ms": 1.0, "wall_ms": 9.0}, {"cpu_ms": 3.0, "wall_ms": 7.0}, {"cpu_ms": 2.0, "wall_ms": 8.0}]

    assert medians(runs) == {"cpu_ms": 2.0, "wall_ms": 8.0}


def test_a_ratio_of_what_was_not_measured_is_none() -> None:
    assert ratio(3.0, 2.0) == 1.5
    assert ratio(None, 2.0) is None
    assert ratio(3.0, None) is None
    assert ratio(3.0, 0.0) is None


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        (0.4, "share: reached, 0.4 (goal 0.5 at most)"),
        (0.5, "share: reached, 0.5 (goal 0.5 at most)"),
        (0.6, "share: missed, 0.6 (goal 0.5 at most)"),
        (None, "share: not measured (goal 0.5)"),
    ],
)
def test_a_goal_says_in_words_whether_it_was_reached(measured: float | None, said: str) -> None:
    goal = Goal("share", measured, 0.5)

    assert str(goal) == said
    assert goal.reached is ("reached" in said)
