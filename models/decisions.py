"""What persons say of their bookings: yes or no to an offer, and that an appointment is to be given back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.bookings import ENDED, Appointment, BookingState
from core.errors import BadInput
from core.wishes import Mode
from models import bookings, holds
from models.booking import Booking
from models.database import put
from models.keyring import Keyring
from models.watch import Watch


def adopt(session: Session, keyring: Keyring, watch: Watch, shown: Appointment, *, now: datetime) -> Booking:
    """A confirmed appointment that its person made without us and shows by its link: ours to replace and cancel."""
    booking = Booking(
        watch_id=watch.id,
        person_id=watch.person_id,
        target_id=watch.target_id,
        service_key=bookings.service_key(watch.services),
        office_id=shown.office_id,
        starts_at=shown.starts_at,
        state=BookingState.CONFIRMED,
        created_at=now,
        moved_at=now,
    )
    put(session, booking)
    holds.keep(session, keyring, booking.id, shown, now=now)
    bookings.note(session, booking, "booking.adopted", now=now)
    return booking


def offer(session: Session, booking_id: int, *, until: datetime) -> None:
    """The person is asked whether to take what is held."""
    bookings.get(session, booking_id).offered_until = until


def answer(session: Session, booking_id: int, *, yes: bool, now: datetime) -> None:
    """Note what the person said. Raises BadInput when nothing was offered, or too late, or they said so before."""
    booking = session.get_one(Booking, booking_id, with_for_update=True, populate_existing=True)
    if booking.offered_until is None:
        raise BadInput(f"Booking {booking_id} is not on offer.", field="booking", code="no_offer")
    if booking.answered_yes is not None:
        said = "yes" if booking.answered_yes else "no"
        raise BadInput(f"Booking {booking_id} was answered with {said} already.", field="booking", code="answered")
    if booking.state is not BookingState.HELD or booking.offered_until <= now:
        raise BadInput(
            f"It is too late for booking {booking_id}: the offer has ended.", field="booking", code="too_late"
        )
    booking.answered_yes, booking.answered_at = yes, now
    bookings.note(session, booking, "booking.answered", now=now, yes=yes)


def ask_cancel(session: Session, booking_id: int, *, now: datetime) -> None:
    """The person wants to give it back. Raises BadInput for what has ended or begun."""
    booking = session.get_one(Booking, booking_id, with_for_update=True, populate_existing=True)
    if booking.state in ENDED:
        raise BadInput(f"Booking {booking_id} is {booking.state} already.", field="booking", code="ended")
    if booking.starts_at <= now:
        raise BadInput(
            f"The appointment of booking {booking_id} has begun and cannot be cancelled.", field="booking", code="begun"
        )
    if booking.cancel_asked_at is None:
        booking.cancel_asked_at = now
        bookings.note(session, booking, "booking.cancel_asked", now=now)


def to_cancel(session: Session, now: datetime) -> Sequence[Booking]:
    """What is to be given back and in nobody's hands: the person asked for it, or a better one is confirmed."""
    better = select(col(Booking.replaces_id)).where(
        col(Booking.state) == BookingState.CONFIRMED, col(Booking.replaced_at).is_(None)
    )
    due = col(Booking.cancel_asked_at).is_not(None) | col(Booking.id).in_(better)
    waiting = select(Booking).where(bookings.live(), due, bookings.unleased(now))
    return session.scalars(waiting.order_by(col(Booking.id))).all()


def is_to_cancel(session: Session, booking_id: int) -> str | None:
    """Why the booking is to be given back, as a code; None if it is not."""
    booking = bookings.get(session, booking_id)
    if booking.cancel_asked_at is not None:
        return "cancelled-by-person"
    better = (col(Booking.replaces_id) == booking_id) & (col(Booking.state) == BookingState.CONFIRMED)
    found = session.scalars(select(col(Booking.id)).where(better, col(Booking.replaced_at).is_(None))).first()
    return None if found is None else "replaced"


def live_offers(session: Session) -> int:
    """How many bookings wait for, or are on their way to, a person's answer."""
    asking = select(col(Watch.id)).where(col(Watch.mode) == Mode.ASK)
    under_way = col(Booking.state).in_([BookingState.WANTED, BookingState.HOLDING, BookingState.HELD])
    unanswered = col(Booking.watch_id).in_(asking) & col(Booking.answered_yes).is_(None)
    return len(session.scalars(select(col(Booking.id)).where(under_way, unanswered)).all())
