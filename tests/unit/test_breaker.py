"""How long a lane rests after which answer, and how it comes back."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from core import breaker
from core.breaker import RETRY, Breaker, State
from core.cadence import JITTER
from core.looks import Answer
from core.pacing import SILENCE

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
RESTS = {
    Answer.THROTTLED: (SILENCE, [2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE, 30 * MINUTE, 30 * MINUTE]),
    Answer.BLOCKED: (timedelta(), [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 24 * HOUR]),
    Answer.MAINTENANCE: (timedelta(), [30 * SECOND, MINUTE, 2 * MINUTE, 4 * MINUTE, 5 * MINUTE, 5 * MINUTE]),
}


def heard(before: Breaker, answer: Answer, now: datetime, *, asked_at: datetime | None = None) -> Breaker:
    return breaker.after(before, answer, asked_at=asked_at or now, now=now, rng=random.Random(1))


def tripped(answer: Answer, times: int = 1) -> Breaker:
    """As after so many probes that met the same."""
    one, now = Breaker(), NOW
    for _ in range(times):
        one = heard(one, answer, now)
        assert one.until is not None
        now = one.until
    return one


@pytest.mark.parametrize("answer", RESTS)
def test_each_repetition_doubles_the_rest_up_to_its_longest(answer: Answer) -> None:
    silence, spans = RESTS[answer]

    for times, span in enumerate(spans, start=1):
        one = tripped(answer, times)
        assert one.times == times
        assert one.until is not None
        assert one.tripped_at is not None
        assert silence + span <= one.until - one.tripped_at <= silence + span * (1 + JITTER)


def test_a_year_of_repetitions_is_no_longer_than_the_longest() -> None:
    assert breaker.RESTS[Answer.BLOCKED].lasts(10_000, rng=random.Random(1)) <= 24 * HOUR * (1 + JITTER)


def test_it_is_open_until_its_time_and_then_half_open() -> None:
    one = tripped(Answer.THROTTLED)
    assert one.until is not None

    assert Breaker().state(NOW) is State.CLOSED
    assert one.state(one.until - SECOND) is State.OPEN
    assert one.state(one.until) is State.HALF_OPEN


@pytest.mark.parametrize("answer", [Answer.FREE, Answer.NONE, Answer.CAPTCHA, Answer.CHANGED])
def test_a_probe_that_is_let_in_closes_it_and_forgets_the_count(answer: Answer) -> None:
    one = tripped(Answer.THROTTLED, 3)
    assert one.until is not None

    assert heard(one, answer, one.until) == Breaker()


def test_a_probe_without_any_answer_is_repeated_soon_and_counts_as_nothing() -> None:
    one = tripped(Answer.BLOCKED, 2)
    assert one.until is not None

    after = heard(one, Answer.FAILED, one.until + SECOND)

    assert (after.answer, after.times, after.until) == (Answer.BLOCKED, 2, one.until + SECOND + RETRY)
    assert heard(Breaker(), Answer.FAILED, NOW) == Breaker()


def test_looks_that_meet_the_same_at_once_count_once() -> None:
    first = heard(Breaker(), Answer.THROTTLED, NOW)

    assert heard(first, Answer.THROTTLED, NOW + 2 * SECOND, asked_at=NOW - SECOND) == first


def test_a_look_that_began_before_neither_closes_it_nor_counts_after_its_time() -> None:
    one = tripped(Answer.MAINTENANCE)
    assert one.until is not None

    assert heard(one, Answer.FREE, NOW + SECOND, asked_at=NOW - SECOND) == one
    assert heard(one, Answer.MAINTENANCE, one.until + SECOND, asked_at=NOW - SECOND) == one


def test_of_two_answers_at_once_the_longer_rest_stands() -> None:
    maintenance = tripped(Answer.MAINTENANCE)
    blocked = heard(maintenance, Answer.BLOCKED, NOW + SECOND)

    assert blocked.answer is Answer.BLOCKED
    assert heard(blocked, Answer.MAINTENANCE, NOW + 2 * SECOND) == blocked


def test_another_answer_begins_a_count_of_its_own() -> None:
    one = tripped(Answer.MAINTENANCE, 4)
    assert one.until is not None

    after = heard(one, Answer.THROTTLED, one.until)

    assert (after.answer, after.times) == (Answer.THROTTLED, 1)
