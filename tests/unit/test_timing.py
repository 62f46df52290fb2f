"""Timing is planned before it is slept: paths, key rhythm, pauses, and what a booking click may cost in all."""

import math
from itertools import pairwise
from random import Random
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser_profiles.timing import (
    BRISK,
    MAX_STEPS,
    NATURAL,
    Point,
    Range,
    Timing,
    key_delays,
    landing,
    pointer_path,
    preset,
    reading_pause,
)

SEEDS = st.integers(0, 2**32)
PIXELS = st.floats(0, 4000)
POINTS = st.builds(Point, PIXELS, PIXELS)
TIMINGS = st.sampled_from([NATURAL, BRISK])
DURATIONS = st.floats(0.01, 1.0)


def distance(a: Point, b: Point) -> float:
    return math.hypot(b.x - a.x, b.y - a.y)


@given(low=st.floats(0, 1), width=st.floats(0, 1), seed=SEEDS)
def test_a_draw_stays_in_its_range(low: float, width: float, seed: int) -> None:
    drawn = Range(low, low + width).draw(Random(seed))

    assert low - 1e-9 <= drawn <= low + width + 1e-9


@given(start=POINTS, end=POINTS, duration=DURATIONS, seed=SEEDS)
def test_a_pointer_arrives_exactly_and_in_time(start: Point, end: Point, duration: float, seed: int) -> None:
    path = pointer_path(start, end=end, duration=duration, rng=Random(seed))

    assert path[-1].point == end
    assert math.isclose(sum(step.pause for step in path), duration)
    assert len(path) <= MAX_STEPS


@given(start=POINTS, end=POINTS, duration=DURATIONS, seed=SEEDS)
def test_a_pointer_never_strays_far(start: Point, end: Point, duration: float, seed: int) -> None:
    direct = distance(start, end)

    path = pointer_path(start, end=end, duration=duration, rng=Random(seed))

    assert all(distance(start, step.point) + distance(step.point, end) <= 1.5 * direct + 1e-6 for step in path)


def test_a_pointer_goes_in_a_curve_and_slows_down_at_both_ends() -> None:
    start, end = Point(0, 0), Point(1000, 0)

    path = [start, *(step.point for step in pointer_path(start, end=end, duration=0.3, rng=Random(4)))]

    strides = [distance(a, b) for a, b in pairwise(path)]
    assert max(abs(point.y) for point in path) > 10
    assert strides[0] < strides[len(strides) // 2] > strides[-1]


@given(width=st.floats(1, 2000), height=st.floats(1, 2000), seed=SEEDS)
def test_a_click_lands_inside_and_never_at_the_edge(width: float, height: float, seed: int) -> None:
    place = landing(width, height=height, rng=Random(seed))

    assert 0.2 * width <= place.x <= 0.8 * width
    assert 0.2 * height <= place.y <= 0.8 * height


@given(text=st.text(max_size=300), timing=TIMINGS, seed=SEEDS)
def test_each_key_has_its_pause_and_the_text_its_cap(text: str, timing: Timing, seed: int) -> None:
    delays = key_delays(text, timing=timing, rng=Random(seed))

    assert len(delays) == len(text)
    assert sum(delays) <= timing.type_cap + 1e-9
    assert all(delay > 0 for delay in delays)


def test_a_word_ends_with_a_longer_pause() -> None:
    letters = sum(key_delays("a" * 20, timing=NATURAL, rng=Random(1)))
    spaces = sum(key_delays(" " * 20, timing=NATURAL, rng=Random(1)))

    assert spaces > letters


@given(chars=st.integers(0, 100_000), seed=SEEDS)
def test_reading_is_longer_for_more_text_and_never_too_long(chars: int, seed: int) -> None:
    pause = reading_pause(chars, timing=NATURAL, rng=Random(seed))

    assert pause <= NATURAL.read_cap
    assert pause <= reading_pause(chars * 2, timing=NATURAL, rng=Random(seed)) + 1e-9
    assert reading_pause(chars, timing=BRISK, rng=Random(seed)) == 0


def test_a_preset_has_the_name_it_is_asked_by() -> None:
    assert (preset("natural").name, preset("brisk").name) == ("natural", "brisk")


@given(timing=TIMINGS, seed=SEEDS)
def test_one_seed_gives_one_plan(timing: Timing, seed: int) -> None:
    text = "Erika Mustermann"

    assert key_delays(text, timing=timing, rng=Random(seed)) == key_delays(text, timing=timing, rng=Random(seed))


def waits_from_slot_to_reserve(timing: Timing, rng: Random) -> float:
    """Sum what a hand sleeps between seeing a slot and pressing "Weiter": choose the slot, press the button."""
    if timing.name == "brisk":
        slot = timing.before_press.draw(rng) + timing.hold.draw(rng)
    else:
        slot = timing.aim.draw(rng) + timing.dwell.draw(rng) + timing.hold.draw(rng)
    return slot + timing.before_press.draw(rng) + timing.hold.draw(rng)


@pytest.mark.parametrize(("timing", "limit"), [(NATURAL, 0.8), (BRISK, 0.1)])
def test_the_waits_leave_room_in_the_budget_of_a_hold(timing: Timing, limit: float) -> None:
    """1.2 s natural and 0.4 s brisk are allowed in all; the page itself needs under 0.3 s of them."""
    rng = Random(7)

    waits = [waits_from_slot_to_reserve(timing, rng) for _ in range(2000)]

    assert quantiles(waits, n=20)[-1] <= limit
