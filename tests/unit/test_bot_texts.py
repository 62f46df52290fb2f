"""The texts of conversations: none missing, none unused, and spoken as the language does."""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot import bulletins, conversations, texts
from bot.errors import words_of
from bot.markup import Html
from bot.texts import Words
from core.caps import Caps
from core.errors import BadInput, SiteUnreachable
from models import retention
from tests.unit.test_texts import leaves, placeholders

ROOT = Path(__file__).parents[2]
SPEAKS = {"say", "label", "has"}
OF_CODE = {"errors"}  # whose keys are the codes of BadInput
MOMENT = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
FILES = sorted(path.stem for path in (ROOT / "bot/texts/de").glob("*.toml"))


def keys(language: str) -> dict[str, Any]:
    """Of conversations alone; one and many are one key."""
    spoken = {name: texts.words(language)[name] for name in FILES}
    return {re.sub(r"/(one|many)$", "", path)[1:].replace("/", "."): value for path, value in leaves(spoken)}


def spoken_in(path: Path) -> Iterator[str]:
    """A pattern for each text that the file's code asks for."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SPEAKS:
            yield from (pattern for key in node.args[:1] for pattern in patterns(key))


def patterns(key: ast.expr) -> Iterator[str]:
    match key:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*patterns(one), *patterns(other))


@cache
def asked_for() -> frozenset[str]:
    return frozenset({pattern for path in ROOT.glob("bot/**/*.py") for pattern in spoken_in(path)})


def test_each_language_has_the_same_files() -> None:
    assert sorted(path.stem for path in (ROOT / "bot/texts/en").glob("*.toml")) == FILES


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_that_is_asked_for_is_there(language: str) -> None:
    there = "\n".join(keys(language))
    missing = [one for one in asked_for() if re.search(f"^{one}$", there, re.MULTILINE) is None]

    assert set(missing) <= {r".+\.name"}, "a draft's kind has a name as soon as there is a draft"


def test_no_text_is_there_for_nobody() -> None:
    there = "\n".join(keys("de"))
    found = {key for one in asked_for() - {r"errors\..+"} for key in re.findall(f"^{one}$", there, re.MULTILINE)}
    unused = sorted(set(keys("de")) - found)

    assert [key for key in unused if key.partition(".")[0] not in OF_CODE] == []


def test_every_code_of_an_error_has_words_and_every_word_its_code() -> None:
    files = [path for folder in ("core", "models", "bot") for path in ROOT.glob(f"{folder}/**/*.py")]
    raised = {code for path in files for code in re.findall(r'\bcode="([a-z_]+)"', path.read_text("utf-8"))}
    own = {pattern.replace("\\", "").removeprefix("errors.") for pattern in asked_for() if pattern.startswith("errors")}
    written = {key.removeprefix("errors.") for key in keys("de") if key.startswith("errors.")}

    assert raised - written == set()
    assert written - raised - own == set()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_draft_and_command_has_its_words(language: str) -> None:
    words, table = Words(language), conversations.table()

    assert [kind for kind in table.typed if not words.has(f"{kind}.name")] == []
    assert [name for name in table.commands if not words.has(f"commands.{name}")] == []
    assert all(len(words.label(f"commands.{name}")) <= 256 for name in table.commands)
    assert len(words.label("commands.description")) <= 512
    assert len(words.label("commands.short_description")) <= 120


def test_the_consent_says_how_long_things_are_kept() -> None:
    assert timedelta(days=8) == retention.CONTACTS + retention.SWEPT
    assert "acht tage" in Words("de").say("start.consent").lower()
    assert "eight days" in Words("en").say("start.consent").lower()


def test_every_kind_of_notice_is_in_the_table() -> None:
    assert set(texts.words("de")["notices"]) == set(bulletins.EVERY)


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (MOMENT, "Dienstag, 1. Dezember 2026, 08:30 Uhr", "Tuesday, 1 December 2026, 08:30"),
        (date(2026, 12, 1), "Dienstag, 1. Dezember 2026", "Tuesday, 1 December 2026"),
        (time(8, 5), "08:05 Uhr", "08:05"),
        (timedelta(days=1, hours=5), "1 Tag", "1 day"),
        (timedelta(hours=2, minutes=59), "2 Stunden", "2 hours"),
        (timedelta(minutes=1), "1 Minute", "1 minute"),
        (timedelta(seconds=5), "Weniger als eine Minute", "less than a minute"),
        (3, "3", "3"),
        (Html("<b>fett</b>"), "<b>fett</b>", "<b>fett</b>"),
        ("<b>&", "&lt;b&gt;&amp;", "&lt;b&gt;&amp;"),
    ],
    ids=str,
)  # fmt: skip
def test_facts_are_said_as_the_language_says_them(value: Any, german: str, english: str) -> None:
    for language, said in (("de", german), ("en", english)):
        assert said in Words(language).say("outbox.whom", name=value)


def test_one_and_many_are_told_apart() -> None:
    one, many = (Words("en").say("errors.watches_per_person", count=count) for count in (1, 5))

    assert (one.startswith("Only one"), many.startswith("5 searches")) == (True, True)


def test_a_label_is_no_html_and_harmless_all_the_same() -> None:
    assert Words("de").label("outbox.whom", name="<\u202eevil>\n") == "<b>Für <evil>:</b>"


def test_a_text_that_is_not_there_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Words("de").say("start.nowhere")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_text_has_a_placeholder_that_nobody_fills(language: str) -> None:
    known: set[str] = set()
    known |= {"address", "age", "answer", "at", "blind", "code", "contacts", "count", "day"}
    known |= {"days", "drafts", "events", "first", "given", "granted", "keys", "label", "last"}
    known |= {"latest", "limit", "link", "listed", "main", "messages", "most", "name", "names"}
    known |= {"notice", "notices", "number", "office", "offices", "oldest", "page", "pages", "people"}
    known |= {"phone", "reason", "redis", "sentence", "service", "since", "span", "state", "text"}
    known |= {"until", "used", "version", "what", "when", "whom", "why", "words"}

    assert {one for value in keys(language).values() for one in placeholders(value)} <= known


def test_an_error_is_said_in_the_persons_language() -> None:
    error = BadInput("A person may keep 5 watches open.", code="watches_per_person", count=Caps().watches_per_person)

    assert words_of(error, Words("de")).startswith("Für eine Person können 5 Suchen")
    assert words_of(BadInput("No <such> thing."), Words("en")).endswith("No &lt;such&gt; thing.")
    assert "No" not in words_of(BadInput("No such thing."), Words("de"))
    assert "gleich noch einmal" in words_of(SiteUnreachable("secret"), Words("de"))


def test_leaves_are_texts() -> None:
    assert all(isinstance(value, str) for value in keys("de").values())
    assert isinstance(texts.words("de")["start"], Mapping)
