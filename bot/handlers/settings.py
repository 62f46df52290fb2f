"""/settings: quiet hours, news together or one by one, and the language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from bot import texts
from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.handlers.language import choices
from bot.markup import Html
from bot.screens import Button, Screen, grid, paragraphs, rows
from bot.texts import Words
from core.vigil import SIGN_OF_LIFE
from models import chats
from models.chat import ChatSettings
from models.database import Session
from models.person import Language

PURPOSE = "settings"
USUAL = ((22, 7), (21, 8))  # quiet hours that most people want
HOURS = range(24)
COLUMNS = 4


@dataclass(frozen=True)
class ShowSettings(Callback, word="settings", repeatable=True):
    pass


@dataclass(frozen=True)
class ShowQuiet(Callback, word="quiet", repeatable=True):
    pass


@dataclass(frozen=True)
class ChooseBegin(Callback, word="quietown", repeatable=True):
    pass


@dataclass(frozen=True)
class ChooseEnd(Callback, word="quietend", repeatable=True):
    begin: int


@dataclass(frozen=True)
class BeQuiet(Callback, word="quietset", repeatable=True):
    """From one hour to another; without them never."""

    begin: int | None
    end: int | None


@dataclass(frozen=True)
class Gather(Callback, word="digest"):
    together: bool


@dataclass(frozen=True)
class ShowLanguages(Callback, word="setlang", repeatable=True):
    pass


@dataclass(frozen=True)
class Speak(Callback, word="speak"):
    language: Language


async def settings(talk: Talk) -> None:
    await talk.send(_overview(talk), purpose=PURPOSE)


async def show(talk: Talk, _: ShowSettings) -> None:
    await talk.show(_overview(talk), purpose=PURPOSE)


async def show_quiet(talk: Talk, _: ShowQuiet) -> None:
    await talk.show(_quiet_hours(talk), purpose=PURPOSE)


async def choose_begin(talk: Talk, _: ChooseBegin) -> None:
    words = talk.words
    buttons = [Button(texts.hour(time(hour), words.language), ChooseEnd(hour)) for hour in HOURS]
    await talk.show(_hours(words, words.say("settings.begin"), buttons), purpose=PURPOSE)


async def choose_end(talk: Talk, chosen: ChooseEnd) -> None:
    words = talk.words
    if chosen.begin not in HOURS:
        await show_quiet(talk, ShowQuiet())
        return
    following = [(chosen.begin + later) % len(HOURS) for later in HOURS if later]
    buttons = [Button(texts.hour(time(hour), words.language), BeQuiet(chosen.begin, hour)) for hour in following]
    await talk.show(_hours(words, words.say("settings.end", first=time(chosen.begin)), buttons), purpose=PURPOSE)


async def be_quiet(talk: Talk, chosen: BeQuiet) -> None:
    begin, end = chosen.begin, chosen.end
    if begin is None or end is None:
        await _choose(talk, lambda before: before.model_copy(update={"quiet_from": None, "quiet_to": None}))
    elif begin in HOURS and end in HOURS and begin != end:
        span = {"quiet_from": time(begin), "quiet_to": time(end)}
        await _choose(talk, lambda before: before.model_copy(update=span))
    else:
        await show_quiet(talk, ShowQuiet())


async def gather(talk: Talk, chosen: Gather) -> None:
    await _choose(talk, lambda before: before.model_copy(update={"digest": chosen.together}))


async def show_languages(talk: Talk, _: ShowLanguages) -> None:
    words = talk.words
    buttons = [Button(label, Speak(language)) for language, label in choices()]
    screen = Screen(
        words.say("language.which", name=words.label("language.name")),
        rows(buttons, Button(words.label("settings.back"), ShowSettings())),
    )
    await talk.show(screen, purpose=PURPOSE)


async def speak(talk: Talk, chosen: Speak) -> None:
    chat_id = talk.chat.id
    known = talk.known_as(await talk.act(lambda session: chats.speak(session, chat_id, chosen.language)))
    await known.show(_overview(known), purpose=PURPOSE)


async def _choose(talk: Talk, changes: Callable[[ChatSettings], ChatSettings]) -> None:
    chat_id = talk.chat.id

    def work(session: Session) -> None:
        before = chats.locked(session, chat_id).settings
        chats.choose(session, chat_id, changes(before), now=talk.now)

    await talk.act(work)
    known = talk.known_as(await talk.read(lambda session: chats.get(session, chat_id)))
    await known.toast(known.words.label("settings.kept"))
    await known.show(_overview(known), purpose=PURPOSE)


def _overview(talk: Talk) -> Screen:
    words, chosen = talk.words, talk.chat.settings
    return Screen(
        paragraphs(
            words.say("settings.title"),
            _quiet(chosen, words),
            words.say("settings.together" if chosen.digest else "settings.one_by_one"),
            words.say("settings.sign_of_life", when=SIGN_OF_LIFE),
            words.say("settings.language", name=words.label("language.name")),
        ),
        rows(
            Button(words.label("settings.quiet"), ShowQuiet()),
            Button(words.label("settings.to_one_by_one"), Gather(together=False))
            if chosen.digest
            else Button(words.label("settings.to_together"), Gather(together=True)),
            Button(words.label("settings.to_language"), ShowLanguages()),
        ),
    )


def _quiet(chosen: ChatSettings, words: Words) -> Html:
    begins, ends = chosen.quiet_from, chosen.quiet_to
    if begins is None or ends is None or begins == ends:
        return words.say("settings.never_quiet")
    return words.say("settings.quiet_now", first=begins, last=ends)


def _quiet_hours(talk: Talk) -> Screen:
    words = talk.words
    usual = [
        Button(words.label("settings.span", first=time(begin), last=time(end)), BeQuiet(begin, end))
        for begin, end in USUAL
    ]
    return Screen(
        paragraphs(_quiet(talk.chat.settings, words), words.say("settings.quiet_means")),
        rows(
            Button(words.label("settings.no_quiet"), BeQuiet(None, None)),
            *usual,
            Button(words.label("settings.own"), ChooseBegin()),
            Button(words.label("settings.back"), ShowSettings()),
        ),
    )


def _hours(words: Words, question: Html, buttons: list[Button]) -> Screen:
    back = Button(words.label("settings.back"), ShowQuiet())
    return Screen(question, (*grid(buttons, columns=COLUMNS), (back,)))


CONVERSATION = Conversation(
    commands=(Command("settings", settings),),
    taps=(
        Tap(ShowSettings, show),
        Tap(ShowQuiet, show_quiet),
        Tap(ChooseBegin, choose_begin),
        Tap(ChooseEnd, choose_end),
        Tap(BeQuiet, be_quiet),
        Tap(Gather, gather),
        Tap(ShowLanguages, show_languages),
        Tap(Speak, speak),
    ),
)
