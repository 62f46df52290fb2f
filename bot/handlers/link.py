"""The link of the City's activation mail: what to do with it, and what is pasted or forwarded of it at any time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from telegram import Document, Message
from telegram.constants import ChatType

from bot import mail_file, places, progress, showing
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
    found, trouble = links.keys_in(_text(message)), ""
    if not found and message.document is not None:
        found, trouble = await _in_file(talk, message.document)
    if not found:
        return await _without(talk, message, trouble)
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


async def _in_file(talk: Talk, document: Document) -> tuple[Sequence[HoldKey | None], str]:
    """What a file holds; where there is nothing, why not, as a word of link.toml."""
    if not mail_file.is_one(document):
        return (), "other"
    if mail_file.is_large(document):
        return (), "large"
    found = await mail_file.keys_in(talk.messenger, document)
    if found is None:
        return (), "unread"
    return found, "" if found else "empty"


def _handed_in(session: Session, talk: Talk, keys: Sequence[HoldKey]) -> Given:
    keyring, chat_id = talk.parts.keyring, talk.chat.id
    for key in keys:
        booking = activations.of_chat(session, keyring, chat_id, key)
        if booking is not None:
            given = Given(_fate(session, talk, booking, key), booking)
            if given.fate in OPENS:
                _leave_to_us(session, chat_id, booking.id, now=talk.now)
            return given
    waiting = _awaited(session, chat_id)
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


async def _without(talk: Talk, message: Message, trouble: str) -> bool:
    """No link. A mail is answered always; what people in a group send each other is theirs."""
    if message.chat.type != ChatType.PRIVATE:
        return False
    if trouble in ("", "other"):
        return await _instead(talk, message)
    words, waiting = talk.words, await talk.read(lambda session: _awaited(session, talk.chat.id))
    still = await _answer(talk, Given("waits", waiting)) if waiting is not None else ""
    await talk.remark(paragraphs(words.say(f"link.file.{trouble}"), still, words.say("link.file.copy")))
    return True


async def _instead(talk: Talk, message: Message) -> bool:
    """A picture, a file or another address, while a link is waited for and nothing else is being talked about."""
    if not (message.photo or message.document or "http" in _text(message)):
        return False
    chat_id = talk.chat.id

    def awaited(session: Session) -> tuple[bool, Booking | None]:
        return drafts.newest(session, chat_id) is not None, _awaited(session, chat_id)

    busy, waiting = await talk.read(awaited)
    if busy or (waiting is None and message.document is None):
        return False
    await talk.remark(await _answer(talk, Given("instead", waiting)) if waiting else talk.words.say("link.file.other"))
    return True


def _awaited(session: Session, chat_id: int) -> Booking | None:
    return next(iter(activations.awaited(session, chat_id)), None)


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
