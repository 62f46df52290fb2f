"""What is counted of slots as they appeared."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.appearances import SightHour, sight_by_cell, slots_by_cell, slots_by_lead, stay
from core.looks import Sight
from core.slots import Slot
from tests.releases_cast import DAY, HOUR, MINUTE, MONDAY, appeared, berlin

LAST_SUMMER_SUNDAY = date(2026, 10, 25)
SUNDAY = 6


def hour(begins_at: datetime, *, slots: int = 1) -> SightHour:
    return SightHour(begins_at, looks=55, seen=HOUR, slots=slots)


def test_hours_are_those_of_munich_on_both_sides_of_the_october_change() -> None:
    before, after = (datetime(2026, 10, day, 6, tzinfo=UTC) for day in (24, 26))

    assert slots_by_cell([hour(before), hour(after, slots=3)]) == {(5, 8): 1, (0, 7): 3}


def test_the_hour_that_october_repeats_counts_twice() -> None:
    night = [datetime(2026, 10, 24, 22, tzinfo=UTC) + n * HOUR for n in range(25)]

    slots, sight = slots_by_cell(map(hour, night)), sight_by_cell(map(hour, night))

    assert slots == {(SUNDAY, n): 2 if n == 2 else 1 for n in range(24)}
    assert sight == {(SUNDAY, n): 2 * HOUR if n == 2 else HOUR for n in range(24)}
    assert {hour(begin).day for begin in night} == {LAST_SUMMER_SUNDAY}


def test_an_hour_without_sight_is_missing_and_not_zero() -> None:
    unseen = SightHour(berlin(MONDAY, 7), looks=1, seen=timedelta(0))

    assert sight_by_cell([unseen, SightHour(berlin(MONDAY, 8), looks=3, seen=2 * MINUTE)]) == {(0, 8): 2 * MINUTE}


def test_the_lead_is_counted_in_days_of_munich() -> None:
    late_in_the_evening = berlin(MONDAY, 23, 30)

    leads = slots_by_lead(appeared(late_in_the_evening, lead_days=days) for days in (0, 1, 1, 42))

    assert leads == {0: 1, 1: 2, 42: 1}


def test_half_of_the_slots_stayed_at_most_the_median() -> None:
    seen = [appeared(berlin(MONDAY, 7), number, gone_after=(number + 1) * MINUTE) for number in range(5)]

    told = stay(seen)

    assert (told.median, told.at_least, told.gone, told.unknown) == (3 * MINUTE, None, 5, 0)


def test_a_slot_that_was_not_seen_to_go_counts_for_as_long_as_it_was_seen() -> None:
    gone = [
        appeared(berlin(MONDAY, 7), number, gone_after=minutes * MINUTE) for number, minutes in enumerate((1, 2, 9))
    ]
    lost_from_sight = [appeared(berlin(MONDAY, 7), number) for number in (3, 4)]  # seen for five minutes

    told = stay([*gone, *lost_from_sight])

    assert (told.median, told.gone, told.unknown) == (9 * MINUTE, 3, 2)


def test_where_most_are_still_there_it_is_said_how_long_at_least() -> None:
    told = stay(
        [appeared(berlin(MONDAY, 7)), appeared(berlin(MONDAY, 7), 1, gone_after=MINUTE), appeared(berlin(MONDAY, 7), 2)]
    )

    assert (told.median, told.at_least) == (None, 5 * MINUTE)


def test_without_slots_nothing_is_said_of_how_long_they_stay() -> None:
    assert (stay([]).median, stay([]).at_least) == (None, None)


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=40))
def test_the_median_is_one_that_was_seen_or_nothing(stays: list[tuple[int, bool]]) -> None:
    gone = [appeared(berlin(MONDAY, 7), number, gone_after=length * MINUTE) for number, (length, _) in enumerate(stays)]
    lost = [appeared(berlin(MONDAY, 7), 50)] * sum(not went for _, went in stays)

    told, all_gone = stay([*gone, *lost]), stay(gone)

    assert all_gone.median is not None
    assert sum(one.stayed <= all_gone.median for one in gone) * 2 >= len(gone)
    assert told.median is None or told.median in {one.stayed for one in gone}
    assert told.median is None or told.median >= min(one.stayed for one in gone)


@pytest.mark.parametrize(
    ("office_id", "days_ahead", "covered"),
    [(1, 0, True), (1, 1, False), (1, 2, True), (1, 3, False), (1, 9, False), (2, 0, False)],
)
def test_a_look_sees_its_offices_but_for_unread_days_and_those_beyond(
    office_id: int, days_ahead: int, *, covered: bool
) -> None:
    sight = Sight(
        at=berlin(MONDAY, 7),
        office_ids=frozenset({1}),
        unread={MONDAY + DAY: None},
        beyond=MONDAY + 3 * DAY,
    )

    assert sight.covers(Slot(berlin(MONDAY + days_ahead * DAY, 9), office_id)) is covered


def sight(at: int, *unread: int, offices: frozenset[int] = frozenset({1})) -> Sight:
    """A look so many minutes past seven that did not read the days so far ahead."""
    return Sight(at=berlin(MONDAY, 7, at), office_ids=offices, unread={MONDAY + days * DAY: None for days in unread})


def test_of_an_unread_day_is_known_what_the_last_look_knew_that_read_it() -> None:
    first, second, third = sight(0), sight(1, 1), sight(2, 1, 2)

    chain = third.following(second.following(first))

    known = [chain.knew(Slot(berlin(MONDAY + days * DAY, 9), office_id=1)) for days in range(3)]
    assert known == [third.at, first.at, second.at]
    assert Sight.model_validate(chain.model_dump(mode="json")) == chain


def test_of_days_beyond_is_known_what_the_last_look_knew_that_got_as_far() -> None:
    far, further = (Slot(berlin(MONDAY + days * DAY, 9), office_id=1) for days in (40, 60))
    all_of_it, near = sight(0), sight(1).model_copy(update={"beyond": far.day})

    once, twice = near.following(all_of_it), sight(2, 1).model_copy(update={"beyond": far.day})

    assert [once.knew(slot) for slot in (far, further)] == [all_of_it.at, all_of_it.at]
    assert twice.following(once).knew(further) == all_of_it.at
    assert near.following(sight(0, 60)).knew(further) is None, "a day in there was not read"
    assert near.knew(further) is None


def test_looks_at_other_offices_say_nothing_of_days_that_were_not_read() -> None:
    chain = sight(1, 1).following(sight(0, offices=frozenset({2})))

    assert chain.knew(Slot(berlin(MONDAY + DAY, 9), office_id=1)) is None
