"""The link of the City's activation mail: what to do with it, and what is pasted or forwarded of it at any time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from telegram import Message

from bot import places, progress, showing
from bot.context import Talk
from bot.conversation import Around, Conversation, Recognised
from bot.countdown import left
from bot.markup import Html
from bot.screens import Screen, lines, paragraphs, rows
from bot.texts import Words
from core.bookings import BookingState, HoldKey
from core.errors import Transient
from models import activations, chat_messages, deliveries, drafts, under_way
from models.booking import Booking
from models.database import Session
from models.notice import Notice
from portal import links

OPENS = frozenset({"opening", "again", "late"})  # the fates that lead to the link being opened
_FATES = {
    BookingState.CONFIRMED: "confirmed",
    BookingState.CANCELLED: "cancelled",
    BookingState.EXPIRED: "expired",
    BookingState.RELEASED: "given_back",
    BookingState.LOST: "given_back",
    BookingState.HELD: "early",
}
GLANCES, GLANCE = 20, 0.1  # how often, and how far apart in seconds, it is looked whether the chat is still told to


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a link, as a word of link.toml, and the booking it belongs to or, failing that, one that waits."""

    fate: str
    booking: Booking | None = None


async def recognise(talk: Talk, message: Message) -> bool:
    found = links.keys_in(_text(message))
    if not found:
        return await _instead(talk, message)
    keys = [key for key in found if key is not None]
    given = await talk.act(lambda session: _handed_in(session, talk, keys))
    if given.fate in OPENS and given.booking is not None:
        given = await _told_to_the_workers(talk, given, given.booking.id)
    removed = bool(keys) and await talk.messenger.remove(talk.visitor.telegram_id, message.message_id)
    said = paragraphs(await _answer(talk, given), _about_the_key(talk.words, keys, removed=removed))
    if given.fate in OPENS | {"unreachable"} and given.booking is not None:
        await _in_place_of_the_booking(talk, given.booking.id, said)
    else:
        await talk.remark(said)
    return True


def _text(message: Message) -> str:
    """What is to be read, and the addresses that stand behind words, as in a forwarded mail."""
    said = message.text or message.caption or ""
    behind = [one.url for one in (*message.entities, *message.caption_entities) if one.url]
    return "\n".join((said, *behind))


def _handed_in(session: Session, talk: Talk, keys: Sequence[HoldKey]) -> Given:
    keyring, chat_id = talk.parts.keyring, talk.chat.id
    for key in keys:
        booking = activations.of_chat(session, keyring, chat_id, key)
        if booking is not None:
            given = Given(_fate(session, talk, booking, key), booking)
            if given.fate in OPENS:
                _leave_to_us(session, chat_id, booking.id, now=talk.now)
            return given
    waiting = next(iter(activations.awaited(session, chat_id)), None)
    if not keys:
        return Given("damaged", waiting)
    return Given("unknown" if waiting is None else "another", waiting)


def _fate(session: Session, talk: Talk, booking: Booking, key: HoldKey) -> str:
    if booking.state in _FATES:
        return _FATES[booking.state]
    if booking.cancel_asked_at is not None:
        return "cancelling"
    if not activations.hand_in(session, talk.parts.keyring, booking.id, key, now=talk.now):
        return "again"
    is_late = booking.deadline_at is not None and booking.deadline_at <= talk.now
    return "late" if is_late and booking.state is BookingState.PRECONFIRMED else "opening"


def _leave_to_us(session: Session, chat_id: int, booking_id: int, *, now: datetime) -> None:
    """The booking's message is about to be replaced, so nobody need edit it any more."""
    purpose = f"{under_way.PURPOSE}{booking_id}"
    current = chat_messages.current(session, chat_id, purpose)
    if current is not None:
        chat_messages.put_down(session, chat_id, purpose, current.message_id, now=now, shows=under_way.GONE)


async def _told_to_the_workers(talk: Talk, given: Given, booking_id: int) -> Given:
    """The row knows already: without the queue the link is opened with the next round."""
    try:
        await asyncio.to_thread(talk.parts.queue.confirm, booking_id)
    except Transient:
        return Given("unreachable", given.booking)
    return given


async def _answer(talk: Talk, given: Given) -> Html:
    if given.booking is None:
        return talk.words.say(f"link.{given.fate}")
    return talk.words.say(f"link.{given.fate}", when=given.booking.starts_at, office=await _office(talk, given.booking))


async def _office(talk: Talk, booking: Booking) -> Html:
    return places.name(booking.office_id, talk.words, await talk.parts.catalog())


def _about_the_key(words: Words, keys: Sequence[HoldKey], *, removed: bool) -> Html:
    if not keys:
        return Html("")
    return words.say("link.removed" if removed else "link.kept")


async def _in_place_of_the_booking(talk: Talk, booking_id: int, said: Html) -> None:
    """The answer stands for the booking from now on, and its message further up goes."""
    chat_id, to = talk.chat.id, talk.visitor.telegram_id
    message_id = await talk.messenger.send(to, Screen(paragraphs(said, talk.words.say("link.truth"))))
    affair = await talk.read(lambda session: under_way.of_booking(session, chat_id, booking_id))
    if affair is None:
        return
    shows = f"{under_way.HEARD}{progress.standing(affair, now=talk.now).mark}"
    before = await showing.put_down(talk.parts.database, chat_id, affair.purpose, message_id, now=talk.now, shows=shows)
    if before is not None:
        await _nobody_edits(talk)
        await talk.messenger.remove(to, before.message_id)


async def _nobody_edits(talk: Talk) -> None:
    """Whoever read the rows before they changed is done with the older message."""
    chat_id = talk.chat.id
    for _ in range(GLANCES):
        if not await talk.read(lambda session: deliveries.is_leased(session, chat_id, now=talk.now)):
            return
        await asyncio.sleep(GLANCE)


async def _instead(talk: Talk, message: Message) -> bool:
    """A picture, a file or another address, while a link is waited for and nothing else is being talked about."""
    looks_like_it = bool(message.photo or message.document) or "http" in _text(message)
    if not looks_like_it or message.chat.type != "private":
        return False
    chat_id = talk.chat.id

    def awaited(session: Session) -> Booking | None:
        busy = drafts.newest(session, chat_id) is not None
        return None if busy else next(iter(activations.awaited(session, chat_id)), None)

    waiting = await talk.read(awaited)
    if waiting is None:
        return False
    await talk.remark(await _answer(talk, Given("instead", waiting)))
    return True


def details(notice: Notice, words: Words, around: Around) -> Screen:
    """Under what waits for the link: how to find it, what to do with it, and how long."""
    office_id = int(notice.facts["office_id"])
    rest = left(datetime.fromisoformat(notice.facts["until"]), now=around.now)
    return Screen(
        paragraphs(
            places.address(office_id, around.catalog),
            lines(
                words.say("link.mail"), words.say("link.sender"), words.say("link.subject"), words.say("link.button")
            ),
            words.say("link.paste"),
            words.say("progress.swap") if notice.facts.get("swap") else "",
            rest.said(words) if rest is not None else "",
        ),
        rows(*places.map_link(office_id, words, around.catalog)),
    )


CONVERSATION = Conversation(
    recognised=(Recognised("link", recognise),),
    notice_details={"booking.preconfirmed": details, "booking.reminder": details},
)
