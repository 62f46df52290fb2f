"""Which hours are release hours."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.appearances import SightHour
from core.cadence import ReleaseWindow
from core.catalog import Catalog, Office, Relation, Scope, Service
from core.releases import BUSY, LEAST_DAYS, LEAST_SLOTS, Learnt, published, recorded, windows_for
from core.services import ServiceCount
from tests.releases_cast import MONDAY, berlin, watched

WEEKDAYS = frozenset(range(5))
SEVEN_TO_EIGHT = ReleaseWindow(WEEKDAYS, time(7), time(8), "published")
SAID = "Neue Termine werden Mo-Fr von 7 bis 8 Uhr freigeschaltet."
PASSPORT = ServiceCount(1)


def mornings(*slots: int, hour: int = 7) -> tuple[SightHour, ...]:
    """A fortnight in sight, with so many slots in that hour of its first days, and a few at other times."""
    few = {(8, other): 1 for other in (10, 12, 15)}
    return watched(MONDAY, 14, slots=few | {(number, hour): count for number, count in enumerate(slots)})


def test_an_hour_that_was_busy_on_several_days_is_a_window_of_those_weekdays() -> None:
    assert recorded(mornings(6, 5)) == (ReleaseWindow(frozenset({0, 1}), time(7), time(8), "recorded"),)


@pytest.mark.parametrize(
    "slots", [(50,), (50, 2), (4, 4), ()], ids=["one busy morning", "one and a few", "too few in all", "none"]
)
def test_what_may_be_chance_is_no_pattern(slots: tuple[int, ...]) -> None:
    assert recorded(mornings(*slots)) == ()


def test_slots_that_come_at_any_time_make_no_window() -> None:
    evenly = {(number, hour): 3 for number in range(14) for hour in range(24)}

    assert recorded(watched(MONDAY, 14, slots=evenly)) == ()


def test_an_hour_that_alone_was_looked_at_is_no_pattern() -> None:
    at_seven = {(number, 7): 20 for number in range(5)}

    assert recorded(watched(MONDAY, 14, range(7, 8), slots=at_seven)) == ()
    assert recorded(watched(MONDAY, 14, range(6, 9), slots=at_seven)) != ()


def test_hours_side_by_side_are_one_window_up_to_midnight() -> None:
    late = {(number, hour): 4 for number in range(5) for hour in (22, 23)}

    found = recorded(watched(MONDAY, 14, slots=late))

    assert found == (ReleaseWindow(WEEKDAYS, time(22), time.max, "recorded"),)


def test_an_hour_keeps_its_number_over_the_change_of_the_clock() -> None:
    thursday = date(2026, 10, 22)  # the clock is put back on the Sunday after it

    found = recorded(watched(thursday, 14, slots={(0, 7): 6, (7, 7): 6}))

    assert found == (ReleaseWindow(frozenset({3}), time(7), time(8), "recorded"),)


@given(st.lists(st.integers(0, 60), max_size=14), st.integers(0, 23))
def test_whatever_is_called_a_pattern_was_busy_on_two_days(slots: list[int], hour: int) -> None:
    hours = mornings(*slots, hour=hour)

    for window in recorded(hours):
        counted = [one.slots for one in hours if window.start.hour <= one.cell[1] and one.cell[0] in window.weekdays]
        assert sum(slots >= BUSY for slots in counted) >= LEAST_DAYS
        assert sum(counted) >= LEAST_SLOTS


def test_nothing_recorded_is_no_window() -> None:
    assert recorded(()) == recorded(watched(MONDAY, 14)) == ()


def test_a_text_gives_each_window_once() -> None:
    assert published(f"{SAID} {SAID}") == (SEVEN_TO_EIGHT,)
    assert published("Wir haben geöffnet.") == ()


def offices(**infos: str) -> Catalog:
    """An office for each text, numbered from 1; all of them offer the passport."""
    named = list(enumerate(infos.items(), start=1))
    return Catalog(
        offices=tuple(
            Office(id=number, name=name, scope=Scope(id=number, info=info)) for number, (name, info) in named
        ),
        services=(Service(id=1, name="Pass"),),
        relations=tuple(Relation(office_id=number, service_id=1) for number, _ in named),
    )


def test_published_windows_are_those_of_the_offices_that_are_asked() -> None:
    catalog = offices(east=SAID, west=SAID, south="Neue Termine werden samstags um 9 Uhr freigeschaltet.")

    everywhere, south = (windows_for(catalog, [PASSPORT], wanted, ()) for wanted in ((), (3,)))

    assert south == (ReleaseWindow(frozenset({5}), time(9), time(9, 15), "published"),)
    assert everywhere == (SEVEN_TO_EIGHT, *south)


def test_what_is_recorded_is_added_unless_it_was_published() -> None:
    morning, evening = mornings(6, 6), mornings(6, 6, hour=20)

    assert windows_for(offices(east=SAID), [PASSPORT], (), morning) == (SEVEN_TO_EIGHT,)
    assert [one.source for one in windows_for(offices(east=SAID), [PASSPORT], (), evening)] == ["published", "recorded"]
    assert windows_for(None, [PASSPORT], (), morning) == recorded(morning)


def test_what_was_learnt_can_be_kept_as_json() -> None:
    windows = windows_for(offices(east=SAID), [PASSPORT], (), mornings(6, 6, hour=23))
    learnt = Learnt(at=berlin(MONDAY, 7), published=True, windows=windows)

    assert Learnt.model_validate(learnt.model_dump(mode="json")) == learnt
    assert time.max in {one.end for one in learnt.windows}
