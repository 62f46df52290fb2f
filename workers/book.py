"""Job: carry a booking from wanted to preconfirmed. The row moves before each click and again with the answer."""

from collections.abc import Callable

from sqlmodel import Session

from browser_profiles.lease import Lease
from core.bookings import Appointment, BookingState
from core.errors import MtaError
from core.footprint import Purpose
from core.slots import utc_now
from workers import booking, metering, offering, settling
from workers.booking import Errand
from workers.runtime import Runtime


async def book(runtime: Runtime, booking_id: int) -> None:
    """An offer waits for its person for minutes, so it is carried beside the queue and not in a job's time."""
    if await runtime.database.read(lambda session: booking.is_offer(session, booking_id)):
        runtime.offers.begin(booking_id, _carry(runtime, booking_id))
    else:
        await _carry(runtime, booking_id)


async def _carry(runtime: Runtime, booking_id: int) -> None:
    async with settling.carrying(runtime, booking_id) as errand:
        if errand is None:
            return
        if errand.state is not BookingState.WANTED:
            await settling.settle(runtime, errand)
            return
        try:
            async with runtime.pool.lease(errand.target_key) as lease:
                warm = runtime.portal.is_warm(lease, errand.target)
                granted = await runtime.pacer.booking(warm=warm, asks=errand.asks)
                async with metering.settled(runtime, granted) as asked:
                    with asked.on(lease, Purpose.BOOK):
                        await _walk(runtime, errand, lease)
        except MtaError as error:
            await settling.failed(runtime, errand, error)


async def _walk(runtime: Runtime, errand: Errand, lease: Lease) -> None:
    async def row(act: Callable[[Session], object]) -> None:
        await runtime.database.act(act)

    await row(lambda session: booking.to_holding(session, errand, lane=runtime.lane, now=utc_now()))
    held = await runtime.portal.hold(lease, errand.target, errand.slot)
    await row(lambda session: booking.to_held(session, errand, held, keyring=runtime.keyring, now=utc_now()))
    await _agreed(runtime, errand, held)
    await runtime.portal.fill(lease, errand.contact)
    await row(lambda session: booking.to_detailed(session, errand, now=utc_now()))
    answer = await runtime.portal.preconfirm(lease)
    await row(lambda session: booking.to_preconfirmed(session, errand, answer, now=utc_now()))


async def _agreed(runtime: Runtime, errand: Errand, held: Appointment) -> None:
    if errand.asks:
        await offering.agreed(runtime, errand, held)
