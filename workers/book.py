"""Job: carry a booking from wanted to preconfirmed. The row moves before each click and again with the answer."""

from collections.abc import Callable

from sqlmodel import Session

from browser_profiles.lease import Lease
from core.bookings import DEFAULT_RESERVATION, Appointment, BookingState
from core.errors import MtaError, SlotGone
from core.footprint import Purpose
from core.slots import utc_now
from workers import booking, metering, offering, settling
from workers.booking import Errand
from workers.pacer import FINISHING, Wait
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
                stopped = await _tried(runtime, errand, lease)
            if stopped is not None:
                raise stopped
        except MtaError as error:
            await settling.failed(runtime, errand, error)


async def _tried(runtime: Runtime, errand: Errand, lease: Lease) -> SlotGone | Wait | None:
    """What stopped it and leaves the page as good as it was; given back, since raising would throw the page away."""
    try:
        await _walk(runtime, errand, lease)
    except (SlotGone, Wait) as stopped:
        return stopped
    return None


async def _walk(runtime: Runtime, errand: Errand, lease: Lease) -> None:
    warm = await runtime.portal.takes_here(lease, errand.target, errand.slot)
    granted = await runtime.pacer.booking(warm=warm, asks=errand.asks)
    async with metering.settled(runtime, granted) as asked:
        with asked.on(lease, Purpose.BOOK):
            held = await _hold(runtime, errand, lease)
            if not errand.asks:
                await _finish(runtime, errand, lease)
    if errand.asks:  # what was granted has ended while the person thought
        until = utc_now() + (held.reservation or DEFAULT_RESERVATION)
        await offering.agreed(runtime, errand, held)
        async with metering.patiently(runtime, cost=FINISHING, until=until) as asked:
            with asked.on(lease, Purpose.BOOK):
                await _finish(runtime, errand, lease)


async def _hold(runtime: Runtime, errand: Errand, lease: Lease) -> Appointment:
    await _row(runtime, lambda session: booking.to_holding(session, errand, lane=runtime.lane, now=utc_now()))
    held = await runtime.portal.hold(lease, errand.target, errand.slot)
    await _row(runtime, lambda session: booking.to_held(session, errand, held, keyring=runtime.keyring, now=utc_now()))
    return held


async def _finish(runtime: Runtime, errand: Errand, lease: Lease) -> None:
    await runtime.portal.fill(lease, errand.contact)
    await _row(runtime, lambda session: booking.to_detailed(session, errand, now=utc_now()))
    answer = await runtime.portal.preconfirm(lease)
    await _row(runtime, lambda session: booking.to_preconfirmed(session, errand, answer, now=utc_now()))


async def _row(runtime: Runtime, act: Callable[[Session], object]) -> None:
    await runtime.database.act(act)
