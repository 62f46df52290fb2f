"""/broadcast, for the operator: a word to everybody, seen before it is sent."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from telegram import Message

from bot import bulletins
from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap, Typed
from bot.rights import Right
from bot.screens import Button, Screen, paragraphs, rows
from bot.texts import Words
from core.errors import BadInput
from models import broadcasts, drafts
from models.database import Session
from models.redaction import redacted

KIND = "broadcast"  # the draft's, and the purpose of the conversation's message
LONGEST = 1000  # characters
_TOKEN = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105  # what the word's name is made of

log = structlog.get_logger()


class Template(StrEnum):
    OUTAGE = "outage"
    WORKS = "works"
    OVER = "over"


@dataclass(frozen=True)
class Choose(Callback, word="optext", right=Right.OPERATOR):
    template: Template


@dataclass(frozen=True)
class Urgent(Callback, word="opurgent", right=Right.OPERATOR):
    urgent: bool


@dataclass(frozen=True)
class Send(Callback, word="opsend", right=Right.OPERATOR):
    token: str


@dataclass(frozen=True)
class Leave(Callback, word="opnosend", right=Right.OPERATOR):
    pass


@dataclass(frozen=True)
class Progress(Callback, word="opfar", right=Right.OPERATOR):
    token: str


async def broadcast(talk: Talk) -> None:
    words = talk.words
    token = "".join(talk.parts.rng.choice(_TOKEN) for _ in range(8))
    await talk.keep(KIND, {"token": token})
    await talk.send(
        Screen(
            words.say("broadcast.what"),
            rows(
                *(Button(words.label(f"broadcast.{one}"), Choose(one)) for one in Template),
                Button(words.label("broadcast.leave"), Leave()),
            ),
        ),
        purpose=KIND,
    )


async def write(talk: Talk, message: Message) -> None:
    """Their own words, which everybody gets as they are."""
    text = (message.text or "").strip()
    if not text:
        raise BadInput("Only words can be sent to all.", code="broadcast_text")
    if len(text) > LONGEST:
        raise BadInput("That is too long.", code="broadcast_long", most=LONGEST)
    draft = await talk.draft(KIND)
    if draft is None or "token" not in draft:
        await _nothing(talk)
        return
    draft = {**draft, "kind": "operator.word", "facts": redacted({"text": text})}
    await talk.keep(KIND, draft)
    await talk.send(await _preview(talk, draft), purpose=KIND)


async def choose(talk: Talk, chosen: Choose) -> None:
    draft = await talk.draft(KIND)
    if draft is None or "token" not in draft:
        await _nothing(talk)
        return
    await _changed(talk, {**draft, "kind": f"operator.{chosen.template}", "facts": {}})


async def hurry(talk: Talk, chosen: Urgent) -> None:
    draft = await talk.draft(KIND)
    if draft is None or "kind" not in draft:
        await _nothing(talk)
        return
    await _changed(talk, {**draft, "urgent": chosen.urgent})


async def send(talk: Talk, chosen: Send) -> None:
    """What was previewed last, once: the draft goes in the same transaction."""
    chat_id, keyring = talk.chat.id, talk.parts.keyring

    def write_all(session: Session) -> int | None:
        draft = drafts.load(session, keyring, chat_id, KIND)
        if draft is None or "kind" not in draft or draft["token"] != chosen.token:
            return None
        facts = {**draft["facts"], "urgent": draft.get("urgent", False)}
        count = broadcasts.send(session, chosen.token, kind=draft["kind"], facts=facts, now=talk.now)
        drafts.drop(session, chat_id, KIND)
        return count

    count = await talk.act(write_all)
    if count is None:
        await _nothing(talk)
        return
    log.warning("operator.broadcast", chat=chat_id, chats=count)
    said = talk.words.say("broadcast.sent", count=count)
    await talk.show(Screen(said, _far(talk.words, chosen.token)), purpose=KIND)


async def progress(talk: Talk, asked: Progress) -> None:
    found = await talk.read(lambda session: broadcasts.spread(session, asked.token))
    said = talk.words.say("broadcast.told", count=found.told, number=found.written)
    await talk.show(Screen(said, _far(talk.words, asked.token)), purpose=KIND)


async def leave(talk: Talk, _: Leave) -> None:
    await talk.drop(KIND)
    await talk.show(Screen(talk.words.say("broadcast.left")), purpose=KIND)


async def _changed(talk: Talk, draft: dict[str, Any]) -> None:
    await talk.keep(KIND, draft)
    await talk.show(await _preview(talk, draft), purpose=KIND)


async def _preview(talk: Talk, draft: dict[str, Any]) -> Screen:
    """As it is told: through the same doors as the notice itself."""
    words, urgent = talk.words, bool(draft.get("urgent"))
    count = await talk.read(broadcasts.readers)
    turn = words.label("broadcast.make_calm") if urgent else words.label("broadcast.make_urgent")
    return Screen(
        paragraphs(
            words.say("broadcast.preview"),
            bulletins.told(draft["kind"], draft["facts"], words, await talk.parts.catalog()),
            words.say("broadcast.readers", count=count) if count else words.say("broadcast.nobody"),
            words.say("broadcast.in_theirs"),
            words.say("broadcast.at_once") if urgent else words.say("broadcast.later"),
        ),
        rows(
            Button(words.label("broadcast.send"), Send(draft["token"])),
            Button(turn, Urgent(not urgent)),
            Button(words.label("broadcast.leave"), Leave()),
        ),
    )


async def _nothing(talk: Talk) -> None:
    await talk.show(Screen(talk.words.say("broadcast.nothing")), purpose=KIND)


def _far(words: Words, token: str) -> tuple[tuple[Button, ...], ...]:
    return ((Button(words.label("broadcast.progress"), Progress(token)),),)


CONVERSATION = Conversation(
    commands=(Command("broadcast", broadcast, right=Right.OPERATOR),),
    taps=(Tap(Choose, choose), Tap(Urgent, hurry), Tap(Send, send), Tap(Leave, leave), Tap(Progress, progress)),
    typed=(Typed(KIND, write, right=Right.OPERATOR),),
)
