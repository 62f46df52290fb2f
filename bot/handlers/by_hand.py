"""What a person does on the City's page: what they only wanted to hear of, or where it asks for more than its box."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime

from bot import places
from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Around, Conversation, Tap
from bot.countdown import left
from bot.markup import Html, link
from bot.screens import Button, Link, Rows, Screen, paragraphs, rows
from bot.texts import Words
from core.bookings import UNSETTLED
from core.errors import Transient
from models import bookings, decisions, watches
from models.database import Session
from models.notice import Notice
from models.watch import WatchState
from portal import links


@dataclass(frozen=True)
class ByHand(Callback, word="byhand"):
    """`done`: the person has booked it."""

    watch_id: int
    done: bool


async def answer(talk: Talk, said: ByHand) -> None:
    purpose = f"by_hand:{said.watch_id}"
    watch = await talk.read(lambda session: watches.get(session, said.watch_id))
    if watch.search == "over":
        await talk.show(Screen(talk.words.say("by_hand.over")), purpose=purpose)
        return
    if not said.done:
        rests = watch.state is WatchState.PAUSED
        await talk.show(Screen(talk.words.say("by_hand.rests" if rests else "by_hand.going_on")), purpose=purpose)
        return
    given_back = await talk.act(lambda session: _stop(session, talk, said.watch_id))
    for booking_id in given_back:
        with contextlib.suppress(Transient):  # the row knows: the next round does it
            await asyncio.to_thread(talk.parts.queue.cancel, booking_id)
    await talk.show(
        Screen(paragraphs(talk.words.say("by_hand.stopped"), talk.words.say("by_hand.back") if given_back else "")),
        purpose=purpose,
    )


def _stop(session: Session, talk: Talk, watch_id: int) -> list[int]:
    """End the search, and give back what is under way for it: nobody shall have two. Their numbers."""
    watch = watches.stop(session, watch_id, now=talk.now)
    under_way = [
        one.id
        for one in bookings.list(session, person_id=watch.person_id)
        if one.watch_id == watch_id and one.state in UNSETTLED and one.starts_at > talk.now
    ]
    for booking_id in under_way:
        decisions.ask_cancel(session, booking_id, now=talk.now)
    return under_way


def slot(notice: Notice, words: Words, around: Around) -> Screen:
    """A free slot that the person may take themselves."""
    office_id = int(notice.facts["office_id"])
    rest = left(datetime.fromisoformat(notice.facts["until"]), now=around.now)
    return Screen(
        paragraphs(
            places.address(office_id, around.catalog),
            words.say("by_hand.slot"),
            rest.said(words) if rest is not None else "",
        ),
        (*_rows(notice, words, around), *rows(*places.map_link(office_id, words, around.catalog))),
    )


def found(notice: Notice, words: Words, around: Around) -> Screen:
    """A free slot of somebody who wants to be told and nothing more."""
    if "service_id" not in notice.facts:  # one that was written before it was noted
        return Screen(words.say("by_hand.found"))
    office_id = int(notice.facts["office_id"])
    return Screen(
        paragraphs(places.address(office_id, around.catalog), words.say("by_hand.found")),
        (*_rows(notice, words, around), *rows(*places.map_link(office_id, words, around.catalog))),
    )


def found_among_others(notice: Notice, words: Words, around: Around) -> Html:
    if "service_id" not in notice.facts:
        return Html("")
    return link(_page(notice, around), words.label("by_hand.page"))


def looking(notice: Notice, words: Words, around: Around) -> Screen:
    return Screen(words.say("by_hand.looking"), _rows(notice, words, around))


def _rows(notice: Notice, words: Words, around: Around) -> Rows:
    """The City's page of that very service and office, and what the person did there."""
    page = _page(notice, around)
    if notice.watch_id is None:
        return rows(Link(words.label("by_hand.page"), page))
    return rows(
        Link(words.label("by_hand.page"), page),
        Button(words.label("by_hand.done"), ByHand(notice.watch_id, done=True)),
        Button(words.label("by_hand.not_done"), ByHand(notice.watch_id, done=False)),
    )


def _page(notice: Notice, around: Around) -> str:
    facts = notice.facts
    return links.target_link(around.site_url, service_id=int(facts["service_id"]), office_id=facts.get("office_id"))


CONVERSATION = Conversation(
    taps=(Tap(ByHand, answer),),
    notice_details={"booking.by_hand": slot, "slots.found": found, "look.person": looking},
    notice_in_digest={"slots.found": found_among_others},
)
