"""When a lane must rest as a whole, for how long, and how it comes back: with one look that probes.

Pure rules; models.lanes keeps the state in the lane's row, so that a restart changes nothing.
"""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.cadence import jittered
from core.looks import Answer
from core.pacing import SILENCE

RETRY = timedelta(seconds=30)  # after a probe that brought no answer at all
_LONGEST_DOUBLING = 30  # beyond every cap


@dataclass(frozen=True, slots=True)
class Rest:
    """`first` doubles with each repetition up to `most`; `silence` comes on top of it."""

    first: timedelta
    most: timedelta
    silence: timedelta = timedelta()

    def lasts(self, times: int, *, rng: random.Random) -> timedelta:
        doubled = self.first * 2 ** min(times - 1, _LONGEST_DOUBLING)
        return self.silence + jittered(min(doubled, self.most), rng=rng)


RESTS = {
    Answer.THROTTLED: Rest(timedelta(minutes=2), most=timedelta(minutes=30), silence=SILENCE),
    Answer.BLOCKED: Rest(timedelta(hours=1), most=timedelta(days=1)),
    Answer.MAINTENANCE: Rest(timedelta(seconds=30), most=timedelta(minutes=5)),  # the City's own page asks each 30 s
}


class State(StrEnum):
    CLOSED = "closed"  # all may pass
    OPEN = "open"  # nothing may
    HALF_OPEN = "half-open"  # one may try


@dataclass(frozen=True, slots=True)
class Breaker:
    """`answer` is what the lane met `times` in a row, last at `tripped_at`; None while all is well."""

    answer: Answer | None = None
    times: int = 0
    tripped_at: datetime | None = None
    until: datetime | None = None

    def state(self, now: datetime) -> State:
        if self.until is None:
            return State.CLOSED
        return State.OPEN if now < self.until else State.HALF_OPEN


def after(before: Breaker, answer: Answer, *, asked_at: datetime, now: datetime, rng: random.Random) -> Breaker:
    """What an answer to a question of `asked_at` makes of it.

    While it is open, and from questions asked before it opened, nothing new is heard: none counts again or closes it.
    """
    if before.state(now) is State.OPEN or (before.tripped_at is not None and asked_at <= before.tripped_at):
        return _longer(before, answer, now=now, rng=rng)
    if answer in RESTS:
        return _tripped(before, answer, now=now, rng=rng)
    if answer is Answer.FAILED:
        return before if before.state(now) is State.CLOSED else replace(before, until=now + RETRY)
    return Breaker()


def _tripped(before: Breaker, answer: Answer, *, now: datetime, rng: random.Random) -> Breaker:
    times = before.times + 1 if answer is before.answer else 1
    return Breaker(answer, times=times, tripped_at=now, until=now + RESTS[answer].lasts(times, rng=rng))


def _longer(before: Breaker, answer: Answer, *, now: datetime, rng: random.Random) -> Breaker:
    """Of two answers that came at once, the one that rests longer stands."""
    if answer not in RESTS or answer is before.answer or before.until is None:
        return before
    other = _tripped(before, answer, now=now, rng=rng)
    return other if other.until is not None and other.until > before.until else before
