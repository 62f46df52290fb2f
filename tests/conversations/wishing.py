"""A wish as somebody makes it: the words they type and the buttons they tap, in their language."""

from dataclasses import dataclass, replace
from typing import Any

from core.wishes import Mode
from tests.conversations.person import Person

_WORDS: dict[str, dict[str, Any]] = {
    "de": {
        "asked": ("Vorname", "Familienname", "E-Mail", "Telefonnummer"),
        "without": "Ohne weiter",
        "agree": "Ja, es stimmt",
        "keep": "Ja, so speichern",
        "about": "Worum geht es",
        "on": "Weiter",
        "add": "Angabe ergänzen",
        "any notice": "Kein Vorlauf",
        "save": "Suche beginnen",
        Mode.NOTIFY: "Nur Bescheid",
        Mode.ASK: "Erst fragen",
        Mode.AUTO: "Sofort buchen",
    },
    "en": {
        "asked": ("first name", "family name", "mail address", "telephone number"),
        "without": "Go on without",
        "agree": "Yes, it is right and wanted",
        "keep": "Yes, save it like this",
        "about": "What is it about",
        "on": "Continue",
        "add": "Add it",
        "any notice": "No notice needed",
        "save": "Begin the search",
        Mode.NOTIFY: "Only tell me",
        Mode.ASK: "Ask me, then book",
        Mode.AUTO: "Book at once",
    },
}


@dataclass(frozen=True)
class Wanted:
    """What is typed for the service, the label of the one meant, the offices in order of liking, and the remarks."""

    typed: str
    service: str
    mode: Mode = Mode.AUTO
    offices: tuple[str, ...] = ()
    remarks: str = ""

    def by(self, mode: Mode) -> "Wanted":
        return replace(self, mode=mode)


CAR = Wanted("Auto abmelden", "Fahrzeug abmelden")
MOVED = Wanted("register address", "Wohnsitzanmeldung", offices=("Orleansplatz",), remarks="Umzug")


async def introduces_themselves(person: Person) -> None:
    """From /wish to the question what it is about."""
    words = _WORDS[person.language]
    await person.says("/wish")
    for question, answer in zip(words["asked"], (person.first, person.last, person.mail), strict=False):
        await person.sees(question)
        await person.says(answer)
    await person.sees(words["asked"][-1])
    await person.taps(words["without"], words["agree"])
    await person.sees(words["about"])


async def chooses(person: Person, wanted: Wanted) -> None:
    """From what it is about to where, and what is demanded there."""
    words = _WORDS[person.language]
    await person.says(wanted.typed)
    await person.taps(wanted.service, words["on"], *wanted.offices, words["on"])
    if wanted.remarks:
        await person.taps(words["add"])
        await person.says(wanted.remarks)
        await person.taps(words["keep"])


async def decides(person: Person, mode: Mode) -> None:
    """Any day, any time, no notice; then the summary."""
    words = _WORDS[person.language]
    await person.taps(words["on"], words["on"], words["any notice"], words[mode])


async def saves(person: Person) -> str:
    """What the bot said to it."""
    await person.taps(_WORDS[person.language]["save"])
    return person.user.bot_said()[-1]


async def wishes(person: Person, wanted: Wanted) -> None:
    """All of it, by somebody new."""
    await person.is_welcomed()
    await introduces_themselves(person)
    await chooses(person, wanted)
    await decides(person, wanted.mode)
    await saves(person)
