"""Handing in the link of the City's activation mail, so that a worker opens it."""

from sqlmodel import Session

from config.settings import Settings
from console.store import Store, booking_of, reached
from core.bookings import BookingState
from core.errors import BadInput
from core.slots import utc_now
from models import events, holds
from portal import links
from workers.queue import QueueUnreachable

_WHERE = "It stands in the mail “Aktivierungslink für Ihren Termin”, behind “Termin bestätigen”."


def hand_in(store: Store, settings: Settings, booking_id: int, link: str) -> bool:
    """Note that the link was given and send it to the workers; whether they could be reached now.

    Raises BadInput for a link that is not this booking's. The key in it is compared and thrown away: the hold has it.
    """
    store.database.transact(lambda session: _note(session, store, settings, booking_id, link))
    with reached(settings) as queue:
        try:
            queue.confirm(booking_id)
        except QueueUnreachable:
            return False
    return True


def _note(session: Session, store: Store, settings: Settings, booking_id: int, link: str) -> None:
    booking, now = booking_of(session, booking_id), utc_now()
    if booking.state is not BookingState.PRECONFIRMED:
        raise BadInput(f"Booking {booking_id} is {booking.state}; only a preconfirmed one waits for its link.")
    _check(session, store, settings, booking_id, link)
    holds.give_link(session, booking_id, now=now)
    events.note(session, "booking.link_given", now=now, booking_id=booking_id)


def _check(session: Session, store: Store, settings: Settings, booking_id: int, link: str) -> None:
    hold = holds.of_booking(session, booking_id)
    given = links.parse_confirm_link(link, settings.site_url)
    if hold is None or given != holds.key(store.keyring, hold):
        raise BadInput(f"This link is not the one of booking {booking_id}.", field="link", hint=_WHERE)
