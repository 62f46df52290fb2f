"""What people are told, in their language.

The words of notices, answers, reasons and errors stand in de.toml and en.toml; those of a conversation in a file of
its own, such as de/start.toml, whose name is the first part of its keys. Nothing here knows how they are delivered.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any

from bot.markup import Html, escaped, plain
from core.catalog import Catalog
from core.slots import BERLIN

LANGUAGES = ("de", "en")
Facts = Mapping[str, Any]


@cache
def words(language: str) -> dict[str, Any]:
    """All texts of a language; German for one we do not speak, since the City speaks nothing else."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    root = resources.files(__name__)
    of_conversations = sorted(root.joinpath(spoken).iterdir(), key=lambda file: file.name)
    return tomllib.loads(root.joinpath(f"{spoken}.toml").read_text("utf-8")) | {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in of_conversations
        if file.name.endswith(".toml")
    }


@dataclass(frozen=True, slots=True)
class Words:
    """A language, spoken. A text with `one` and `many` is chosen by the fact `count`.

    Facts may be numbers, days, times of day, moments, spans, Html, or foreign text, which is made harmless.
    """

    language: str

    def say(self, key: str, **facts: Any) -> Html:
        """A text of a conversation, such as start.welcome; raises KeyError for one that is not there, a bug."""
        return Html(_filled(self.language, key, facts, escaped))

    def label(self, key: str, **facts: Any) -> str:
        """As `say`, without HTML: for a button, or the short answer to a tap."""
        return _filled(self.language, key, facts, plain)

    def has(self, key: str) -> bool:
        return _found(self.language, key) is not None


def render(kind: str, facts: Facts, language: str, catalog: Catalog | None) -> str:
    """The notice in words. `facts` are those its writer kept: office_id, starts_at (ISO), reason, until, ...

    Raises KeyError for a kind without a text, which is a bug: a test walks all kinds.
    """
    spoken = words(language)
    forms = spoken["notices"][kind]
    return str(forms[_form(forms, facts)]).strip().format_map(_said(facts, language, catalog))


def moment(when: datetime, language: str) -> str:
    """Day and time in Munich, as the language writes them."""
    return _dated("moment", when.astimezone(BERLIN), language)


def day(when: date, language: str) -> str:
    return _dated("day", datetime.combine(when, time(), tzinfo=BERLIN), language)


def clock(when: datetime, language: str) -> str:
    return hour(when.astimezone(BERLIN).time(), language)


def hour(when: time, language: str) -> str:
    """A time of day."""
    return str(words(language)["dates"]["clock"]).format(hour=when.hour, minute=when.minute)


def span(lasted: timedelta, language: str) -> str:
    """How long, in the two largest units that say something: days and hours, hours and minutes."""
    spans, minutes = words(language)["spans"], int(lasted.total_seconds()) // 60
    parts = {"days": minutes // 1440, "hours": minutes // 60 % 24, "minutes": minutes % 60}
    said = [_counted(spans[unit], number) for unit, number in parts.items() if number]
    if len(said) < 2:  # noqa: PLR2004  # nothing to join
        return said[0] if said else str(spans["moments"])
    return str(spans["both"]).format(longer=said[0], shorter=said[1])


def answer(code: str, language: str) -> str:
    """A look's answer as a sentence."""
    return str(words(language)["answers"][code])


def reason(code: str, language: str) -> str:
    """Why something ended, as a sentence; a code of the City's that we have no words for is quoted."""
    reasons = words(language)["reasons"]
    return str(reasons[code]) if code in reasons else str(reasons["other"]).format(code=code)


def _dated(form: str, local: datetime, language: str) -> str:
    dates = words(language)["dates"]
    return str(dates[form]).format(
        weekday=dates["weekdays"][local.weekday()],
        day=local.day,
        month=dates["months"][local.month - 1],
        year=local.year,
        hour=local.hour,
        minute=local.minute,
    )


def _filled(language: str, key: str, facts: Facts, harmless: Any) -> str:
    found = _found(language, key)
    if found is None:
        raise KeyError(key)
    if isinstance(found, Mapping):
        found = found["one" if facts["count"] == 1 else "many"]
    return str(found).strip().format_map({name: _spoken(value, language, harmless) for name, value in facts.items()})


def _found(language: str, key: str) -> Any:
    found: Any = words(language)
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _spoken(value: Any, language: str, harmless: Any) -> Any:
    match value:
        case Html() | bool() | int():
            return value
        case datetime():
            return moment(value, language)
        case date():
            return day(value, language)
        case time():
            return hour(value, language)
        case timedelta():
            return span(value, language)
        case _:
            return harmless(str(value))


def _counted(forms: Mapping[str, str], number: int) -> str:
    form = "one" if number == 1 else "none" if number == 0 and "none" in forms else "many"
    return forms[form].format(number=number)


def _form(forms: Mapping[str, str], facts: Facts) -> str:
    if "many" in forms:
        return "one" if facts.get("count") == 1 else "many"
    if "final" in forms:
        return "final" if facts.get("final") else "open"
    if "unlooked" in forms:
        return "unlooked" if not facts["looks"] else "blind" if facts["blind"] == facts["looks"] else "looked"
    return "text"


def _said(facts: Facts, language: str, catalog: Catalog | None) -> dict[str, Any]:
    """The facts in the words of the language, under the names the templates use."""
    said: dict[str, Any] = dict(facts)
    if "office_id" in facts:
        said["office"] = office_name(int(facts["office_id"]), language, catalog)
    if "starts_at" in facts:
        said["when"] = moment(datetime.fromisoformat(facts["starts_at"]), language)
    for name, speak_time in (("until", clock), ("seen_at", clock), ("since", moment)):
        if facts.get(name):
            said[name] = speak_time(datetime.fromisoformat(facts[name]), language)
    for name, speak in (("reason", reason), ("answer", answer)):
        if name in facts:
            said[name] = speak(str(facts[name]), language)
    return said | _measured(facts, language)


def _measured(facts: Facts, language: str) -> dict[str, str]:
    """Numbers, lengths and ages, each as a piece of a sentence."""
    counted = words(language)["counted"]
    said = {name: _counted(forms, int(facts[name])) for name, forms in counted.items() if name in facts}
    if "last_good" in facts:
        said["last_good"] = _last_good(facts["last_good"], language)
    if "lasted" in facts:
        said["lasted"] = span(timedelta(seconds=facts["lasted"]), language)
    return said


def _last_good(seen_at: str | None, language: str) -> str:
    forms = words(language)["last_good"]
    when = moment(datetime.fromisoformat(seen_at), language) if seen_at else ""
    return str(forms["at" if seen_at else "never"]).format(when=when)


def office_name(office_id: int, language: str, catalog: Catalog | None) -> str:
    office = catalog.office_by_id.get(office_id) if catalog else None
    return office.name if office else str(words(language)["names"]["unknown_office"]).format(office_id=office_id)
