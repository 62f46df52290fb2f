"""A wish's rules and spans of time, as a person reads them in either language."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.texts import LANGUAGES, Words
from bot.watching import naming, rules
from core import relaxations
from core.wishes import DayRange, HourRange, Wish, WishRules
from tests.bot.watches_cast import catalog
from tests.models_cast import ORLEANS, PASING, RUPPERT

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
EVE = date(2026, 12, 24)
ADVENT = DayRange(first=date(2026, 12, 1), last=EVE)
EIGHT, TWELVE = time(8), time(12)
STRICT = Wish(
    WishRules(
        ranges=(ADVENT,),
        excluded=frozenset({date(2026, 12, 8)}),
        latest=EVE,
        hours=(
            HourRange(start=EIGHT, end=TWELVE, weekday=0),
            HourRange(start=EIGHT, end=TWELVE, weekday=2),
            HourRange(start=time(14), end=time.max, weekday=1),
        ),
        minimum_notice=timedelta(days=2),
    ),
    (RUPPERT, PASING),
)


def test_every_rule_is_a_line() -> None:
    assert rules.in_words(STRICT, catalog(), Words("de")).splitlines() == [
        "Stellen: Bürgerbüro Ruppertstraße, Bürgerbüro Pasing",
        "Zeitraum: Dienstag, 1. Dezember 2026 bis Donnerstag, 24. Dezember 2026",
        "Nicht an: Dienstag, 8. Dezember 2026",
        "Letzter Tag: Donnerstag, 24. Dezember 2026",
        "Wochentage und Uhrzeiten: Montag, Mittwoch: von 08:00 Uhr bis 12:00 Uhr; Dienstag: ab 14:00 Uhr",
        "Vorlauf mindestens: 2 Tage",
    ]


def test_a_wish_without_rules_says_only_where() -> None:
    assert rules.in_words(Wish(WishRules()), None, Words("en")) == "Offices: any office"
    assert rules.value(Wish(WishRules()), "hours", None, Words("en")) == "any"


def test_of_many_offices_the_first_are_named() -> None:
    said = naming.of_offices(range(1, 10), None, Words("en"))

    assert said == "office 1, office 2, office 3, office 4, office 5 and 4 more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_says_something_else_before_and_after(language: str) -> None:
    words, offered = Words(language), [ORLEANS]
    for relaxation in relaxations.of(STRICT, office_ids=offered):
        before, after = (
            rules.value(wish, relaxation.rule, catalog(), words) for wish in (STRICT, relaxation.apply(STRICT))
        )
        assert before != after


@pytest.mark.parametrize(
    ("passed", "german", "english"),
    [
        (timedelta(seconds=-3), "vor 0 Sekunden", "0 seconds ago"),
        (timedelta(seconds=1), "vor 1 Sekunde", "1 second ago"),
        (timedelta(seconds=59), "vor 59 Sekunden", "59 seconds ago"),
        (timedelta(minutes=90), "vor 1 Stunde", "1 hour ago"),
        (timedelta(days=3), "vor 3 Tagen", "3 days ago"),
    ],
)
def test_ages_are_said_as_people_say_them(passed: timedelta, german: str, english: str) -> None:
    said = [naming.ago(NOW, Words(language), now=NOW + passed) for language in LANGUAGES]

    assert said == [german, english]


def test_what_comes_at_once_has_no_number() -> None:
    assert naming.ahead(NOW, Words("en"), now=NOW) == "any moment"
    assert naming.ahead(NOW + timedelta(seconds=40), Words("de"), now=NOW) == "in etwa 40 Sekunden"
