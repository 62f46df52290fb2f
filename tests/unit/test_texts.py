"""What people are told: complete in both languages, and with words for whatever may have to be said."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from bot import texts
from console import demo_teller
from core import errors
from core.bookings import BookingState
from core.catalog import Catalog, Office
from core.errors import MtaError
from core.looks import Answer
from models.event import Event
from models.watch import WatchState

ROOT = Path(__file__).parents[2]
GERMAN, ENGLISH = (texts.words(language) for language in texts.LANGUAGES)
CATALOG = Catalog(offices=(Office(id=54261, name="Bürgerbüro Pasing"),), services=(), relations=())
FACTS = {
    "office_id": 54261,
    "starts_at": "2026-12-01T07:30:00+00:00",
    "until": "2026-11-24T12:00:00+00:00",
    "since": "2026-11-24T09:02:00+00:00",
    "seen_at": "2026-11-24T09:31:00+00:00",
    "lasted": 1740,
    "looks": 1300,
    "blind": 2,
    "fitted": 3,
    "others": 12,
    "last_good": "2026-11-24T16:59:00+00:00",
    "number": "S0001",
    "count": 3,
    "reason": "slot-gone",
    "answer": "maintenance",
    "text": "Tomorrow it goes on.",
}


def leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}/{name}")
        else:
            yield f"{path}/{name}", value


def placeholders(value: Any) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(str(value)) if name})


def notice_kinds() -> set[str]:
    """Those written anywhere in the program, and one for each way a booking may end badly."""
    written = "\n".join(
        path.read_text("utf-8") for folder in ("workers", "models") for path in ROOT.glob(f"{folder}/*.py")
    )
    named = set(re.findall(r'kind="([a-z_]+\.[a-z_]+)"', written)) | set(
        re.findall(r'_tell\([^"()]*"([a-z]+\.[a-z_]+)"', written)
    )
    return named | {f"booking.{state}" for state in (BookingState.RELEASED, BookingState.EXPIRED, BookingState.LOST)}


def error_names() -> set[str]:
    """Of all errors that can end a booking, as rows keep them."""
    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, MtaError)]
    own = {"MtaError", "Transient", "Permanent", "Refused"}  # never raised as such, or kept by the City's code
    return {re.sub(r"(?<!^)(?=[A-Z])", "-", one.__name__).lower() for one in found if one.__name__ not in own}


def test_both_languages_say_the_same_things() -> None:
    assert [path for path, _ in leaves(GERMAN)] == [path for path, _ in leaves(ENGLISH)]


def test_both_languages_use_the_same_placeholders() -> None:
    english = dict(leaves(ENGLISH))

    differing = [path for path, value in leaves(GERMAN) if placeholders(value) != placeholders(english[path])]

    assert differing == []


def has_words(value: str) -> bool:
    """Besides facts, marks and units."""
    return re.search(r"[^\W\d_]{3}", re.sub(r"\{\w+(:\w+)?\}|</?\w+>", " ", value)) is not None


def test_nothing_is_left_untranslated() -> None:
    english = dict(leaves(ENGLISH))

    same = [path for path, value in leaves(GERMAN) if value == english[path] and has_words(value)]

    assert same == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("kind", sorted(notice_kinds() | set(GERMAN["notices"])))
@pytest.mark.parametrize(
    "more",
    [
        *({"final": True}, {"final": False}, {"count": 1}, {"search": "paused"}, {"search": "over"}),
        {"looks": 0, "blind": 0, "last_good": None},
        {"looks": 1, "blind": 1},
        {"looks": 1, "blind": 0, "fitted": 0, "others": 0},
        {"looks": 2, "blind": 1, "fitted": 1, "others": 1},
    ],
)
def test_every_notice_is_a_whole_sentence(kind: str, language: str, more: dict[str, Any]) -> None:
    said = texts.render(kind, {**FACTS, **more}, language, CATALOG)

    assert said.endswith((".", "?"))
    assert "{" not in said
    assert said == said.strip()


def test_one_slot_and_several_are_told_apart() -> None:
    one, many = (texts.render("slots.found", {**FACTS, "count": count}, "en", CATALOG) for count in (1, 7))

    assert one == "One appointment that suits you is free: Tuesday, 1 December 2026, 08:30, Bürgerbüro Pasing."
    assert many.startswith("7 appointments that suit you are free.")


def test_a_failure_that_ends_the_search_is_told_apart_from_one_that_does_not() -> None:
    going_on, ended = (
        texts.render("booking.released", {**FACTS, "final": final}, "de", CATALOG) for final in (False, True)
    )

    assert going_on.endswith("Jemand anderes war schneller. Ich suche weiter.")
    assert ended.endswith("Jemand anderes war schneller. Die Suche ist damit beendet.")


@pytest.mark.parametrize(
    ("search", "said"),
    [("on", "Ich suche weiter."), ("paused", "Die Suche macht gerade Pause."), ("over", "nicht mehr.")],
)
@pytest.mark.parametrize("kind", ["booking.lost", "booking.released", "booking.expired"])
def test_nobody_is_said_to_look_who_does_not(kind: str, search: str, said: str) -> None:
    assert texts.render(kind, {**FACTS, "final": False, "search": search}, "de", CATALOG).endswith(said)


def test_a_language_we_do_not_speak_becomes_german() -> None:
    assert texts.words("fr") == GERMAN


def test_an_office_of_an_unknown_catalogue_is_named_by_its_number() -> None:
    assert "Stelle 54261" in texts.render("booking.lost", FACTS, "de", None)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "Sonntag, 29. März 2026, 01:59 Uhr"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Sonntag, 29. März 2026, 03:00 Uhr"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Freitag, 1. Januar 2027, 00:30 Uhr"),
    ],
)
def test_moments_are_those_of_munich(moment: datetime, said: str) -> None:
    assert texts.moment(moment, "de") == said


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_answer_of_a_look_has_words(language: str) -> None:
    assert set(texts.words(language)["answers"]) == {*Answer, "paused", "unlooked"}


def test_every_error_and_every_end_of_a_watch_has_words() -> None:
    reasons = set(GERMAN["reasons"])

    assert error_names() - reasons == set()
    assert {str(WatchState.STOPPED), str(WatchState.FULFILLED), "deadline", "mandate"} - reasons == set()


def test_a_refusal_without_words_quotes_the_citys_code() -> None:
    assert texts.reason("departmentNotFound", "en") == "The City refused (departmentNotFound)."


@pytest.mark.parametrize(
    "kind", [*(f"booking.{state}" for state in BookingState), *(f"watch.{state}" for state in WatchState), "look.due"]
)
def test_the_demo_has_a_sentence_for_every_step(kind: str) -> None:
    fields = {"starts_at": FACTS["starts_at"], "office_id": 54261}
    event = Event(id=1, at=datetime(2026, 11, 24, tzinfo=UTC), kind=kind, fields=fields)

    assert kind not in demo_teller.sentence_of(event, CATALOG)
