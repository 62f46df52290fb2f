"""Giving an appointment back: asked once more, done by a worker, and gone only when the City says so."""

import asyncio
from contextlib import suppress
from datetime import datetime

from bot import first_look
from bot.context import Talk
from bot.conversation import Around, Conversation, Tap
from bot.screens import Button, Rows, Screen, paragraphs, rows
from bot.texts import Words
from bot.visits import buttons, card, drawing
from bot.visits.buttons import GiveBack, GiveBackNow, LookAgain, ShowVisit
from core import city_pages
from core.errors import Transient
from models import decisions, swaps, wishing
from models.database import Session
from models.notice import Notice


async def ask_back(talk: Talk, chosen: GiveBack) -> None:
    found, catalog, words = await drawing.known(talk, chosen.booking_id), await talk.parts.catalog(), talk.words
    if not drawing.stands(found.booking, now=talk.now):
        await drawing.show(talk, chosen.booking_id)
        return
    screen = Screen(
        paragraphs(
            words.say("outbox.whom", name=found.whom) if found.whom else "",
            words.say("giveback.sure"),
            card.when_and_where(found.visit, words, catalog),
            words.say("giveback.for_good"),
            words.say("giveback.ends_swap") if found.swapping else "",
        ),
        rows(
            Button(words.label("giveback.keep"), ShowVisit(chosen.booking_id)),
            Button(words.label("giveback.now"), GiveBackNow(chosen.booking_id)),
        ),
    )
    await talk.show(screen, purpose=buttons.purpose(chosen.booking_id))


async def give_back(talk: Talk, chosen: GiveBackNow) -> None:
    """The wish is a row; a message to the worker that is lost is sent again each minute."""

    def ask(session: Session) -> None:
        decisions.ask_cancel(session, chosen.booking_id, now=talk.now)
        swaps.stop(session, chosen.booking_id, now=talk.now)

    await talk.act(ask)
    await drawing.show(talk, chosen.booking_id)  # before the worker hears of it: its news edit the same message
    with suppress(Transient):
        await asyncio.to_thread(talk.parts.queue.cancel, chosen.booking_id)


async def look_again(talk: Talk, chosen: LookAgain) -> None:
    caps, now = talk.parts.caps, talk.now
    watch = await talk.act(lambda session: wishing.take_up(session, chosen.watch_id, caps=caps, now=now))
    await talk.show(Screen(talk.words.say("giveback.looks_again")), purpose=buttons.purpose(chosen.booking_id))
    await first_look.send(talk, watch)


def _after(notice: Notice, words: Words, _: Around) -> Screen:
    """What the City said when it was read again, and what becomes of the search."""
    facts = notice.facts
    read_at = facts.get("seen_at")
    searching = words.say("giveback.still_looking" if _searching(notice) else "giveback.not_looking")
    return Screen(
        paragraphs(
            words.say("giveback.read_back", at=datetime.fromisoformat(read_at)) if read_at else "",
            words.say("giveback.at_city", phone=city_pages.PHONE) if facts.get("reason") == drawing.AT_CITY else "",
            words.say("giveback.calendar"),
            words.say("giveback.swap_ended") if facts.get("ends_swap") else "",
            searching if facts.get("reason") in drawing.LOOKS_AGAIN else "",
        )
    )


def _under_cancelled(notice: Notice, words: Words) -> Rows:
    back = buttons.Appointments(anew=True)
    listed = Button(words.label("result.list"), back)
    resumes = notice.facts.get("reason") in drawing.LOOKS_AGAIN and not _searching(notice)
    if not resumes or notice.watch_id is None or notice.booking_id is None:
        return rows(listed)
    return rows(Button(words.label("giveback.look_again"), LookAgain(notice.watch_id, notice.booking_id)), listed)


def _searching(notice: Notice) -> bool:
    return notice.facts.get("search") in ("on", "paused")


def _by_hand(notice: Notice, words: Words, _: Around) -> Screen:
    begun = notice.facts.get("reason") == "begun"
    return Screen(words.say("giveback.too_late" if begun else "giveback.by_hand", phone=city_pages.PHONE))


def _under_refused(notice: Notice, words: Words) -> Rows:
    if notice.booking_id is None or notice.facts.get("reason") == "begun":
        return ()
    return rows(
        Button(words.label("giveback.try_again"), GiveBack(notice.booking_id)),
        Button(words.label("result.list"), buttons.Appointments(anew=True)),
    )


def _if_urgent(_: Notice, words: Words, __: Around) -> Screen:
    return Screen(words.say("giveback.if_urgent", phone=city_pages.PHONE))


def _under_waiting(notice: Notice, words: Words) -> Rows:
    return buttons.of_waiting(notice.booking_id, words) if notice.booking_id is not None else ()


CONVERSATION = Conversation(
    taps=(Tap(GiveBack, ask_back), Tap(GiveBackNow, give_back), Tap(LookAgain, look_again)),
    notice_buttons={
        "booking.cancelled": _under_cancelled,
        "booking.not_cancelled": _under_refused,
        "booking.cancel_waits": _under_waiting,
    },
    notice_details={
        "booking.cancelled": _after,
        "booking.not_cancelled": _by_hand,
        "booking.cancel_waits": _if_urgent,
    },
)
