"""How people are told that MTA sees again, and what a day of looking came to."""

from datetime import timedelta
from typing import Any

import pytest

from bot import texts

A_DAY = {"looks": 1300, "blind": 2, "fitted": 3, "others": 12, "last_good": "2026-11-24T16:59:00+00:00"}
SIGNS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "many": (
        {},
        [
            "Ich suche weiter. In den letzten 24 Stunden habe ich 1300-mal nachgesehen.",
            "2-mal davon konnte ich nichts sehen.",
            "Gesehen habe ich 3 passende Termine und 12 andere.",
            "Zuletzt sehen konnte ich: Dienstag, 24. November 2026, 17:59 Uhr.",
            "I keep looking. In the last 24 hours I have looked 1300 times.",
            "2 times I could see nothing.",
            "I saw 3 appointments that suit you and 12 others.",
            "I last saw something on Tuesday, 24 November 2026, 17:59.",
        ],
    ),
    "one": (
        {"looks": 2, "blind": 1, "fitted": 1, "others": 1},
        [
            "In den letzten 24 Stunden habe ich 2-mal nachgesehen. Einmal davon konnte ich nichts sehen.",
            "Gesehen habe ich einen passenden Termin und einen anderen.",
            "In the last 24 hours I have looked 2 times. Once I could see nothing.",
            "I saw one appointment that suits you and one other.",
        ],
    ),
    "none": (
        {"looks": 1, "blind": 0, "fitted": 0, "others": 0},
        [
            "In den letzten 24 Stunden habe ich einmal nachgesehen.",
            "Dabei konnte ich immer sehen, was die Stadt anbietet.",
            "Gesehen habe ich keinen passenden Termin und keinen anderen.",
            "In the last 24 hours I have looked once. Each time I could see what the City offers.",
            "I saw no appointment that suits you and no other.",
        ],
    ),
    "blind": (
        {"looks": 7, "blind": 7, "last_good": None},
        [
            "In den letzten 24 Stunden habe ich 7-mal nachgesehen. Kein einziges Mal konnte ich sehen,",
            "Sehen konnte ich noch nie etwas.",
            "In the last 24 hours I have looked 7 times. Not once could I see what the City offers.",
            "I have never seen anything yet.",
        ],
    ),
    "unlooked": (
        {"looks": 0, "blind": 0},
        [
            "Ich suche weiter, doch in den letzten 24 Stunden konnte ich kein einziges Mal nachsehen.",
            "I keep looking, but in the last 24 hours I could not look even once.",
        ],
    ),
}


@pytest.mark.parametrize(("more", "sentences"), SIGNS.values(), ids=SIGNS)
def test_a_sign_of_life_counts_in_words(more: dict[str, Any], sentences: list[str]) -> None:
    said = " ".join(texts.render("watch.still_looking", {**A_DAY, **more}, language, None) for language in ("de", "en"))
    assert [one for one in sentences if one not in said] == []


def test_blind_looks_alone_say_nothing_of_slots() -> None:
    for more in ({"looks": 7, "blind": 7}, {"looks": 0, "blind": 0}):
        said = texts.render("watch.still_looking", {**A_DAY, **more, "fitted": 0, "others": 0}, "en", None)
        assert "suits" not in said


def test_sight_is_told_with_the_length_of_the_blindness() -> None:
    facts = {"seen_at": "2026-11-24T09:31:00+00:00", "lasted": 1740}
    german, english = (texts.render("look.sees_again", facts, language, None) for language in ("de", "en"))
    assert german.startswith(
        "Seit 10:31 Uhr sehe ich wieder, was die Stadt anbietet. 29 Minuten lang konnte ich es nicht;"
    )
    assert english.startswith(
        "Since 10:31 I can see again what the City offers. I was blind for 29 minutes; in that time"
    )


@pytest.mark.parametrize(
    ("minutes", "german", "english"),
    [
        (0.9, "Weniger als eine Minute", "less than a minute"),
        (1, "1 Minute", "1 minute"),
        (59.9, "59 Minuten", "59 minutes"),
        (60, "1 Stunde", "1 hour"),
        (125, "2 Stunden und 5 Minuten", "2 hours and 5 minutes"),
        (1440, "1 Tag", "1 day"),
        (2 * 1440 + 61, "2 Tage und 1 Stunde", "2 days and 1 hour"),
    ],
)
def test_spans_are_said_in_their_two_largest_units(minutes: float, german: str, english: str) -> None:
    lasted = timedelta(minutes=minutes)
    assert (texts.span(lasted, "de"), texts.span(lasted, "en")) == (german, english)
