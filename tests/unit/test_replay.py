"""What a wish would have had, against counting it out."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import relaxations
from core.coverage import BLIND_AFTER, Span
from core.relaxations import (
    AddOffice,
    AddWeekday,
    AnyHour,
    DropExcluded,
    LaterLatest,
    LongerRange,
    Relaxation,
    ShorterNotice,
    WiderHours,
)
from core.replay import Appearance, Stay, merged, replay
from core.slots import BERLIN, Slot
from core.wishes import DayRange, HourRange, Wish, WishRules

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
WEEK = Span(NOW - timedelta(days=7), NOW)
MINUTE = timedelta(minutes=1)
RUPPERT, PASING, ORLEANS = 10489, 54261, 102522
THURSDAY = date(2026, 11, 26)


def offered(
    day: date = THURSDAY, hour: int = 9, *, office: int = RUPPERT, came: timedelta = timedelta(days=2), looks: int = 2
) -> Appearance:
    """A slot that came so long before now and that so many looks saw, a minute apart; it was gone at the next one."""
    starts_at = datetime.combine(day, time(hour), BERLIN).astimezone(UTC)
    first = NOW - came
    return Appearance(Slot(starts_at, office), first, first + (looks - 1) * MINUTE, gone=first + looks * MINUTE)


def wish(*office_ids: int, **rules: object) -> Wish:
    return Wish(WishRules.model_validate(rules), office_ids)


def mornings(*weekdays: int) -> dict[str, object]:
    return {"hours": [HourRange(start=time(8), end=time(12), weekday=weekday) for weekday in weekdays]}


def best(found: list[Appearance], asked: Wish) -> tuple[Relaxation, int, int]:
    gain = replay(found, asked, WEEK).gains[0]
    return gain.relaxation, gain.more, gain.slots


def test_what_pleases_is_told_in_the_order_it_came_the_preferred_office_first() -> None:
    late = offered(hour=8, came=timedelta(days=1))
    pasing, ruppert = offered(hour=9, office=PASING), offered(hour=11)
    other = offered(office=ORLEANS)

    told = replay([late, pasing, ruppert, other], wish(RUPPERT, PASING), WEEK)

    assert told.pleasing == (ruppert, pasing, late)
    assert told.days == (THURSDAY,)
    assert told.came_on == (date(2026, 11, 22), date(2026, 11, 23))
    assert told.offered == {RUPPERT: 2, PASING: 1, ORLEANS: 1}


def test_what_was_seen_only_outside_the_span_is_not_told() -> None:
    gone_before = offered(came=timedelta(days=7, minutes=5))
    there_before = offered(hour=10, came=timedelta(days=7, minutes=5), looks=10)

    told = replay([gone_before, there_before], wish(), WEEK)

    assert told.pleasing == (there_before,)
    assert told.came_on == (date(2026, 11, 17),)


def test_the_notice_counts_from_the_moment_the_slot_came() -> None:
    in_time, too_late = offered(came=timedelta(days=3)), offered(hour=10, came=timedelta(hours=1))

    told = replay([in_time, too_late], wish(minimum_notice=timedelta(days=4)), WEEK)

    assert told.pleasing == (in_time,)


def test_who_has_an_appointment_is_told_of_earlier_ones_alone() -> None:
    earlier, later = offered(), offered(THURSDAY + timedelta(days=1))
    before = datetime(2026, 11, 26, 12, tzinfo=UTC)

    assert replay([earlier, later], Wish(WishRules(), before=before), WEEK).pleasing == (earlier,)


@pytest.mark.parametrize(
    ("appearance", "stay"),
    [
        (offered(looks=2), Stay.LASTING),
        (offered(looks=1), Stay.FLEETING),
        (Appearance(offered().slot, NOW, NOW, gone=NOW + BLIND_AFTER + MINUTE), Stay.UNCLEAR),
        (Appearance(offered().slot, NOW, NOW, gone=None), Stay.UNCLEAR),
    ],
)
def test_a_slot_is_fleeting_only_if_somebody_looked_again_soon(appearance: Appearance, stay: Stay) -> None:
    assert appearance.stay is stay


def test_how_long_it_was_on_offer_lies_between_two_looks() -> None:
    assert (offered(looks=3).at_least, offered(looks=3).at_most) == (2 * MINUTE, 3 * MINUTE)
    assert Appearance(offered().slot, NOW, NOW, gone=None).at_most is None


def test_the_same_slot_of_two_targets_is_one() -> None:
    first, second = offered(looks=3), offered(came=timedelta(days=2) - MINUTE, looks=4)
    again = offered(came=timedelta(days=1))

    assert merged([second, first]) == [Appearance(first.slot, first.first, second.last, second.gone)]
    assert merged([again, first]) == [again]


@pytest.mark.parametrize(
    ("asked", "won", "relaxation"),
    [
        (wish(RUPPERT), [offered(office=PASING)], AddOffice(PASING)),
        (wish(**mornings(3)), [offered(hour=7)], WiderHours(earlier=1)),
        (wish(**mornings(3)), [offered(hour=12)], WiderHours(later=1)),
        (wish(**mornings(3)), [offered(hour=15), offered(hour=16)], AnyHour()),
        (wish(**mornings(0, 1)), [offered()], AddWeekday(3)),
        (wish(excluded=[THURSDAY]), [offered()], DropExcluded(THURSDAY)),
        (wish(latest=THURSDAY - timedelta(days=1)), [offered()], LaterLatest(7)),
        (wish(latest=THURSDAY - timedelta(days=8)), [offered()], LaterLatest(14)),
        (wish(minimum_notice=timedelta(days=14)), [offered()], ShorterNotice(timedelta(days=1))),
        (
            wish(minimum_notice=timedelta(days=14)),
            [offered(came=timedelta(minutes=1), day=date(2026, 11, 24), hour=12)],
            ShorterNotice(timedelta(hours=2)),
        ),
    ],
    ids=lambda value: getattr(value, "code", None),
)
def test_the_one_change_that_helps_is_found(asked: Wish, won: list[Appearance], relaxation: Relaxation) -> None:
    assert replay(won, asked, WEEK).pleasing == ()
    assert best(won, asked) == (relaxation, len(won), len(won))


@pytest.mark.parametrize(("days", "change"), [(-7, {"later": 7}), (-14, {"later": 14}), (1, {"earlier": 7})])
def test_a_range_of_days_may_end_later_or_begin_earlier(days: int, change: dict[str, int]) -> None:
    asked_for = DayRange(first=THURSDAY + timedelta(days=days), last=THURSDAY + timedelta(days=days))

    assert best([offered()], wish(ranges=[asked_for])) == (LongerRange(asked_for, **change), 1, 1)


def test_two_rules_in_the_way_are_not_one_relaxation() -> None:
    assert replay([offered(office=PASING, hour=15)], wish(RUPPERT, **mornings(3)), WEEK).gains == ()


def test_the_best_comes_first_and_of_equals_the_smallest_change() -> None:
    seven, evening = offered(hour=7), offered(hour=18)
    pasing = [offered(office=PASING, hour=hour) for hour in (8, 9)]

    gains = replay([seven, evening, *pasing], wish(RUPPERT, **mornings(3)), WEEK).gains

    assert [(gain.relaxation, gain.more) for gain in gains] == [
        (AddOffice(PASING), 2),
        (AnyHour(), 2),
        (WiderHours(earlier=1), 1),
    ]


def test_whoever_takes_anything_cannot_ask_less_strictly() -> None:
    assert relaxations.of(wish(), office_ids=[RUPPERT]) == ()


@pytest.mark.parametrize("asked", [wish(latest=date.max), wish(ranges=[DayRange(first=date.min, last=date.max)])])
def test_the_end_of_the_calendar_is_no_obstacle(asked: Wish) -> None:
    assert relaxations.of(asked, office_ids=[]) == ()


days = st.dates(date(2026, 11, 20), date(2026, 12, 20))
clocks = st.times(time(7), time(18)).map(lambda one: one.replace(second=0, microsecond=0))
offices = st.sampled_from([RUPPERT, PASING, ORLEANS])
ranges = st.tuples(days, days).map(lambda two: DayRange(first=min(two), last=max(two)))
hours = st.builds(
    lambda start, minutes, weekday: HourRange(
        start=start, end=(datetime.combine(THURSDAY, start) + timedelta(minutes=minutes)).time(), weekday=weekday
    ),
    clocks,
    st.integers(1, 350),
    st.none() | st.integers(0, 6),
)
wishes = st.builds(
    Wish,
    st.builds(
        WishRules,
        ranges=st.lists(ranges, max_size=2).map(tuple),
        excluded=st.frozensets(days, max_size=4),
        hours=st.lists(hours, max_size=3).map(tuple),
        minimum_notice=st.sampled_from([0, 1, 30, 24 * 8]).map(lambda some: timedelta(hours=some)),
        latest=st.none() | days,
    ),
    st.lists(offices, unique=True, max_size=2).map(tuple),
)
seen = st.lists(
    st.builds(
        lambda day, clock, office, came, looks: Appearance(
            Slot(datetime.combine(day, clock, BERLIN).astimezone(UTC), office),
            NOW - came,
            NOW - came + looks * MINUTE,
            gone=NOW - came + (looks + 1) * MINUTE,
        ),
        days,
        clocks,
        offices,
        st.timedeltas(timedelta(hours=1), timedelta(days=8)),
        st.integers(0, 5),
    ),
    max_size=40,
    unique_by=lambda one: one.slot,
)


def pleased(found: list[Appearance], asked: Wish) -> set[Slot]:
    in_span = (one for one in found if one.first <= WEEK.end and one.last >= WEEK.start)
    return {one.slot for one in in_span if asked.pleases(one.slot, now=max(one.first, WEEK.start))}


@given(seen, wishes)
def test_a_relaxation_never_loses_a_slot(found: list[Appearance], asked: Wish) -> None:
    for relaxation in relaxations.of(asked, office_ids=[RUPPERT, PASING, ORLEANS]):
        assert pleased(found, asked) <= pleased(found, relaxation.apply(asked))


@given(seen, wishes)
def test_the_counts_are_those_of_counting_out(found: list[Appearance], asked: Wish) -> None:
    told = replay(found, asked, WEEK)

    had = pleased(found, asked)
    everywhere = relaxations.of(asked, office_ids={one.slot.office_id for one in found})
    counted = {one.code: len(pleased(found, one.apply(asked))) for one in everywhere}
    assert {one.slot for one in told.pleasing} == had
    assert {gain.relaxation.code: gain.slots for gain in told.gains} == {
        code: slots for code, slots in counted.items() if slots > len(had)
    }
    assert all(gain.slots == gain.more + len(had) for gain in told.gains)
    assert [gain.more for gain in told.gains] == sorted((gain.more for gain in told.gains), reverse=True)


@given(wishes)
def test_a_code_names_one_relaxation(asked: Wish) -> None:
    every = relaxations.of(asked, office_ids=[RUPPERT, PASING, ORLEANS])

    assert len({one.code for one in every}) == len(set(every))
