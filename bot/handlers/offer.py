"""An offer: what is held for a person, who says yes or no before its time is over."""

from dataclasses import dataclass
from datetime import datetime

from bot import places, progress
from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Around, Conversation, Tap, around
from bot.countdown import left
from bot.rights import NotTheirs
from bot.screens import Button, Screen, paragraphs, rows
from bot.texts import Words
from core.errors import BadInput
from models import chats, decisions, under_way
from models.notice import Notice
from models.under_way import Affair


@dataclass(frozen=True)
class Answer(Callback, word="offer"):
    booking_id: int
    yes: bool


async def answer(talk: Talk, said: Answer) -> None:
    """The worker whose page holds the slot reads the answer from the row, within a second."""
    try:
        await talk.act(lambda session: decisions.answer(session, said.booking_id, yes=said.yes, now=talk.now))
    except BadInput as refused:
        await talk.toast(talk.words.label(f"offer.{refused.code}"), alert=True)
    else:
        await talk.toast(talk.words.label("offer.yes_heard" if said.yes else "offer.no_heard"))
    await show(talk, said.booking_id)


async def show(talk: Talk, booking_id: int) -> None:
    """How the booking stands by now; what has ended is told by its notice, and only loses its buttons here."""
    chat_id = talk.chat.id
    affair, names = await talk.read(
        lambda session: (
            under_way.of_booking(session, chat_id, booking_id),
            chats.names(session, talk.parts.keyring, chat_id),
        )
    )
    if affair is None:
        raise NotTheirs
    standing = progress.standing(affair, now=talk.now)
    if standing.stage not in (progress.Stage.SETTLED, *progress.OF_NOTICES):
        whom = names.get(affair.booking.person_id, "")
        drawn = progress.screen(affair, standing, talk.words, await around(talk.parts), whom=whom)
        await talk.show(drawn, purpose=affair.purpose)
    else:
        await _without_buttons(talk, affair)


async def _without_buttons(talk: Talk, affair: Affair) -> None:
    if affair.message is not None and affair.settled:
        await talk.messenger.strip(talk.visitor.telegram_id, affair.message.message_id)


def details(notice: Notice, words: Words, around: Around) -> Screen:
    office_id, until = int(notice.facts["office_id"]), datetime.fromisoformat(notice.facts["until"])
    rest = left(until, now=around.now)
    return Screen(
        paragraphs(
            places.address(office_id, around.catalog),
            words.say("offer.then"),
            words.say("progress.swap") if notice.facts.get("swap") else "",
            rest.said(words) if rest is not None else "",
        ),
        (*_buttons(notice, words), *rows(*places.map_link(office_id, words, around.catalog))),
    )


def _buttons(notice: Notice, words: Words) -> tuple[tuple[Button, ...], ...]:
    if notice.booking_id is None:
        return ()
    return (
        (Button(words.label("offer.yes"), Answer(notice.booking_id, yes=True)),),
        (Button(words.label("offer.no"), Answer(notice.booking_id, yes=False)),),
    )


CONVERSATION = Conversation(taps=(Tap(Answer, answer),), notice_details={"booking.offer": details})
