"""Handing in the link of the City's activation mail, so that a worker opens it."""

from sqlmodel import Session

from config.settings import Settings
from console.store import Store, booking_of, reached
from core.slots import utc_now
from models import activations
from portal import links
from workers.queue import QueueUnreachable


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
    booking = booking_of(session, booking_id)
    given = links.parse_confirm_link(link, settings.site_url)
    activations.hand_in(session, store.keyring, booking.id, given, now=utc_now())
