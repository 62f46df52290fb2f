"""/appointments: what is booked for those the chat stands for, each with its details, its papers and its buttons.

What stands under the news of a booking and under reminders is here too.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.context import Talk
from bot.conversation import Around, Command, Conversation, Tap
from bot.markup import Html, escaped
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows
from bot.texts import Words, moment
from bot.visits import buttons, card, documents, drawing
from bot.visits.buttons import Appointments, SendPapers, ShowVisit
from bot.visits.card import Visit
from bot.visits.documents import Sender
from core import city_pages
from core.catalog import Catalog
from models import bookings, chats, retention, visits
from models.booking import Booking
from models.database import Session
from models.notice import Notice

PURPOSE = "appointments"
MOST = 30  # that are listed; the others follow when these are over


async def appointments(talk: Talk) -> None:
    await talk.send(await _listed(talk), purpose=PURPOSE)


async def again(talk: Talk, chosen: Appointments) -> None:
    show = talk.send if chosen.anew else talk.show
    await show(await _listed(talk), purpose=PURPOSE)


async def visit(talk: Talk, chosen: ShowVisit) -> None:
    await drawing.show(talk, chosen.booking_id)


async def papers(talk: Talk, chosen: SendPapers) -> None:
    booking = await talk.read(lambda session: bookings.get(session, chosen.booking_id))
    if not drawing.stands(booking, now=talk.now):
        await drawing.show(talk, booking.id)
        return
    found = await documents.of_booking(booking, await talk.parts.catalog())
    if not any(isinstance(one, documents.File) for one in found):
        await talk.toast(talk.words.label("result.no_papers"), alert=True)
    sender = Sender(talk.parts, talk.messenger, talk.chat.id, talk.visitor.telegram_id, talk.words)
    await sender.send(found, booking.id, mark=f"asked:{talk.update.update_id}")


async def _listed(talk: Talk) -> Screen:
    chat_id, words, catalog = talk.chat.id, talk.words, await talk.parts.catalog()

    def read(session: Session) -> tuple[Sequence[Booking], dict[int, str]]:
        return visits.of_chat(session, chat_id, now=talk.now), chats.names(session, talk.parts.keyring, chat_id)

    every, called = await talk.read(read)
    ahead = [one for one in every if one.starts_at > talk.now]
    past = [one for one in every if one.starts_at <= talk.now]
    shown = list(enumerate(ahead[:MOST], start=1))
    text = paragraphs(
        words.say("appointments.ahead", count=len(ahead)) if ahead else words.say("appointments.none"),
        lines(*(_line(number, one, called, words, catalog) for number, one in shown)),
        words.say("appointments.more", count=len(ahead) - MOST) if len(ahead) > MOST else "",
        *(_past(past, words, catalog) if past else ()),
    )
    return Screen(text, rows(*(Button(_label(number, one, words), ShowVisit(one.id)) for number, one in shown)))


def _line(number: int, booking: Booking, called: dict[int, str], words: Words, catalog: Catalog | None) -> Html:
    name = called.get(booking.person_id, "")
    office = card.office_name(booking.office_id, words, catalog)
    parts = (name, moment(booking.starts_at, words.language), office)
    return Html(f"{number}. {escaped(', '.join(part for part in parts if part))}")


def _label(number: int, booking: Booking, words: Words) -> str:
    return f"{number}. {moment(booking.starts_at, words.language)}"


def _past(past: Sequence[Booking], words: Words, catalog: Catalog | None) -> Sequence[Html]:
    said = [
        words.say(
            "appointments.past_one",
            at=one.starts_at,
            office=escaped(card.office_name(one.office_id, words, catalog)),
            day=retention.forgotten_by(one.starts_at),
        )
        for one in past[:MOST]
    ]
    return (words.say("appointments.past"), lines(*said))


def _news(notice: Notice, words: Words, around: Around) -> Screen:
    """Its own sentence names the number."""
    swaps = words.say("result.swapped") if notice.facts.get("swaps") else ""
    return Screen(paragraphs(swaps, card.details(Visit.of_facts(notice.facts), words, around.catalog, numbered=False)))


def _on_the_way(notice: Notice, words: Words, around: Around) -> Screen:
    unasked = words.say("result.unasked") if notice.facts.get("unasked") else ""
    return Screen(paragraphs(unasked, card.on_the_way(Visit.of_facts(notice.facts), words, around.catalog)))


def _moved(notice: Notice, words: Words, around: Around) -> Screen:
    """From when, and all that is needed of where it is now."""
    facts = notice.facts
    return Screen(
        paragraphs(
            words.say("result.was", at=datetime.fromisoformat(facts["was"])),
            words.say("result.moved", phone=city_pages.PHONE),
            "" if facts["in_sight"] else words.say("result.out_of_sight"),
            card.on_the_way(Visit.of_facts(facts), words, around.catalog),
        )
    )


def _under_result(notice: Notice, words: Words) -> Rows:
    return buttons.of_result(notice.booking_id, words) if notice.booking_id is not None else ()


def _under_moved(notice: Notice, words: Words) -> Rows:
    if not notice.facts["in_sight"]:
        return rows(Button(words.label("result.list"), Appointments(anew=True)))
    return _under_result(notice, words)


def _under_reminder(notice: Notice, words: Words) -> Rows:
    return buttons.of_reminder(notice.booking_id, words) if notice.booking_id is not None else ()


CONVERSATION = Conversation(
    commands=(Command("appointments", appointments),),
    taps=(Tap(Appointments, again), Tap(ShowVisit, visit), Tap(SendPapers, papers)),
    notice_buttons={
        "booking.confirmed": _under_result,
        "booking.moved": _under_moved,
        "visit.tomorrow": _under_reminder,
        "visit.soon": _under_reminder,
    },
    notice_details={
        "booking.confirmed": _news,
        "booking.moved": _moved,
        "visit.tomorrow": _on_the_way,
        "visit.soon": _on_the_way,
    },
)
