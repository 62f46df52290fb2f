"""How long an office was in sight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.coverage import BLIND_AFTER, Sighting, Span, by_office

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = Span(START, START + 60 * MINUTE)
RUPPERT, PASING = 10489, 54261


def looks(*minutes: float, offices: frozenset[int] = frozenset()) -> list[Sighting]:
    return [Sighting(START + minute * MINUTE, offices) for minute in minutes]


@pytest.mark.parametrize(
    ("minutes", "seen"),
    [
        ((), 0),
        ((10,), 0),
        ((10, 11, 12), 2),
        ((10, 11, 30, 31), 2),
        ((-1, 1, 2), 2),
        ((59, 61), 1),
        ((10, 15), 5),
        ((10, 15.1), 0),
        ((-20, -19, 70, 71), 0),
    ],
)
def test_only_what_lies_between_two_near_looks_was_seen(minutes: tuple[float, ...], seen: int) -> None:
    assert by_office(looks(*minutes), [RUPPERT], HOUR) == {RUPPERT: seen * MINUTE}


def test_an_office_is_seen_by_the_looks_that_asked_for_it() -> None:
    both = frozenset({RUPPERT, PASING})
    seen = looks(0, 1, 2, offices=frozenset({RUPPERT})) + looks(3, 4, offices=both) + looks(5, 6)

    assert by_office(seen, [RUPPERT, PASING, 1], HOUR) == {RUPPERT: 6 * MINUTE, PASING: 3 * MINUTE, 1: MINUTE}


@given(st.lists(st.floats(-30, 90), max_size=30))
def test_no_more_is_claimed_than_lies_near_a_look(minutes: list[float]) -> None:
    seen = by_office(looks(*minutes), [RUPPERT], HOUR)[RUPPERT]

    assert timedelta(0) <= seen <= HOUR.lasts
    assert seen <= BLIND_AFTER * len(minutes)
