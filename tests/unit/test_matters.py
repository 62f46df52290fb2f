"""Everyday words in both languages lead to the City's services, and nothing leads to a wrong one."""

import pytest

from bot.wish import matters
from core.catalog import Catalog, Office, Relation, Service
from tests.city_cast import (
    BUSINESS,
    CAR_HERE,
    GOOD_CONDUCT,
    IDENTITY,
    PASSPORT,
    PENSION,
    REGISTRATION,
    TEMPORARY,
    city,
)

CAR_AWAY, CERTIFIED, HOUSEHOLD, EID, COLLECT, LICENCE_COLLECT, LICENCE_ABROAD, CHURCH, LOST, RESIDENCE = (
    1064305, 1063426, 1080843, 10225119, 10295182, 10176294, 1071896, 1063731, 1063519, 1063576,
)  # fmt: skip
CITY = city()

FIRST = {
    REGISTRATION: "anmeldung / Ummeldung / register address / I need to register my address / change of address / "
    "wohnsizanmeldng / anmeldng / Umzug / wohnsitz / adresse aendern / residence registration / regster adress",
    PASSPORT: "Reisepass / reisepas / passport / passprot / Pass verlängern / kinderreisepass / renew my passport",
    IDENTITY: "Personalausweis / perso / id card / ID / ausweis abgelaufen / identity card",
    TEMPORARY: "vorläufiger Reisepass / vorlaeufiger pass / emergency passport / temporary passport",
    COLLECT: "Personalausweis abholen / pick up my passport / ausweisabholung / collect id card",
    EID: "PIN vergessen / eid / reset pin / Online-Ausweis",
    CAR_HERE: "auto ummelden / car registration / KFZ-Zulassung / register a car",
    CAR_AWAY: "auto abmelden / deregister car / Kfz abmelden",
    BUSINESS: "Gewerbe / gewerbeanmeldung / register a business / Gewerbeschein",
    GOOD_CONDUCT: "Führungszeugnis / fuhrungszeugnis / criminal record / police clearance",
    CERTIFIED: "beglaubigte Kopie / certified copy / Beglaubigung",
    HOUSEHOLD: "Haushaltsbescheinigung / household certificate",
    RESIDENCE: "Meldebescheinigung / proof of address / Meldebestätigung",
    PENSION: "Rente / pension / Rentenberatung",
    CHURCH: "Kirchenaustritt / leave the church",
    LOST: "Fundbüro / lost property",
    LICENCE_ABROAD: "ausländischer Führerschein / foreign driving licence / convert drivers license",
    LICENCE_COLLECT: "Führerschein abholen / pick up driving license",
}


@pytest.mark.parametrize(("service_id", "words"), list(FIRST.items()))
def test_words_in_both_languages_lead_to_the_service(service_id: int, words: str) -> None:
    found = {text: [one.id for one in matters.search(CITY, text)][:1] for text in words.split(" / ")}

    assert set(map(tuple, found.values())) == {(service_id,)}, found


@pytest.mark.parametrize(
    "text",
    ["xyz", "pizza", "quantum physics", "🎉", "", "der die das", "Termin", "asdfghjkl", "a" * 4096, "Hund anmelden"],
)  # fmt: skip
def test_nothing_is_found_for_what_is_nothing_of_the_citys(text: str) -> None:
    assert matters.search(CITY, text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("blue card", "Blaue Karte EU"), ("Führerschein umtauschen", "Pflichtumtausch Führerschein"),
        ("visa", "Aufenthaltstitel"), ("heiraten", "Eheschließung"), ("passport", ""), ("pizza", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_is_known_and_not_in_the_catalogue_is_called_by_its_name(text: str, name: str) -> None:
    assert matters.not_there(CITY, text) == name


def test_a_sentence_leads_to_what_comes_nearest() -> None:
    near = matters.nearest(CITY, "ich brauche einen neuen Reisepass für meinen Sohn")

    assert near[0].id == PASSPORT
    assert matters.nearest(CITY, "pizza") == []


def test_what_is_asked_most_stands_in_the_citys_order_as_far_as_it_is_there() -> None:
    relations = tuple(one for one in CITY.relations if one.service_id != PASSPORT)
    smaller = Catalog(offices=CITY.offices, services=CITY.services, relations=relations)

    assert [one.id for one in matters.frequent(CITY)] == [
        REGISTRATION, PASSPORT, IDENTITY, COLLECT, LICENCE_COLLECT, EID, CAR_HERE, CAR_AWAY,
    ]  # fmt: skip
    assert [one.id for one in matters.frequent(smaller)][:2] == [REGISTRATION, IDENTITY]


def test_a_name_the_city_changes_a_little_is_known_again() -> None:
    renamed = Catalog(
        offices=(Office(id=1, name="Bürgerbüro"),),
        services=(Service(id=7, name="Wohnsitz-Anmeldung "), Service(id=8, name="Fischereischein")),
        relations=(Relation(office_id=1, service_id=7), Relation(office_id=1, service_id=8)),
    )

    assert [one.id for one in matters.frequent(renamed)] == [7]
    assert [one.id for one in matters.search(renamed, "register address")] == [7]
    assert [one.id for one in matters.search(renamed, "fischereischien")] == [8]
    assert matters.in_english(renamed.service_by_id[7]) == "Register an address"
    assert matters.in_english(renamed.service_by_id[8]) == ""


def test_every_entry_of_the_file_is_whole() -> None:
    assert [one.city[0] for one in matters.every() if not (one.city and one.de and one.en)] == []
    assert sorted(one.frequent for one in matters.every() if one.frequent) == list(range(1, 9))
    names = [name for one in matters.every() for name in one.city]
    assert sorted(names) == sorted(set(names))
