"""Districts, distances, and offices that people know as one."""

import pytest

from bot.wish import places
from bot.wish.form import Near
from core.catalog import Office
from tests.city_cast import ORLEANS, PASING, RUPPERT, city

BUREAUS = [one for one in city().offices if one.name.startswith("Bürgerbüro")]
MARIENPLATZ, AUGSBURG = (48.1374, 11.5755), (48.3668, 10.8986)


def test_there_are_the_25_districts_all_of_them_in_munich() -> None:
    assert [one.number for one in places.districts()] == list(range(1, 26))
    assert len({one.name for one in places.districts()}) == 25
    assert all(places.distance(one.middle, MARIENPLATZ) < 14 for one in places.districts())


def test_distances_are_those_of_a_map() -> None:
    assert places.distance(MARIENPLATZ, AUGSBURG) == pytest.approx(56, abs=1)
    assert places.distance(MARIENPLATZ, MARIENPLATZ) == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Pasing", "Pasing-Obermenzing"), ("solln", "Thalkirchen-Obersendling-Forstenried-Fürstenried-Solln"),
        ("Haidhausen", "Au-Haidhausen"), ("schwabing freimann", "Schwabing-Freimann"), ("Sendling", "Sendling"),
        ("Hadren", "Hadern"), ("laim", "Laim"), ("Berlin", None), ("", None), ("x" * 5000, None),
    ],
)  # fmt: skip
def test_a_district_is_known_by_a_part_of_its_name(text: str, name: str | None) -> None:
    found = places.district_called(text)

    assert (found.name if found else None) == name


@pytest.mark.parametrize(("district", "office"), [("Pasing", PASING), ("Au-Haidhausen", ORLEANS)])
def test_the_nearest_office_stands_first(district: str, office: int) -> None:
    found = places.district_called(district)
    assert found is not None

    assert places.nearest_first(places.grouped(BUREAUS), found.near)[0].ids[0] == office


def test_offices_of_one_name_at_one_address_are_one_place() -> None:
    grouped = {place.name: place.ids for place in places.grouped(BUREAUS)}

    assert grouped["Bürgerbüro Ruppertstraße"] == (RUPPERT, 10502, 10492)
    assert len(grouped) == 7


def test_an_office_that_is_nowhere_stands_last_and_has_no_distance() -> None:
    nowhere = Office(id=1, name="Nirgends")
    near = Near(latitude=48.1, longitude=11.5)
    sorted_places = places.nearest_first(places.grouped([nowhere, *BUREAUS]), near)

    assert sorted_places[-1].ids == (1,)
    assert sorted_places[-1].kilometres(near) is None


def test_a_sent_location_is_kept_no_more_exactly_than_it_need_be() -> None:
    assert places.sent(48.137154, 11.576124) == Near(latitude=48.137, longitude=11.576)
