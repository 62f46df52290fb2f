"""/language: which of its languages the bot speaks in this chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.screens import Button, Screen, rows
from bot.texts import Words
from models import chats
from models.person import Language

PURPOSE = "language"


@dataclass(frozen=True)
class ChooseLanguage(Callback, word="lang"):
    language: Language


def choices() -> Sequence[tuple[Language, str]]:
    """Each language with its name, which is written in itself."""
    return [(language, Words(language).label("language.name")) for language in Language]


async def language(talk: Talk) -> None:
    await talk.send(_screen(talk.words), purpose=PURPOSE)


async def choose(talk: Talk, chosen: ChooseLanguage) -> None:
    chat_id = talk.chat.id
    known = talk.known_as(await talk.act(lambda session: chats.speak(session, chat_id, chosen.language)))
    await known.show(_screen(known.words), purpose=PURPOSE)


def _screen(words: Words) -> Screen:
    return Screen(
        words.say("language.which", name=words.label("language.name")),
        rows([Button(label, ChooseLanguage(language)) for language, label in choices()]),
    )


CONVERSATION = Conversation(commands=(Command("language", language),), taps=(Tap(ChooseLanguage, choose),))
