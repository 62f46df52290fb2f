"""When a target is looked at next: often while the City is known to put out new slots, else at the usual interval."""

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal

from core.caps import Caps
from core.looks import Answer
from core.pacing import SILENCE
from core.slots import BERLIN, in_munich

HUSH = SILENCE + timedelta(seconds=10)  # looks that have just begun end first
JITTER = 0.1  # at most so much longer than said, so that nothing of ours ticks like a clock
_WEEK = 7
_FAILURES = frozenset({Answer.CAPTCHA, Answer.CHANGED, Answer.FAILED})


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a target is looked at: `dense_interval` holds while new slots are expected, `interval` else.

    `most_offers` may wait for their persons at once.
    """

    interval: timedelta
    dense_interval: timedelta = timedelta(seconds=5)
    most_offers: int = 2
    caps: Caps = field(default_factory=Caps)

    @property
    def after_trouble(self) -> timedelta:
        return 2 * self.interval


@dataclass(frozen=True, slots=True)
class ReleaseWindow:
    """Hours in which new slots appear, on Munich's clock. `weekdays` 0 is Monday.

    `start` belongs to it, `end` does not; it ends on the day it starts, `time.max` being the end of a day.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    source: Literal["published", "recorded"]

    def lies_at(self, now: datetime) -> bool:
        here = now.astimezone(BERLIN)
        return here.weekday() in self.weekdays and self.start <= here.time() < self.end

    def begins_after(self, now: datetime) -> datetime | None:
        """When it comes next."""
        today = now.astimezone(BERLIN).date()
        ahead = (today + timedelta(days=days) for days in range(_WEEK + 1))
        begins = (in_munich(day, self.start) for day in ahead if day.weekday() in self.weekdays)
        return next((moment for moment in begins if moment > now), None)


@dataclass(frozen=True, slots=True)
class Cadence:
    """The windows of a target, or of all targets of a lane. Without any it is looked at the usual interval."""

    windows: tuple[ReleaseWindow, ...] = ()

    def dense_at(self, now: datetime) -> bool:
        return any(window.lies_at(now) for window in self.windows)

    def begins_after(self, now: datetime) -> datetime | None:
        """When the next window begins."""
        return min(filter(None, (window.begins_after(now) for window in self.windows)), default=None)

    def hush(self, now: datetime) -> timedelta:
        """How long the lane keeps silent for the next window to begin with a full budget; nothing while in a window."""
        begins = self.begins_after(now)
        if begins is None or begins - now > HUSH or self.dense_at(now):
            return timedelta()
        return begins - now

    def next_look(self, now: datetime, answer: Answer, pace: Pace, *, rng: random.Random) -> datetime:
        """After this answer. A look that sees goes on at the next window's beginning at the latest.

        Where the address is refused, or the whole site is down, it is the lane that rests (core.breaker).
        """
        if answer in _FAILURES:
            return now + jittered(pace.after_trouble, rng=rng)
        due = now + jittered(pace.dense_interval if self.dense_at(now) else pace.interval, rng=rng)
        return min(due, self.begins_after(now) or due)


def jittered(pause: timedelta, *, rng: random.Random, share: float = JITTER) -> timedelta:
    """At least `pause`, at most longer by that share of it."""
    return pause * rng.uniform(1, 1 + share)
