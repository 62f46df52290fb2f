"""Relaxations as a person meets them: named in either language, found by the mark of a button, judged."""

from datetime import date, timedelta

import pytest

from bot import relaxing
from bot.screens import MOST_LABEL
from bot.texts import LANGUAGES, Words
from core import relaxations
from core.catalog import Catalog, Office
from core.contact import Contact
from core.coverage import Span
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
from core.replay import Gain, History, Replay
from core.services import ServiceCount
from core.wishes import Wish
from tests.bot.watches_cast import catalog
from tests.models_cast import ORLEANS, PASING, PASSPORT, RUPPERT
from tests.unit.test_watching_words import ADVENT, NOW, STRICT

TODAY = NOW.date()


@pytest.mark.parametrize(
    ("relaxation", "german", "english"),
    [
        (AddOffice(ORLEANS), "Auch Bürgerbüro Orleansplatz", "Bürgerbüro Orleansplatz too"),
        (AddWeekday(4), "Auch am Freitag", "On Fridays too"),
        (AnyHour(), "Zu jeder Uhrzeit", "At any time of day"),
        (WiderHours(earlier=1), "1 Stunde früher beginnen", "Begin 1 hour earlier"),
        (WiderHours(later=1), "1 Stunde später enden", "End 1 hour later"),
        (
            DropExcluded(date(2026, 12, 8)),
            "Auch am Dienstag, 8. Dezember 2026",
            "On Tuesday, 8 December 2026 too",
        ),
        (LaterLatest(7), "Letzter Tag 7 Tage später", "Latest day 7 days later"),
        (
            LongerRange(ADVENT, earlier=7),
            "Schon ab Dienstag, 24. November 2026",
            "From Tuesday, 24 November 2026 on",
        ),
        (
            LongerRange(ADVENT, later=14),
            "Auch bis Donnerstag, 7. Januar 2027",
            "Up to Thursday, 7 January 2027",
        ),
        (ShorterNotice(timedelta(hours=2)), "Nur 2 Stunden Vorlauf", "Only 2 hours of notice"),
    ],
    ids=str,
)  # fmt: skip
def test_a_change_is_named(relaxation: Relaxation, german: str, english: str) -> None:
    assert [relaxing.label(relaxation, catalog(), Words(one)) for one in LANGUAGES] == [german, english]


def permits(**given: object) -> relaxing.Permits:
    made = {"services": (PASSPORT,), "contact": Contact("A", "B", "a@example.org"), "catalog": catalog()} | given
    return relaxing.Permits(**made, today=TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize("without", [{"latest": None}, {"ranges": ()}], ids=str)
def test_a_change_is_found_by_its_mark(without: dict[str, object]) -> None:
    wish = Wish(STRICT.rules.model_copy(update=without), STRICT.office_ids)

    for relaxation in relaxations.of(wish, office_ids=[ORLEANS]):
        assert relaxing.marked(wish, relaxing.mark(relaxation), permits()) == relaxation


def test_a_change_that_can_win_nothing_is_not_found() -> None:
    behind_the_latest_day = LongerRange(ADVENT, later=7)

    assert relaxing.marked(STRICT, relaxing.mark(behind_the_latest_day), permits()) is None


@pytest.mark.parametrize(
    "given",
    [
        {"catalog": None},
        {"catalog": catalog(phone_at=[ORLEANS])},
        {"services": (ServiceCount(99),)},
    ],
    ids=["no catalogue", "a phone is demanded", "nobody offers it"],
)
def test_an_office_that_could_not_be_booked_is_not_added(given: dict[str, object]) -> None:
    assert relaxing.marked(STRICT, relaxing.mark(AddOffice(ORLEANS)), permits(**given)) is None


def test_no_mark_is_no_change() -> None:
    for forged in ("", "0000000000", relaxing.mark(AddOffice(99))):
        assert relaxing.marked(STRICT, forged, permits()) is None


def test_who_is_not_named_yet_is_asked_what_an_office_demands() -> None:
    given = permits(contact=None, catalog=catalog(phone_at=[ORLEANS]))

    assert given(AddOffice(ORLEANS), STRICT)


def gain(relaxation: Relaxation, more: int = 1) -> Gain:
    return Gain(relaxation, more=more, slots=more)


def history(*gains: Gain) -> History:
    had = Replay(Span(NOW - timedelta(days=7), NOW), pleasing=(), gains=gains, offered={})
    return History(STRICT, had, in_sight={})


def test_the_best_is_the_first_that_can_be_made() -> None:
    impossible, first, second = gain(AddOffice(99), 9), gain(AnyHour(), 5), gain(AddWeekday(4), 3)

    assert relaxing.best(history(impossible, first, second), permits()) == first
    assert relaxing.best(history(impossible), permits()) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_change_would_bring_has_room_on_its_button(language: str) -> None:
    words, end = Words(language), {"de": ": 10 Termine mehr", "en": ": 10 appointments more"}[language]
    long = Catalog(offices=(Office(id=RUPPERT, name="Servicestelle " * 9),), services=(), relations=())

    longest = [*relaxations.of(STRICT, office_ids=[ORLEANS]), AddOffice(RUPPERT), AddOffice(PASING)]
    labels = [relaxing.offer(gain(one, 10), long, words) for one in longest]

    assert [one for one in labels if not one.endswith(end)] == []
    assert max(map(len, labels)) <= MOST_LABEL
