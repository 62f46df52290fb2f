"""Swaps: a watch that shall replace a confirmed appointment by an earlier one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from core.bookings import BookingState
from core.caps import Caps
from core.errors import BadInput
from core.wishes import Mode
from models import bookings, mandates, quotas, watches
from models.booking import Booking
from models.watch import Watch, WatchState

_GOING_ON = (WatchState.OPEN, WatchState.PAUSED)


def attach(watch: Watch, booking: Booking, *, gain: timedelta) -> None:
    """Tie the watch to what it improves on. Raises BadInput for what cannot be replaced by it."""
    check_stands(booking)
    if booking.person_id != watch.person_id:
        raise BadInput(
            "That appointment is somebody else's, and slots never move between persons.",
            field="instead-of",
            hint=f"Name and mail address must be those of person {booking.person_id}.",
        )
    if booking.service_key != bookings.service_key(watch.services):
        raise BadInput(f"Booking {booking.id} is for other services.", field="instead-of")
    watch.improves_id, watch.minimum_gain = booking.id, gain


def check_stands(booking: Booking) -> None:
    if booking.state is not BookingState.CONFIRMED or booking.over_at is not None:
        raise BadInput(
            f"Booking {booking.id} is no confirmed appointment ahead.", field="instead-of", code="no_appointment"
        )


def begin(
    session: Session,
    booking: Booking,
    *,
    gain: timedelta,
    mode: Mode,
    office_ids: Sequence[int],
    captcha: bool,
    mandate: str,
    caps: Caps,
    now: datetime,
) -> Watch:
    """Look for an earlier one with the rules that the appointment was found by, until none can be early enough.

    `mandate` is what the person just agreed to. Raises BadInput when the caps allow no more, or it stands no more.
    """
    check_stands(booking)
    quotas.check_swap(session, booking.person_id, caps, now=now)
    before, deadline = watches.get(session, booking.watch_id), booking.starts_at - gain
    agreed = mandates.record(session, booking.person_id, mandate, deadline, now=now)
    watch = watches.add(
        session,
        person_id=booking.person_id,
        mandate_id=agreed.id,
        services=before.services,
        office_ids=office_ids,
        rules=before.rules,
        mode=mode,
        deadline=deadline,
        captcha=captcha,
        caps=caps,
        now=now,
    )
    attach(watch, booking, gain=gain)
    return watch


def going_on(session: Session, booking_id: int) -> Sequence[Watch]:
    """The watches that look for something earlier than this appointment."""
    those = (col(Watch.improves_id) == booking_id) & col(Watch.state).in_(_GOING_ON)
    return session.scalars(select(Watch).where(those).order_by(col(Watch.id))).all()


def stop(session: Session, booking_id: int, *, now: datetime) -> None:
    """Look for nothing earlier any more; what is booked, or under way, stays as it is."""
    for watch in going_on(session, booking_id):
        watches.stop(session, watch.id, now=now)
