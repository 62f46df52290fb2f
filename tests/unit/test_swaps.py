"""Where, and on which days, something earlier can be looked for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core import city_pages, swaps
from core.catalog import Catalog, Office, Relation, Scope, Service
from core.services import ServiceCount
from core.wishes import DayRange, HourRange, WishRules

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SERVICE = ServiceCount(7)


def catalog(**per_mail: int) -> Catalog:
    offices = tuple(
        Office(id=number, name=name, scope=Scope(id=number, per_mail=most))
        for number, (name, most) in enumerate(per_mail.items(), start=1)
    )
    relations = tuple(Relation(office_id=office.id, service_id=7) for office in offices)
    return Catalog(
        offices=(*offices, Office(id=9, name="other")), services=(Service(id=7, name="x"),), relations=relations
    )


@pytest.mark.parametrize(
    ("wanted", "open_", "strict"),
    [
        ((), ["none", "three"], ["one"]),
        ((3, 1), ["three", "none"], []),
        ((2,), [], ["one"]),
        ((9,), [], []),
    ],
)
def test_offices_that_take_one_appointment_are_told_apart(
    wanted: tuple[int, ...], open_: list[str], strict: list[str]
) -> None:
    found = swaps.offices(catalog(none=0, one=1, three=3), [SERVICE], wanted)

    assert ([one.name for one in found.open], [one.name for one in found.strict]) == (open_, strict)


@pytest.mark.parametrize(
    ("rules", "days", "possible"),
    [
        (WishRules(), 0, True),
        (WishRules(), -1, False),
        (WishRules(latest=date(2026, 11, 23)), 5, False),
        (WishRules(minimum_notice=3 * DAY), 2, False),
        (WishRules(minimum_notice=3 * DAY), 3, True),
        (WishRules(ranges=(DayRange(first=date(2026, 12, 1), last=date(2026, 12, 9)),)), 6, False),
        (WishRules(ranges=(DayRange(first=date(2026, 12, 1), last=date(2026, 12, 9)),)), 7, True),
        (WishRules(hours=(HourRange.model_validate({"start": "08:00", "end": "09:00", "weekday": 0}),)), 5, False),
    ],
)
def test_a_day_must_be_left(rules: WishRules, days: int, possible: Any) -> None:
    assert swaps.has_a_day(rules, latest=NOW + days * DAY, now=NOW) == possible


@pytest.mark.parametrize(
    ("office", "address"),
    [
        (
            Office(id=1, name="x", latitude=48.1, longitude=11.5),
            "/?mlat=48.10000&mlon=11.50000#map=18/48.10000/11.50000",
        ),
        (
            Office(id=1, name="x", street="Straße 1&2", city="München"),
            "/search?query=Stra%C3%9Fe%201%262%2C%20M%C3%BCnchen",
        ),
        (Office(id=1, name="x"), None),
    ],
)
def test_an_office_is_found_on_a_map_by_its_place_or_else_its_address(office: Office, address: str | None) -> None:
    assert city_pages.map_page(office) == (f"https://www.openstreetmap.org{address}" if address else "")
