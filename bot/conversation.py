"""What a conversation brings with it: commands, taps, typed words, and what stands under notices."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Message

from bot.callbacks import Callback, Codec
from bot.context import Parts, Talk
from bot.markup import Html
from bot.rights import Right
from bot.screens import Rows, Screen
from bot.texts import Words
from core.catalog import Catalog
from models.notice import Notice

Does = Callable[[Talk], Awaitable[None]]
DoesWithCallback = Callable[[Talk, Any], Awaitable[None]]  # the second is the callback that is named beside it
DoesWithMessage = Callable[[Talk, Message], Awaitable[None]]
DoesIfItIs = Callable[[Talk, Message], Awaitable[bool]]  # whether it was dealt with
NoticeButtons = Callable[[Notice, Words], Rows]


@dataclass(frozen=True, slots=True)
class Around:
    """What a notice is drawn with besides its facts."""

    catalog: Catalog | None
    site_url: str
    now: datetime


NoticeDetails = Callable[[Notice, Words, Around], Screen]
NoticeInDigest = Callable[[Notice, Words, Around], Html]


async def around(parts: Parts) -> Around:
    return Around(await parts.catalog(), parts.site_url, parts.now())


@dataclass(frozen=True, slots=True)
class Command:
    """`/name`. Its line in Telegram's menu is the text commands.NAME; one without a line is not in the menu."""

    name: str
    does: Does
    right: Right = Right.PERSON


@dataclass(frozen=True, slots=True)
class Tap:
    callback: type[Callback]
    does: DoesWithCallback


@dataclass(frozen=True, slots=True)
class Typed:
    """Whatever is sent while the newest draft of the chat is of this kind; `KIND.name` is what the draft is called."""

    kind: str
    does: DoesWithMessage
    right: Right = Right.PERSON


@dataclass(frozen=True, slots=True)
class Recognised:
    """What is understood at any time, whatever the chat is in the middle of, such as the City's mailed link.

    Asked before any draft's conversation; it must know what is its own for certain, and leave the rest alone.
    """

    name: str
    does: DoesIfItIs


@dataclass(frozen=True, slots=True)
class Conversation:
    """`notice_buttons` and `notice_details` by the kind of notice that they stand under.

    Details are drawn anew whenever the notice is, so they may count down; without them a notice is its sentence.
    `notice_in_digest` is what follows the sentence where several come in one message, on its line.
    """

    commands: tuple[Command, ...] = ()
    taps: tuple[Tap, ...] = ()
    typed: tuple[Typed, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    notice_buttons: Mapping[str, NoticeButtons] = field(default_factory=dict)
    notice_details: Mapping[str, NoticeDetails] = field(default_factory=dict)
    notice_in_digest: Mapping[str, NoticeInDigest] = field(default_factory=dict)


class Table:
    """All conversations of the bot. `door` is for who has no right to what they asked, `unknown` for what is nothing.

    Raises TypeError when two want the same command, word, draft or notice.
    """

    def __init__(self, conversations: Iterable[Conversation], *, door: Does, unknown: Does) -> None:
        every = list(conversations)
        self.door, self.unknown = door, unknown
        self.commands = _by("command", ((one.name, one) for each in every for one in each.commands))
        self.taps = _by("callback", ((one.callback, one) for each in every for one in each.taps))
        self.typed = _by("draft", ((one.kind, one) for each in every for one in each.typed))
        self.recognised = _by("word", ((one.name, one) for each in every for one in each.recognised))
        self.notice_buttons = _by("notice", (pair for each in every for pair in each.notice_buttons.items()))
        self.notice_details = _by("notice", (pair for each in every for pair in each.notice_details.items()))
        self.notice_in_digest = _by("notice", (pair for each in every for pair in each.notice_in_digest.items()))
        self.codec = Codec(self.taps)


def _by(word: str, pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if key in found:
            raise TypeError(f"two conversations want the {word} {key}")
        found[key] = value
    return found
