"""Job, at start and each minute: every unsettled booking without a live lease is carried on, finished or released."""

from datetime import timedelta

import structlog

from core.bookings import BookingState
from core.errors import MtaError
from core.slots import utc_now
from models import bookings, decisions, holds
from models.booking import Booking
from workers import settling, succession
from workers.booking import CITY_JOB
from workers.runtime import Runtime

READ_EVERY = timedelta(minutes=5)  # a person may have opened the mailed link without telling us

log = structlog.get_logger()


async def reconcile(runtime: Runtime) -> None:
    await succession.let_go_of_the_dead(runtime.database)
    await runtime.pacer.bury(succession.gone)
    found = await runtime.database.act(lambda session: bookings.unsettled(session, now=utc_now()))
    for booking in await runtime.database.act(lambda session: decisions.to_cancel(session, now=utc_now())):
        runtime.queue.cancel(booking.id)
    for booking in found:
        booking_id = booking.id
        try:
            await _carry_on(runtime, booking, booking_id)
        except MtaError as error:
            log.warning("reconcile.postponed", booking_id=booking_id, reason=settling.reason_of(error))


async def _carry_on(runtime: Runtime, booking: Booking, booking_id: int) -> None:
    if booking.state == BookingState.WANTED:
        runtime.queue.book(booking_id)
        return
    if booking.state == BookingState.PRECONFIRMED and not await _read_is_due(runtime, booking, booking_id):
        return
    async with settling.carrying(runtime, booking_id) as errand:
        if errand is not None:
            await settling.settle(runtime, errand)


async def _read_is_due(runtime: Runtime, booking: Booking, booking_id: int) -> bool:
    if await runtime.database.act(lambda session: holds.link_was_given(session, booking_id)):
        runtime.queue.confirm(booking_id)
        return False
    now = utc_now()
    if booking.deadline_at is not None and booking.deadline_at + CITY_JOB <= now:
        return True
    hold = await runtime.database.act(lambda session: holds.of_booking(session, booking_id))
    return hold is not None and hold.read_at + READ_EVERY <= now
