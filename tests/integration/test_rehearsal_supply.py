"""Where openings come from: the everyday supply, and what August's month view makes of any supply."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.availability import Availability, Question
from rehearsal.catalog import load_catalog
from rehearsal.clock import BERLIN
from rehearsal.slots import Opening, Slots
from tests.rehearsal_fixtures import EVENING, GEWERBE, GEWERBEAMT, ORLEANSPLATZ, OpenCity, Visitor

CATALOG = load_catalog()


async def test_slots_lie_in_opening_hours_on_weekdays_inside_the_booking_window(city: Visitor) -> None:
    free = [Opening(**slot) for slot in await city.look("slots", limit="100000")]

    starts = [datetime.fromtimestamp(opening.start, BERLIN) for opening in free]
    today = EVENING.astimezone(BERLIN).date()
    assert {start.weekday() for start in starts} == set(range(5))
    assert min(start.hour for start in starts) == 8
    assert all(datetime.fromtimestamp(opening.end, BERLIN).hour <= 15 for opening in free)
    for opening, start in zip(free, starts, strict=True):
        first, last = CATALOG.offices[opening.office].scope.days
        assert first <= (start.date() - today).days <= last


async def test_an_everyday_office_has_six_to_twenty_five_slots_a_day(city: Visitor) -> None:
    free = await city.look("slots", office=str(ORLEANSPLATZ), limit="100000")

    per_day: dict[date, int] = {}
    for slot in free:
        day = datetime.fromtimestamp(slot["start"], BERLIN).date()
        per_day[day] = per_day.get(day, 0) + 1
    assert len(per_day) == 30
    assert all(6 <= count <= 25 for count in per_day.values())


async def test_the_same_seed_is_the_same_city_and_another_is_not(open_city: OpenCity) -> None:
    first, again, other = [await open_city(seed=seed) for seed in (5, 5, 6)]

    slots = [await one.look("slots") for one in (first, again, other)]
    held = [await one.hold() for one in (first, again)]

    assert slots[0] == slots[1] != slots[2]
    assert held[0]["authKey"] == held[1]["authKey"]


days_from_today = st.integers(min_value=1, max_value=29)


@settings(max_examples=60, deadline=None)
@given(
    openings=st.sets(st.tuples(days_from_today, st.integers(0, 6)), max_size=12),
    asked=st.integers(0, 60),
    width=st.integers(0, 40),
)
def test_aug_never_offers_what_is_not_free_and_never_hides_all_of_it(
    openings: set[tuple[int, int]], asked: int, width: int
) -> None:
    # given
    slots = Slots(CATALOG, seed=1, per_day=(0, 0))
    first = EVENING.astimezone(BERLIN).date()
    last = first + timedelta(days=180)
    for day, hour in openings:
        start = datetime.combine(first + timedelta(days=day), datetime.min.time(), BERLIN)
        slots.add(Opening(GEWERBEAMT, int(start.timestamp()) + (9 + hour) * 3600, 20))
    question = Question((GEWERBEAMT,), ((GEWERBE, 1),))
    supply = Availability(CATALOG, slots, now=EVENING)

    # when
    window = (first + timedelta(days=asked), first + timedelta(days=asked + width))
    painted = supply.painted(question, first=first, last=last, slots_first=window[0], slots_last=window[1])

    # then
    bookable: dict[Any, Any] = dict(supply.days(question, first=first, last=last))
    shown = [day for day, _ in painted.days]
    assert set(shown) <= set(bookable)
    reachable = [*shown, painted.previous, painted.next]
    assert any(reachable) is bool(bookable)
    assert painted.times == (supply.times(question, painted.slots_start) if painted.times else {})
    if any(window[0] <= day <= window[1] for day in bookable):
        assert painted.slots_start in bookable
        assert painted.times
    before = [day for day in bookable if shown and day < shown[0]]
    after = [day for day in bookable if shown and day > shown[-1]]
    assert not shown or (painted.previous, painted.next) == (max(before, default=None), min(after, default=None))
