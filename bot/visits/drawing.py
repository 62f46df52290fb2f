"""The screen of one appointment, drawn from its rows: whatever became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.context import Talk
from bot.markup import Html
from bot.screens import Button, Rows, Screen, paragraphs, rows
from bot.visits import buttons, card
from bot.visits.buttons import LookAgain
from bot.visits.card import Visit
from core.bookings import ENDED, BookingState
from core.catalog import Catalog
from models import bookings, chats, decisions, holds, retention, swaps, watches
from models.booking import Booking
from models.database import Session
from models.watch import Watch, WatchState

AT_CITY, OUT_OF_SIGHT = "cancelled-at-city", "moved-at-city"
LOOKS_AGAIN = frozenset({"cancelled-by-person", AT_CITY})  # reasons after which the search may be taken up
EARLIER_FROM = timedelta(days=1)  # the least that a swap must gain


@dataclass(frozen=True, slots=True)
class Known:
    """`whom` it is for, where the chat stands for several; `swapping` are the watches for something earlier.

    `replaced` is said while a better one is confirmed in its place and this one is being given back.
    """

    booking: Booking
    watch: Watch
    number: str
    whom: str
    swapping: Sequence[Watch]
    replaced: bool

    @property
    def visit(self) -> Visit:
        return Visit.of_booking(self.booking, number=self.number)


async def known(talk: Talk, booking_id: int) -> Known:
    def read(session: Session) -> Known:
        booking = bookings.get(session, booking_id)
        hold = holds.of_booking(session, booking_id)
        return Known(
            booking,
            watches.get(session, booking.watch_id),
            number=hold.display_number if hold else "",
            whom=chats.names(session, talk.parts.keyring, talk.chat.id).get(booking.person_id, ""),
            swapping=swaps.going_on(session, booking_id),
            replaced=decisions.is_to_cancel(session, booking_id) == "replaced",
        )

    return await talk.read(read)


async def show(talk: Talk, booking_id: int) -> None:
    await talk.show(await draw(talk, booking_id), purpose=buttons.purpose(booking_id))


async def draw(talk: Talk, booking_id: int) -> Screen:
    found, catalog = await known(talk, booking_id), await talk.parts.catalog()
    head = paragraphs(
        talk.words.say("outbox.whom", name=found.whom) if found.whom else "",
        card.when_and_where(found.visit, talk.words, catalog),
    )
    more, shown = _as_it_stands(found, talk, catalog)
    return Screen(paragraphs(head, more), shown)


def stands(booking: Booking, *, now: datetime) -> bool:
    """Confirmed, ahead, and not being given back."""
    return (
        booking.state is BookingState.CONFIRMED
        and booking.over_at is None
        and booking.starts_at > now
        and booking.cancel_asked_at is None
    )


def _as_it_stands(found: Known, talk: Talk, catalog: Catalog | None) -> tuple[Html, Rows]:
    booking, words = found.booking, talk.words
    if found.replaced and stands(booking, now=talk.now):
        return words.say("giveback.replaced"), buttons.of_waiting(booking.id, words)
    if stands(booking, now=talk.now):
        earlier = booking.starts_at - EARLIER_FROM > talk.now
        swapping = words.say("result.swapping") if found.swapping else ""
        text = paragraphs(card.details(found.visit, words, catalog), swapping)
        return text, buttons.of_card(booking.id, words, earlier=earlier)
    if booking.cancel_asked_at is not None and booking.state not in ENDED:
        return words.say("giveback.under_way", at=booking.cancel_asked_at), buttons.of_waiting(booking.id, words)
    if booking.state is BookingState.CONFIRMED:
        return words.say("result.over", day=retention.forgotten_by(booking.starts_at)), rows(
            buttons.back_to_list(words)
        )
    if booking.state is BookingState.CANCELLED:
        away = booking.reason == OUT_OF_SIGHT
        return words.say("giveback.out_of_sight" if away else "giveback.gone"), _after_cancelling(found, talk)
    return words.say("result.not_booked"), rows(buttons.back_to_list(words))


def _after_cancelling(found: Known, talk: Talk) -> Rows:
    back = buttons.back_to_list(talk.words)
    if found.watch.state is not WatchState.FULFILLED or found.booking.reason not in LOOKS_AGAIN:
        return rows(back)
    again = Button(talk.words.label("giveback.look_again"), LookAgain(found.watch.id, found.booking.id))
    return rows(again, back)
