"""A conversation as any other is built, for tests of what stands around conversations: a diary that must be typed.

Its texts are those of the bot's own, since a test brings none.
"""

from dataclasses import dataclass

from telegram import Message

from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap, Typed
from bot.markup import escaped
from bot.rights import Right
from bot.screens import Button, Screen, rows
from core.errors import BadInput

KIND = "language"  # whose name there is a text for


@dataclass(frozen=True)
class More(Callback, word="more", repeatable=True):
    pass


@dataclass(frozen=True)
class Once(Callback, word="once"):
    pass


@dataclass(frozen=True)
class OfPerson(Callback, word="person"):
    person_id: int


@dataclass(frozen=True)
class OfWatch(Callback, word="watch"):
    watch_id: int


@dataclass(frozen=True)
class OfAll(Callback, word="all", right=Right.OPERATOR):
    pass


async def diary(talk: Talk) -> None:
    await talk.keep(KIND, {"pages": []})
    await talk.send(_screen([]), purpose=KIND)


async def write(talk: Talk, message: Message) -> None:
    if message.text is None:
        raise BadInput("Only words.", code="missing")
    draft = await talk.draft(KIND) or {"pages": []}
    pages = [*draft["pages"], message.text]
    await talk.keep(KIND, {"pages": pages})
    await talk.send(_screen(pages), purpose=KIND)


async def add(talk: Talk, _: Callback) -> None:
    draft = await talk.draft(KIND) or {"pages": []}
    pages = [*draft["pages"], "tap"]
    await talk.keep(KIND, {"pages": pages})
    await talk.show(_screen(pages), purpose=KIND)


async def about(talk: Talk, named: OfPerson | OfWatch | OfAll) -> None:
    await talk.toast(f"about {sorted(named.owned)}")


async def broken(_: Talk) -> None:
    raise ZeroDivisionError("Anna Müller <anna@example.org>")


async def everyone(talk: Talk) -> None:
    await talk.send(Screen(escaped("all"), rows(Button("All", OfAll()))), purpose="all")


def _screen(pages: list[str]) -> Screen:
    return Screen(
        escaped(f"Pages: {', '.join(pages) or 'none'}", longest=5000),
        rows(
            [Button("More", More()), Button("Once", Once())], Button("Person", OfPerson(1)), Button("Watch", OfWatch(1))
        ),
    )


DIARY = Conversation(
    commands=(Command("diary", diary), Command("broken", broken), Command("all", everyone, right=Right.OPERATOR)),
    taps=(Tap(More, add), Tap(Once, add), Tap(OfPerson, about), Tap(OfWatch, about), Tap(OfAll, about)),
    typed=(Typed(KIND, write),),
)
