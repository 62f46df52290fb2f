"""Mode ask: what is held is offered to the person, who says yes in time or the hold goes back."""

import asyncio
from datetime import datetime, timedelta

from core.bookings import Appointment, thinking_time
from core.errors import Permanent
from core.slots import utc_now
from models import bookings
from models.booking import Booking
from workers import booking
from workers.booking import Errand
from workers.runtime import Runtime

GLANCE = timedelta(seconds=1)
RENEW = timedelta(seconds=30)  # how often the lease is renewed; it lasts minutes


class Declined(Permanent):
    """The person said no."""


class Unanswered(Permanent):
    """The person said nothing in time."""


def ends_at(held: Appointment, *, now: datetime) -> datetime:
    return now + thinking_time(held.reservation)


async def agreed(runtime: Runtime, errand: Errand, held: Appointment) -> None:
    """Ask and wait; raises Declined, Unanswered, or LeaseLost when the booking is in other hands by now."""
    until = ends_at(held, now=utc_now())
    await runtime.database.act(lambda session: booking.to_offer(session, errand, until=until, now=utc_now()))
    renewed = utc_now()
    while not await runtime.database.read(lambda session: _yes(bookings.get(session, errand.booking_id))):
        if utc_now() - renewed >= RENEW:
            await _renew(runtime, errand)
            renewed = utc_now()
        await asyncio.sleep(GLANCE.total_seconds())


def _yes(row: Booking) -> bool:
    if row.answered_yes is False or row.cancel_asked_at is not None:
        raise Declined("The person does not want it.")
    if not row.answered_yes and (row.offered_until is None or row.offered_until <= utc_now()):
        raise Unanswered("The person did not answer in time.")
    return row.answered_yes is True


async def _renew(runtime: Runtime, errand: Errand) -> None:
    still = await runtime.database.act(
        lambda session: bookings.renew(session, errand.booking_id, owner=errand.run, lease=booking.LEASE, now=utc_now())
    )
    if not still:
        raise bookings.LeaseLost(f"Booking {errand.booking_id} is in other hands.")
