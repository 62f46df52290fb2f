"""Deleting, from /privacy: says what stands at the City, asks back, and remembers the wish until it can be done."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import erasing, standing
from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Conversation, Tap
from bot.erasing import PURPOSE
from bot.markup import Html
from bot.rights import Right
from bot.screens import Button, Screen, paragraphs, rows
from models import erasures, people
from models.database import Session
from models.erasure import Erasure
from models.erasures import Standing
from workers.queue import QueueUnreachable


@dataclass(frozen=True)
class Overview(Callback, word="pvhome", right=Right.OWN):
    """Back to /privacy."""


@dataclass(frozen=True)
class Ask(Callback, word="pverase", right=Right.OWN):
    """Without a person, the chat with everybody it stands for; so below."""

    person_id: int | None


@dataclass(frozen=True)
class Erase(Callback, word="pvdoit", right=Right.OWN):
    person_id: int | None
    cancels: bool


@dataclass(frozen=True)
class Withdraw(Callback, word="pvundo", right=Right.OWN):
    person_id: int | None


async def ask(talk: Talk, asked: Ask) -> None:
    """What would be gone, and what the City would go on holding."""
    found = await _standing(talk, asked.person_id)
    words, catalog = talk.words, await talk.parts.catalog()
    running, booked = _parted(found)
    name = await _name(talk, asked.person_id)
    yes = (
        [
            Button(words.label("erase.cancel_first"), Erase(asked.person_id, cancels=True)),
            Button(words.label("erase.only_here"), Erase(asked.person_id, cancels=False)),
        ]
        if booked
        else [Button(words.label("erase.yes"), Erase(asked.person_id, cancels=False))]
    )
    await talk.show(
        Screen(
            paragraphs(
                words.say("erase.whole") if asked.person_id is None else words.say("erase.single", name=name),
                _running(talk, running, standing.running(running, words, catalog)),
                paragraphs(words.say("erase.booked"), standing.booked(booked, words, catalog)) if booked else "",
                words.say("erase.booked_what") if booked else "",
            ),
            rows(*yes, Button(words.label("erase.no"), Overview())),
        ),
        purpose=PURPOSE,
    )


async def erase(talk: Talk, asked: Erase) -> None:
    """The wish becomes a row; where nothing is in the way it is carried out at once, else by the sweep."""
    chat_id = talk.chat.id

    def write(session: Session) -> tuple[Erasure, Sequence[int]]:
        return erasures.ask(session, chat_id, person_id=asked.person_id, cancels=asked.cancels, now=talk.now)

    await talk.show(Screen(talk.words.say("erase.at_it")), purpose=PURPOSE)
    wish, to_cancel = await talk.act(write)
    give_back(talk, to_cancel)
    if not await erasing.settle(talk.parts, talk.messenger, wish.id):
        await talk.show(await waiting(talk, wish), purpose=PURPOSE)


async def withdraw(talk: Talk, wish: Withdraw) -> None:
    chat_id, words = talk.chat.id, talk.words
    there = await talk.act(lambda session: erasures.withdraw(session, chat_id, person_id=wish.person_id))
    said = words.say("erase.withdrawn") if there else words.say("erase.nothing")
    again = words.say("erase.wish_again") if there and talk.visitor.may(Right.PERSON) else ""
    await talk.show(
        Screen(paragraphs(said, again), rows(Button(words.label("privacy.back"), Overview()))), purpose=PURPOSE
    )


async def waiting(talk: Talk, wish: Erasure) -> Screen:
    """How it stands with a wish that is not carried out yet."""
    found = await _standing(talk, wish.person_id)
    words, catalog = talk.words, await talk.parts.catalog()
    running, booked = _parted(found)
    still = [*running, *(booked if wish.cancels else ())]
    here = [Button(words.label("erase.only_here"), Erase(wish.person_id, cancels=False))] if not running else []
    return Screen(
        paragraphs(words.say("erase.waiting"), _still(talk, still, standing.running(still, words, catalog))),
        rows(*here, Button(words.label("erase.withdraw"), Withdraw(wish.person_id))),
    )


def give_back(talk: Talk, booking_ids: Sequence[int]) -> None:
    """A worker hears of it now; without Redis it is sent within a minute of its return."""
    with contextlib.suppress(QueueUnreachable):
        for booking_id in booking_ids:
            talk.parts.queue.cancel(booking_id)


async def _standing(talk: Talk, person_id: int | None) -> Sequence[Standing]:
    chat_id = talk.chat.id
    return await talk.read(lambda session: erasures.standing(session, chat_id, person_id=person_id, now=talk.now))


async def _name(talk: Talk, person_id: int | None) -> str:
    if person_id is None:
        return ""
    person = await talk.read(lambda session: people.get(session, person_id))
    return people.contact(talk.parts.keyring, person).first_name


def _parted(found: Sequence[Standing]) -> tuple[Sequence[Standing], Sequence[Standing]]:
    """What is under way, and the appointments."""
    return [one for one in found if one.under_way], [one for one in found if not one.under_way]


def _running(talk: Talk, running: Sequence[Standing], listed: Html) -> Html:
    if not running:
        return Html("")
    until = standing.latest(running)
    return paragraphs(
        paragraphs(talk.words.say("erase.running"), listed),
        talk.words.say("erase.running_what"),
        _latest(talk, until),
    )


def _still(talk: Talk, still: Sequence[Standing], listed: Html) -> Html:
    if not still:
        return Html("")
    return paragraphs(talk.words.say("erase.running"), listed, _latest(talk, standing.latest(still)))


def _latest(talk: Talk, until: datetime | None) -> Html:
    return talk.words.say("erase.latest", until=until) if until is not None and until > talk.now else Html("")


CONVERSATION = Conversation(taps=(Tap(Ask, ask), Tap(Erase, erase), Tap(Withdraw, withdraw)))
