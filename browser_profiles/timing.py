"""Human-like timing, planned without a browser: ranges, pointer paths, key rhythm, reading pauses.

All durations here are seconds as floats, since they are drawn, summed and slept, never stored.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from browser_profiles.profiles import TimingName


@dataclass(frozen=True)
class Range:
    """Seconds, drawn with the likeliest value a third of the way up: people are seldom slow."""

    low: float
    high: float

    def draw(self, rng: Random) -> float:
        return rng.triangular(self.low, self.high, self.low + (self.high - self.low) / 3)


@dataclass(frozen=True)
class Timing:
    """`read_per_char` is seconds a character; caps bound a whole text, since people skim and paste."""

    name: TimingName
    aim: Range
    dwell: Range
    hold: Range
    key: Range
    type_cap: float
    before_press: Range
    read_per_char: float
    read_cap: float
    settle: Range


NATURAL: Final = Timing(
    name="natural",
    aim=Range(0.16, 0.34),
    dwell=Range(0.03, 0.09),
    hold=Range(0.03, 0.08),
    key=Range(0.04, 0.14),
    type_cap=2.5,
    before_press=Range(0.08, 0.20),
    read_per_char=0.012,
    read_cap=1.5,
    settle=Range(0.12, 0.35),
)
BRISK: Final = Timing(
    name="brisk",
    aim=Range(0.03, 0.06),
    dwell=Range(0.0, 0.01),
    hold=Range(0.005, 0.015),
    key=Range(0.002, 0.008),
    type_cap=0.25,
    before_press=Range(0.005, 0.02),
    read_per_char=0.0,
    read_cap=0.0,
    settle=Range(0.0, 0.02),
)


def preset(name: TimingName) -> Timing:
    return NATURAL if name == "natural" else BRISK


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Step:
    """Move to `point`, then wait `pause` seconds."""

    point: Point
    pause: float


FRAME: Final = 1 / 60
MAX_STEPS: Final = 20
MIN_STEPS: Final = 3


def pointer_path(start: Point, *, end: Point, duration: float, rng: Random) -> list[Step]:
    """Follow a curve from start to end: slow at both ends, bowed to one side, exact at the end.

    The pauses sum up to `duration`. At most one step a frame, since a page sees no more of a real mouse.
    """
    count = max(MIN_STEPS, min(MAX_STEPS, int(duration / FRAME)))
    bow = _bow(start, end=end, rng=rng)
    points = [_on_curve(start, bow=bow, end=end, t=_ease(i / count)) for i in range(1, count)]
    return [Step(point, duration / count) for point in (*points, end)]


def landing(width: float, *, height: float, rng: Random) -> Point:
    """A place inside a box of this size, around its middle and never at the edge."""
    return Point(
        x=width * min(0.8, max(0.2, rng.gauss(0.5, 0.1))),
        y=height * min(0.8, max(0.2, rng.gauss(0.5, 0.1))),
    )


def key_delays(text: str, *, timing: Timing, rng: Random) -> list[float]:
    """Seconds to wait after each character; longer after a word, and never more than the cap in all."""
    delays = [timing.key.draw(rng) * (1.6 if char.isspace() else 1.0) for char in text]
    return _capped(delays, cap=timing.type_cap)


def reading_pause(chars: int, *, timing: Timing, rng: Random) -> float:
    return min(timing.read_cap, chars * timing.read_per_char * rng.uniform(0.7, 1.3))


def _capped(delays: Sequence[float], *, cap: float) -> list[float]:
    total = sum(delays)
    factor = cap / total if total > cap else 1.0
    return [delay * factor for delay in delays]


def _bow(start: Point, *, end: Point, rng: Random) -> Point:
    """Place the curve's control point: beside the middle of the straight line, up to a sixth of its length."""
    along = rng.uniform(0.35, 0.65)
    aside = rng.uniform(-1, 1) / 3
    dx, dy = end.x - start.x, end.y - start.y
    return Point(start.x + dx * along - dy * aside, start.y + dy * along + dx * aside)


def _on_curve(start: Point, *, bow: Point, end: Point, t: float) -> Point:
    a, b, c = (1 - t) ** 2, 2 * (1 - t) * t, t**2
    return Point(a * start.x + b * bow.x + c * end.x, a * start.y + b * bow.y + c * end.y)


def _ease(t: float) -> float:
    return (1 - math.cos(math.pi * t)) / 2
