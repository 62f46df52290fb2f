"""/invite, for the operator: a code that lets people in, and the link that carries it."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.rights import NotTheirs, Right
from bot.screens import Button, Screen, paragraphs, rows
from bot.texts import Words, span
from models import invitations
from models.chat import Role
from models.database import Session

PURPOSE = "invite"
USES = (1, 2, 5, 20)
DAYS = (1, 7, 30)

log = structlog.get_logger()


@dataclass(frozen=True)
class Choose(Callback, word="opinv", right=Right.OPERATOR):
    uses: int
    days: int


@dataclass(frozen=True)
class Make(Callback, word="opmake", right=Right.OPERATOR):
    uses: int
    days: int


@dataclass(frozen=True)
class Leave(Callback, word="opnoinv", right=Right.OPERATOR):
    pass


async def invite(talk: Talk) -> None:
    await talk.send(await _screen(talk, Choose(USES[0], DAYS[1])), purpose=PURPOSE)


async def choose(talk: Talk, chosen: Choose) -> None:
    _check(chosen)
    await talk.show(await _screen(talk, chosen), purpose=PURPOSE)


async def make(talk: Talk, chosen: Make) -> None:
    """Shown once: the message that asked turns into the code, so that a second tap makes no second one."""
    _check(chosen)
    code, until, made_by = invitations.new_code(), talk.now + timedelta(days=chosen.days), talk.chat.id

    def write(session: Session) -> None:
        invitations.make(
            session,
            talk.parts.keyring,
            code,
            role=Role.PERSON,
            uses=chosen.uses,
            until=until,
            now=talk.now,
            made_by=made_by,
        )

    await talk.act(write)
    log.info("operator.invited", chat=made_by, uses=chosen.uses, days=chosen.days)
    words = talk.words
    link = f"https://t.me/{talk.messenger.username}?start={code}"
    said = (
        words.say("invite.code", code=code),
        words.say("invite.link", link=link),
        words.say("invite.validity", until=until),
        words.say("invite.once_shown"),
    )
    await talk.show(Screen(paragraphs(*said)), purpose=PURPOSE)


async def leave(talk: Talk, _: Leave) -> None:
    await talk.show(Screen(talk.words.say("invite.left")), purpose=PURPOSE)


async def _screen(talk: Talk, chosen: Choose) -> Screen:
    words = talk.words
    standing = await talk.read(lambda session: len(invitations.standing(session, now=talk.now)))
    return Screen(
        paragraphs(
            words.say("invite.asked", count=chosen.uses, days=timedelta(days=chosen.days)),
            words.say("invite.standing", count=standing) if standing else "",
            words.say("invite.operators"),
        ),
        rows(
            *(
                Button(
                    _label(words, words.label("invite.uses", count=one), one == chosen.uses), Choose(one, chosen.days)
                )
                for one in USES
            ),
            [
                Button(
                    _label(words, span(timedelta(days=one), words.language), one == chosen.days),
                    Choose(chosen.uses, one),
                )
                for one in DAYS
            ],
            Button(words.label("invite.make"), Make(chosen.uses, chosen.days)),
            Button(words.label("invite.leave"), Leave()),
        ),
    )


def _label(words: Words, label: str, is_chosen: bool) -> str:  # noqa: FBT001  # it is what the label shows
    return words.label("invite.chosen", label=label) if is_chosen else label


def _check(chosen: Choose | Make) -> None:
    if chosen.uses not in USES or chosen.days not in DAYS:
        raise NotTheirs


CONVERSATION = Conversation(
    commands=(Command("invite", invite, right=Right.OPERATOR),),
    taps=(Tap(Choose, choose), Tap(Make, make), Tap(Leave, leave)),
)
