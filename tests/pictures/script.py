"""What a script of a conversation is made of: somebody types, taps, is told something."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from bot.texts import LANGUAGES

if TYPE_CHECKING:
    from tests.pictures.playing import Stage

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Says:
    """The person types this; {code} is an invitation, {name} and {mail} are the person's, {link} is the City's mail's.

    `english` where it differs; so below.
    """

    text: str
    english: str = ""


@dataclass(frozen=True)
class SaysText:
    """The person types the bot's own word for something, whichever language it is."""

    key: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Taps:
    """The person taps the button whose label is this text of the bot's. A picture is taken before, unless told not."""

    key: str
    facts: Facts = field(default_factory=dict)
    seen: bool = True


@dataclass(frozen=True)
class TapsLabel:
    """As `Taps`, with what stands on the button, such as the name of a service."""

    label: str
    seen: bool = True
    english: str = ""


@dataclass(frozen=True)
class Told:
    """A notice about the person's watch comes, as a worker would write it."""

    kind: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Booked:
    """A worker brings the person's booking as far as this, and they are told. `minutes` is how long they may answer."""

    to: Literal["begun", "offered", "preconfirmed", "confirmed"]
    minutes: int = 30


@dataclass(frozen=True)
class Does:
    """Whatever else it takes, done to the rows behind the scenes."""

    work: Callable[["Stage"], Awaitable[None]]


@dataclass(frozen=True)
class Sees:
    """A picture is taken now."""


Step = Says | SaysText | Taps | TapsLabel | Told | Booked | Does | Sees


@dataclass(frozen=True)
class Script:
    """One picture in each language: a phone for each moment that is seen, the last one at the end.

    `knows` says whether the person has agreed before, `newest` how many messages are shown at most. What is
    `for_operators` is played by one, in English, since their manual is.
    """

    name: str
    steps: tuple[Step, ...]
    knows: bool = True
    newest: int = 6
    for_operators: bool = False

    @property
    def languages(self) -> tuple[str, ...]:
        return ("en",) if self.for_operators else LANGUAGES
