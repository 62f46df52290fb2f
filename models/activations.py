"""The link of the City's activation mail: whose it is, and that it was handed in. The link itself is never kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.bookings import BookingState, HoldKey
from core.errors import BadInput
from models import bookings, events, holds
from models.booking import Booking
from models.chat_person import ChatPerson
from models.hold import Hold
from models.keyring import Keyring

WHERE = "It stands in the mail “Aktivierungslink für Ihren Termin”, behind “Termin bestätigen”."
_MAY_WAIT = frozenset({BookingState.DETAILED, BookingState.PRECONFIRMED})  # the mail may be faster than our own row


def hand_in(session: Session, keyring: Keyring, booking_id: int, given: HoldKey, *, now: datetime) -> bool:
    """Note that the person wants the link to be opened; False when that was noted before.

    Raises BadInput for a link that is not this booking's, or a booking that waits for none. The key is compared and
    thrown away: the hold has it, sealed.
    """
    booking, hold = bookings.get(session, booking_id), holds.of_booking(session, booking_id)
    if booking.state not in _MAY_WAIT:
        raise BadInput(f"Booking {booking_id} is {booking.state}; only a preconfirmed one waits for its link.")
    if hold is None or given != holds.key(keyring, hold):
        raise BadInput(f"This link is not the one of booking {booking_id}.", field="link", hint=WHERE)
    if hold.link_given_at is not None:
        return False
    holds.give_link(session, booking_id, now=now)
    events.note(session, "booking.link_given", now=now, booking_id=booking_id)
    return True


def of_chat(session: Session, keyring: Keyring, chat_id: int, given: HoldKey) -> Booking | None:
    """The booking of somebody whom the chat stands for that this key opens; nobody else's is ever compared."""
    kept = select(Hold, Booking).join(Booking, col(Booking.id) == col(Hold.booking_id))
    kept = kept.join(ChatPerson, col(ChatPerson.person_id) == col(Booking.person_id))
    kept = kept.where(col(ChatPerson.chat_id) == chat_id, col(Hold.sealed_key).is_not(None))
    found = session.execute(kept.order_by(col(Booking.id).desc()))
    return next((booking for hold, booking in found if holds.key(keyring, hold) == given), None)


def awaited(session: Session, chat_id: int) -> Sequence[Booking]:
    """The bookings of those whom the chat stands for that wait for their link, the most urgent first."""
    theirs = select(col(ChatPerson.person_id)).where(col(ChatPerson.chat_id) == chat_id)
    people = frozenset(session.scalars(theirs))
    waiting = [booking for _, booking in holds.awaiting_link(session) if booking.person_id in people]
    return sorted(waiting, key=lambda one: (one.deadline_at is None, one.deadline_at or one.created_at, one.id))
