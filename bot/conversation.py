"""What a conversation brings with it: commands, taps, typed words, and buttons under notices."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import Message

from bot.callbacks import Callback, Codec
from bot.context import Talk
from bot.rights import Right
from bot.screens import Rows
from bot.texts import Words
from models.notice import Notice

Does = Callable[[Talk], Awaitable[None]]
DoesWithCallback = Callable[[Talk, Any], Awaitable[None]]  # the second is the callback that is named beside it
DoesWithMessage = Callable[[Talk, Message], Awaitable[None]]
NoticeButtons = Callable[[Notice, Words], Rows]


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
class Conversation:
    """`notice_buttons` by the kind of notice that they stand under."""

    commands: tuple[Command, ...] = ()
    taps: tuple[Tap, ...] = ()
    typed: tuple[Typed, ...] = ()
    notice_buttons: Mapping[str, NoticeButtons] = field(default_factory=dict)


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
        self.notice_buttons = _by("notice", (pair for each in every for pair in each.notice_buttons.items()))
        self.codec = Codec(self.taps)


def _by(word: str, pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if key in found:
            raise TypeError(f"two conversations want the {word} {key}")
        found[key] = value
    return found
