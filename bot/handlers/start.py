"""/start: the door, the invitation, what this does and does not, and the consent."""

from dataclasses import dataclass

from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.handlers.language import choices
from bot.rights import Right
from bot.screens import Button, Screen, paragraphs, rows
from bot.texts import Words
from bot.wish.buttons import NewWish
from models import chats, invitations
from models.chat import Chat, Role
from models.database import Session
from models.person import Language

CONSENT = "2026-11-24"  # the version of start.consent: change it with the text
PURPOSE = "start"


@dataclass(frozen=True)
class Continue(Callback, word="go", right=Right.GUEST):
    """The welcome was read: on to the consent."""


@dataclass(frozen=True)
class Agree(Callback, word="agree", right=Right.GUEST):
    version: str


@dataclass(frozen=True)
class Refuse(Callback, word="refuse", right=Right.GUEST):
    pass


@dataclass(frozen=True)
class DoorLanguage(Callback, word="door", right=Right.ANYBODY):
    """A stranger's choice. Nothing is kept of it."""

    language: Language


@dataclass(frozen=True)
class WelcomeLanguage(Callback, word="hello", right=Right.GUEST):
    language: Language


async def start(talk: Talk) -> None:
    if talk.visitor.may(Right.PERSON):
        await talk.send(_ready(talk.words), purpose=PURPOSE)
    else:
        await door(talk)


async def door(talk: Talk) -> None:
    """For whoever has not agreed yet: the welcome for those who were let in, a closed door for everybody else."""
    chat = talk.visitor.chat
    if chat is not None and chat.barred_at is not None:
        await talk.show(Screen(talk.words.say("start.barred")), purpose=PURPOSE)
    elif chat is not None:
        await talk.show(_welcome(talk.words), purpose=PURPOSE)
    elif (let_in := await _let_in(talk)) is not None:
        known = talk.known_as(let_in)
        await known.send(_welcome(known.words), purpose=PURPOSE)
    else:
        wrong = talk.words.say("start.wrong_code") if invitations.looks_like_one(_code(talk)) else ""
        await talk.show(_door(talk.words, wrong), purpose=PURPOSE)


async def choose_at_the_door(talk: Talk, chosen: DoorLanguage) -> None:
    await talk.show(_door(Words(chosen.language)), purpose=PURPOSE)


async def choose_in_the_welcome(talk: Talk, chosen: WelcomeLanguage) -> None:
    chat_id = talk.chat.id
    known = talk.known_as(await talk.act(lambda session: chats.speak(session, chat_id, chosen.language)))
    await known.show(_welcome(known.words), purpose=PURPOSE)


async def go_on(talk: Talk, _: Continue) -> None:
    await talk.show(_consent(talk.words), purpose=PURPOSE)


async def agree(talk: Talk, agreed: Agree) -> None:
    """Only to the text as it is now; who was shown an older one is shown the new one."""
    if agreed.version != CONSENT:
        await talk.show(_consent(talk.words), purpose=PURPOSE)
        return
    chat_id = talk.chat.id
    await talk.act(lambda session: chats.agree(session, chat_id, CONSENT, now=talk.now))
    await talk.show(_ready(talk.words), purpose=PURPOSE)


async def refuse(talk: Talk, _: Refuse) -> None:
    """Nothing is kept of who does not agree."""
    chat_id = talk.chat.id
    await talk.show(Screen(talk.words.say("start.refused")), purpose=PURPOSE)
    await talk.act(lambda session: chats.forget(session, chat_id, now=talk.now))


async def _let_in(talk: Talk) -> Chat | None:
    """The chat of somebody who may come in, made known here; a code in their words is used up by it."""
    code = _code(talk)

    def meet(session: Session) -> Chat | None:
        keyring, now = talk.parts.keyring, talk.now
        looks_right = invitations.looks_like_one(code)
        role = invitations.use(session, keyring, code, now=now, roles=_roles(talk)) if looks_right else None
        if role is None and not talk.visitor.lets_in:
            return None
        known = chats.meet(session, keyring, talk.visitor.telegram_id, language=talk.words.language, now=now)
        known.role = role or Role.PERSON  # an operator by the settings is one as long as they say so
        return known

    return await talk.act(meet)


def _roles(talk: Talk) -> frozenset[Role]:
    """In a group, where everybody reads along, nobody becomes an operator."""
    return frozenset(Role) if talk.visitor.is_alone else frozenset({Role.PERSON})


def _code(talk: Talk) -> str:
    """Behind /start, as in the link of an invitation, or all that was typed."""
    return talk.arguments or talk.text


def _door(words: Words, wrong: str = "") -> Screen:
    languages = [Button(label, DoorLanguage(language)) for language, label in choices()]
    return Screen(paragraphs(wrong, words.say("start.door"), words.say("start.about")), rows(languages))


def _welcome(words: Words) -> Screen:
    texts = (words.say("start.welcome"), words.say("start.does"), words.say("start.does_not"), words.say("start.city"))
    return Screen(
        paragraphs(*texts),
        rows(_language_buttons(), Button(words.label("start.continue"), Continue())),
    )


def _consent(words: Words) -> Screen:
    return Screen(
        words.say("start.consent"),
        rows(
            Button(words.label("start.agree"), Agree(CONSENT)),
            Button(words.label("start.refuse"), Refuse()),
        ),
    )


def _ready(words: Words) -> Screen:
    return Screen(words.say("start.ready"), rows(Button(words.label("wish.new"), NewWish())))


def _language_buttons() -> list[Button]:
    return [Button(label, WelcomeLanguage(language)) for language, label in choices()]


CONVERSATION = Conversation(
    commands=(Command("start", start, right=Right.ANYBODY),),
    taps=(
        Tap(DoorLanguage, choose_at_the_door),
        Tap(WelcomeLanguage, choose_in_the_welcome),
        Tap(Continue, go_on),
        Tap(Agree, agree),
        Tap(Refuse, refuse),
    ),
)
