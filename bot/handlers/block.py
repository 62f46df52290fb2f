"""/block, for the operator: chats by their numbers, to be closed and let in again. Whose they are stays sealed."""

from dataclasses import dataclass

import structlog

from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.markup import Html
from bot.rights import NotTheirs, Right
from bot.screens import Button, Screen, rows
from bot.texts import Words
from models import chat_watches, chats
from models.chat import Chat
from models.database import Session
from models.watch import WatchState

PURPOSE = "block"
A_PAGE = 8

log = structlog.get_logger()


@dataclass(frozen=True)
class Turn(Callback, word="opchats", right=Right.OPERATOR):
    page: int


@dataclass(frozen=True)
class See(Callback, word="opchat", right=Right.OPERATOR):
    number: int


@dataclass(frozen=True)
class Bar(Callback, word="opbar", right=Right.OPERATOR):
    number: int
    sure: bool


@dataclass(frozen=True)
class Unbar(Callback, word="opunbar", right=Right.OPERATOR):
    number: int


@dataclass(frozen=True, slots=True)
class Known:
    """A chat as the operator may see it."""

    chat: Chat
    people: int
    watches: int


async def block(talk: Talk) -> None:
    """The list, or the chat whose number stands behind the command."""
    if not talk.arguments:
        await talk.send(await _list(talk, 1), purpose=PURPOSE)
        return
    number = int(talk.arguments) if talk.arguments.isascii() and talk.arguments.isdigit() else 0
    found = await talk.read(lambda session: _find(session, number)) if 0 < number < 2**31 else None
    screen = _about(talk, found) if found else Screen(talk.words.say("block.unknown"), _to_list(talk.words))
    await talk.send(screen, purpose=PURPOSE)


async def turn(talk: Talk, chosen: Turn) -> None:
    await talk.show(await _list(talk, chosen.page), purpose=PURPOSE)


async def see(talk: Talk, chosen: See) -> None:
    await talk.show(_about(talk, await _known(talk, chosen.number)), purpose=PURPOSE)


async def bar(talk: Talk, chosen: Bar) -> None:
    number, words = chosen.number, talk.words
    found = await _known(talk, number)
    if found.chat.id == talk.chat.id:
        await talk.toast(words.label("block.own"), alert=True)
        return
    if not chosen.sure:
        yes, no = Button(words.label("block.yes"), Bar(number, sure=True)), words.label("block.back")
        await talk.show(
            Screen(words.say("block.sure", number=number), rows(yes, Button(no, See(number)))), purpose=PURPOSE
        )
        return
    paused = await talk.act(lambda session: len(chats.bar(session, number, now=talk.now)))
    log.warning("operator.barred", chat=talk.chat.id, barred=number)
    await talk.show(Screen(words.say("block.barred", number=number, count=paused), _to_list(words)), purpose=PURPOSE)


async def unbar(talk: Talk, chosen: Unbar) -> None:
    number, words = chosen.number, talk.words
    await _known(talk, number)
    await talk.act(lambda session: chats.unbar(session, number, now=talk.now))
    log.warning("operator.unbarred", chat=talk.chat.id, unbarred=number)
    await talk.show(Screen(words.say("block.unbarred", number=number), _to_list(words)), purpose=PURPOSE)


async def _list(talk: Talk, page: int) -> Screen:
    """Without the operator's own chat."""
    words, own = talk.words, talk.chat.id
    every = [one for one in await talk.read(chats.list) if one.id != own]
    if not every:
        return Screen(words.say("block.nobody"))
    pages = -(-len(every) // A_PAGE)
    page = min(max(page, 1), pages)
    here = every[(page - 1) * A_PAGE : page * A_PAGE]
    known = await talk.read(lambda session: [_counted(session, one) for one in here])
    back = [Button(words.label("block.back"), Turn(page - 1))] if page > 1 else []
    forward = [Button(words.label("block.forward"), Turn(page + 1))] if page < pages else []
    turns = [*back, *forward]
    return Screen(
        words.say("block.which", page=page, pages=pages),
        rows(*(Button(_line(words, one), See(one.chat.id)) for one in known), *([turns] if turns else [])),
    )


def _about(talk: Talk, found: Known) -> Screen:
    words, chat = talk.words, found.chat
    change = (
        Button(words.label("block.unbar"), Unbar(chat.id))
        if chat.barred_at is not None
        else Button(words.label("block.bar"), Bar(chat.id, sure=False))
    )
    said = words.say(
        "block.about",
        number=chat.id,
        state=Html(words.say(f"block.states.{_state(chat)}")),
        since=chat.created_at,
        people=found.people,
        count=found.watches,
    )
    return Screen(said, rows(*([change] if chat.id != talk.chat.id else []), *_to_list(words)))


def _line(words: Words, found: Known) -> str:
    state = words.label(f"block.states.{_state(found.chat)}")
    return words.label("block.line", number=found.chat.id, state=state, count=found.watches)


def _to_list(words: Words) -> tuple[tuple[Button, ...], ...]:
    return ((Button(words.label("block.to_list"), Turn(1)),),)


def _state(chat: Chat) -> str:
    return "barred" if chat.barred_at is not None else str(chat.state)


async def _known(talk: Talk, number: int) -> Known:
    """Raises NotTheirs for one that is not there, or not any more."""
    found = await talk.read(lambda session: _find(session, number)) if 0 < number < 2**31 else None
    if found is None:
        raise NotTheirs
    return found


def _find(session: Session, number: int) -> Known | None:
    chat = chats.find_by_id(session, number)
    return _counted(session, chat) if chat is not None else None


def _counted(session: Session, chat: Chat) -> Known:
    watches = chat_watches.of_chat(session, chat.id, WatchState.OPEN)
    return Known(chat, len(chats.people_of(session, chat.id)), len(watches))


CONVERSATION = Conversation(
    commands=(Command("block", block, right=Right.OPERATOR),),
    taps=(Tap(Turn, turn), Tap(See, see), Tap(Bar, bar), Tap(Unbar, unbar)),
)
