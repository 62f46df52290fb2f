"""/help, and whatever nobody understood."""

from collections.abc import Callable, Sequence

from bot.context import Talk
from bot.conversation import Command, Conversation
from bot.markup import Html
from bot.rights import Right
from bot.screens import lines, paragraphs
from bot.texts import Words


async def unknown(talk: Talk) -> None:
    await talk.remark(talk.words.say("help.unknown"))


def conversation(commands: Callable[[], Sequence[Command]]) -> Conversation:
    """`commands` are all there are; each is told only to those who may."""

    async def help_(talk: Talk) -> None:
        mine = [one for one in commands() if talk.visitor.may(one.right)]
        listed = lines(*(line_of(one.name, talk.words) for one in mine))
        more = talk.words.say("help.more") if talk.visitor.may(Right.PERSON) else ""
        await talk.remark(paragraphs(talk.words.say("help.about"), listed, more))

    return Conversation(commands=(Command("help", help_, right=Right.GUEST),))


def line_of(name: str, words: Words) -> Html:
    """Empty for a command that is not in the menu."""
    key = f"commands.{name}"
    return Html(f"/{name} – {words.say(key)}") if words.has(key) else Html("")
