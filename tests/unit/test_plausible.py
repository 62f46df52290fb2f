"""When "none" comes too suddenly to be believed at once, and when it does not."""

from datetime import UTC, datetime, timedelta

import pytest

from core import plausible
from core.looks import Answer, Look
from core.slots import Slot

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOMORROW = NOW + timedelta(days=1)


def look(answer: Answer = Answer.NONE) -> Look:
    return Look(answer, started_at=NOW, finished_at=NOW + timedelta(seconds=2))


def slots(count: int, *, days: int = 1, offices: int = 1, first: datetime = TOMORROW) -> list[Slot]:
    return [
        Slot(first + timedelta(days=number % days, minutes=15 * number), office_id=1 + number % offices)
        for number in range(count)
    ]


@pytest.mark.parametrize("before", [slots(10, days=2), slots(10, offices=2), slots(200, days=20, offices=6)])
def test_many_slots_that_vanish_at_once_are_not_believed_gone(before: list[Slot]) -> None:
    assert plausible.emptied(look(), before, seen_at=NOW - MINUTE)


@pytest.mark.parametrize(
    "before",
    [[], slots(9, days=3, offices=3), slots(30), slots(30, days=2, first=NOW - timedelta(days=5))],
    ids=["nothing", "few", "one-day-at-one-office", "over-by-now"],
)
def test_what_may_well_be_gone_by_now_is_believed(before: list[Slot]) -> None:
    assert not plausible.emptied(look(), before, seen_at=NOW - MINUTE)


@pytest.mark.parametrize("seen_at", [None, NOW - 11 * MINUTE], ids=["never", "long-ago"])
def test_without_a_good_look_lately_none_is_believed(seen_at: datetime | None) -> None:
    assert not plausible.emptied(look(), slots(50, days=5), seen_at=seen_at)


@pytest.mark.parametrize("answer", [one for one in Answer if one is not Answer.NONE])
def test_only_none_is_doubted(answer: Answer) -> None:
    assert not plausible.emptied(look(answer), slots(50, days=5), seen_at=NOW - MINUTE)


def test_a_doubted_look_is_changed_and_says_why() -> None:
    kept = plausible.doubted(look())
    assert (kept.answer, kept.sighted, kept.detail) == (Answer.CHANGED, False, plausible.EMPTIED)
    assert (kept.started_at, kept.finished_at) == (look().started_at, look().finished_at)
