"""Holds: what the City keeps for a booking, and the key to it."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.bookings import DEFAULT_ACTIVATION, DEFAULT_RESERVATION, Appointment, BookingState, HoldKey
from core.errors import HoldLost
from models.booking import Booking
from models.hold import Hold
from models.keyring import Keyring


def keep(session: Session, keyring: Keyring, booking_id: int, appointment: Appointment, *, now: datetime) -> Hold:
    """Write the City's answer to a hold down; a booking has one hold, so a second answer replaces the first."""
    hold = of_booking(session, booking_id) or Hold(booking_id=booking_id, held_at=now, expires_at=now, read_at=now)
    hold.sealed_key = keyring.seal(json.dumps([appointment.key.process_id, appointment.key.auth_key]))
    hold.held_at = hold.read_at = now
    hold.expires_at = now + (appointment.reservation or DEFAULT_RESERVATION)
    hold.activation = appointment.activation
    hold.display_number = appointment.display_number
    hold.status = appointment.status
    session.add(hold)
    session.flush()
    return hold


def of_booking(session: Session, booking_id: int) -> Hold | None:
    return session.scalars(select(Hold).where(col(Hold.booking_id) == booking_id)).first()


def key(keyring: Keyring, hold: Hold) -> HoldKey:
    """Raises HoldLost when the key was forgotten, which happens after the appointment."""
    if hold.sealed_key is None:
        raise HoldLost("The key of this appointment was forgotten after it.")
    process_id, auth_key = json.loads(keyring.open(hold.sealed_key))
    return HoldKey(process_id=process_id, auth_key=auth_key)


def note_status(session: Session, booking_id: int, status: str, *, now: datetime) -> Hold | None:
    """The City's own word as just read. The first `preconfirmed` starts the time for the mailed link."""
    hold = of_booking(session, booking_id)
    if hold is None:
        return None
    hold.status, hold.read_at = status, now
    if status == "preconfirmed" and hold.activation_until is None:
        hold.activation_until = now + (hold.activation or DEFAULT_ACTIVATION)
    session.flush()
    return hold


def give_link(session: Session, booking_id: int, *, now: datetime) -> bool:
    """The person asks us to open the mailed link; False when there is no hold to open it for."""
    hold = of_booking(session, booking_id)
    if hold is None:
        return False
    hold.link_given_at = hold.link_given_at or now
    session.flush()
    return True


def link_was_given(session: Session, booking_id: int) -> bool:
    hold = of_booking(session, booking_id)
    return hold is not None and hold.link_given_at is not None


def awaiting_link(session: Session) -> Sequence[tuple[Hold, Booking]]:
    """What the City has preconfirmed and nobody has given the mailed link for, nor asked to give back."""
    waiting = select(Hold, Booking).join(Booking, col(Booking.id) == col(Hold.booking_id))
    waiting = waiting.where(col(Booking.state) == BookingState.PRECONFIRMED, col(Booking.cancel_asked_at).is_(None))
    waiting = waiting.where(col(Hold.link_given_at).is_(None), col(Hold.sealed_key).is_not(None))
    return [(hold, booking) for hold, booking in session.execute(waiting.order_by(col(Booking.id)))]
