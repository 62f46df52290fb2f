"""Made-up people whose names are like no other word, so that one can be found wherever it should not be."""

import re
from dataclasses import dataclass, field

from rehearsal.telegram.client import User

PHONE = "+498912345678"
_SYLLABLES = [f"{consonant}{vowel}" for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
NAME = re.compile(r"qu(?:[bdfgklmnprstvz][aeiou]){3}", re.IGNORECASE)


def name(number: int) -> str:
    """One of 343,000, all of eight letters, such as Qubabobu."""
    parts = []
    for _ in range(3):
        number, place = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[place])
    return "Qu" + "".join(parts)


def names_in(text: str) -> set[str]:
    return {found.lower() for found in NAME.findall(text)}


def heard(user: User) -> int:
    """Grows with whatever the bot does in the chat."""
    postings = user.store.postings.get(user.chat_id, [])
    return sum(one.by_bot + one.edits + one.deleted for one in postings)


@dataclass
class Guest:
    """Somebody in the talk. `own` are the names that may stand in their chat, of themselves and their family."""

    number: int
    user: User
    own: list[str] = field(default_factory=list)
    steady: bool = False  # goes where the buttons lead
    operates: bool = False  # and may then write to everybody, so no names
    moves: list[str] = field(default_factory=list)
    tapped: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own = self.own or [name(self.number * 4 + place) for place in range(4)]

    @property
    def mail(self) -> str:
        return f"{self.own[0].lower()}@example.org"

    @property
    def heard(self) -> int:
        return heard(self.user)
