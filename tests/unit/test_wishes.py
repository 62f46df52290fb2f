from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.slots import BERLIN, Slot
from core.wishes import DayRange, HourRange, WishRules, refuse_past

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 11, 24), datetime(2027, 5, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def at(day: date, hour: int, minute: int = 0) -> Slot:
    local = datetime.combine(day, time(hour, minute), tzinfo=BERLIN)
    return Slot(local.astimezone(UTC), office_id=10489)


@given(MOMENTS)
def test_no_rules_take_every_slot_that_lies_ahead(moment: datetime) -> None:
    assert WishRules().pleases(Slot(moment, 1), now=NOW)


def test_a_slot_that_has_begun_pleases_nobody() -> None:
    assert WishRules().refusal(Slot(NOW, 1), now=NOW) == "minimum_notice"


@pytest.mark.parametrize(
    ("rules", "refused_by"),
    [
        (WishRules(latest=date(2026, 12, 1)), "latest"),
        (WishRules(excluded=frozenset({date(2026, 12, 2)})), "excluded"),
        (WishRules(ranges=(DayRange(first=date(2026, 12, 3), last=date(2026, 12, 9)),)), "ranges"),
        (WishRules(hours=(HourRange(start=time(8), end=time(9)),)), "hours"),
        (WishRules(hours=(HourRange(start=time(8), end=time(18), weekday=0),)), "hours"),
        (WishRules(minimum_notice=timedelta(days=30)), "minimum_notice"),
    ],
)
def test_each_rule_turns_the_slot_down_by_its_own_name(rules: WishRules, refused_by: str) -> None:
    wednesday = at(date(2026, 12, 2), 10)
    assert rules.refusal(wednesday, now=NOW) == refused_by


def test_the_end_of_the_hours_does_not_belong_to_them() -> None:
    rules = WishRules(hours=(HourRange(start=time(8), end=time(10)),))
    assert rules.pleases(at(date(2026, 12, 2), 9, 59), now=NOW)
    assert not rules.pleases(at(date(2026, 12, 2), 10), now=NOW)


@pytest.mark.parametrize("day", [date(2026, 10, 24), date(2026, 10, 26)])
def test_hours_are_munich_hours_on_both_sides_of_the_october_change(day: date) -> None:
    rules = WishRules(hours=(HourRange(start=time(8), end=time(9)),))
    before = datetime(2026, 10, 1, tzinfo=UTC)
    assert rules.pleases(at(day, 8, 30), now=before)
    assert not rules.pleases(at(day, 9, 0), now=before)


def test_a_slot_after_midnight_in_munich_belongs_to_the_new_day() -> None:
    slot = Slot(datetime(2026, 12, 1, 23, 30, tzinfo=UTC), 1)
    assert slot.day == date(2026, 12, 2)


@given(MOMENTS, st.sets(st.integers(0, 6), min_size=1))
def test_a_day_that_is_not_taken_holds_no_pleasing_slot(moment: datetime, weekdays: set[int]) -> None:
    rules = WishRules(hours=tuple(HourRange(start=time(7), end=time(19), weekday=day) for day in weekdays))
    slot = Slot(moment, 1)
    assert rules.takes_day(slot.day) or not rules.pleases(slot, now=NOW)


def test_wishes_for_days_gone_by_are_refused() -> None:
    with pytest.raises(BadInput, match="in the past"):
        refuse_past(WishRules(latest=date(2026, 11, 22)), today=date(2026, 11, 23))
    with pytest.raises(BadInput, match="2026-11-01 to 2026-11-02"):
        refuse_past(
            WishRules(ranges=(DayRange(first=date(2026, 11, 1), last=date(2026, 11, 2)),)), today=date(2026, 11, 23)
        )


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        DayRange(first=date(2026, 12, 2), last=date(2026, 12, 1))
