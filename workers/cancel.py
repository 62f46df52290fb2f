"""Job: give an appointment back, because its person asked for it or because a better one is confirmed."""

from pathlib import Path

from browser_profiles.lease import Lease
from core.bookings import Appointment, BookingState, HoldKey
from core.errors import MtaError, PortalChanged, Refused
from core.footprint import Purpose
from core.slots import utc_now
from models import bookings, decisions
from workers import artifacts, booking, metering, settling
from workers.booking import Errand
from workers.runtime import Runtime

COST = 5  # requests: to open it, to cancel it, and to read it anew
_APPOINTED = frozenset({BookingState.PRECONFIRMED, BookingState.CONFIRMED})
_STANDING = frozenset({"reserved", "preconfirmed", "confirmed"})


async def cancel(runtime: Runtime, booking_id: int) -> None:
    """Only ever what the rows say is to be given back, however often the message comes."""
    due = await runtime.database.read(lambda session: decisions.is_to_cancel(session, booking_id))
    if due is None:
        return
    async with settling.carrying(runtime, booking_id) as errand:
        if errand is None:
            return
        if errand.key is None:
            await _before_any_hold(runtime, errand)
            return
        try:
            status, proof = await _give_back(runtime, errand, errand.key)
        except Refused as error:
            refusal = settling.reason_of(error)
            await runtime.database.act(
                lambda session: booking.not_cancelled(session, errand, reason=refusal, now=utc_now())
            )
            return
        shown = await runtime.database.read(lambda session: bookings.get(session, booking_id).screenshot_path)
        ended = BookingState.CANCELLED if errand.state in _APPOINTED else BookingState.RELEASED
        await runtime.database.act(
            lambda session: booking.given_back(
                session, errand, ended, reason=due, status=status, proof=proof, now=utc_now()
            )
        )
        if proof:  # the row names this one from now on, so nobody would find the other to delete it
            await artifacts.drop(shown)


async def _give_back(runtime: Runtime, errand: Errand, key: HoldKey) -> tuple[str, str]:
    """The City's word for it afterwards, read anew, and the picture of what its page said."""
    until = errand.slot.starts_at  # what has begun cannot be given back
    async with metering.errand(runtime, cost=COST, until=until) as asked, runtime.pool.lease(settling.MANAGE) as lease:
        with asked.on(lease, Purpose.CANCEL):
            await runtime.portal.cancel(lease, key)
            path = artifacts.folder(runtime.artifacts, errand.booking_id) / "abgesagt.png"
            proof = await _picture(runtime, lease, path)
            try:
                status = _gone(await runtime.portal.read(lease, key))
            except MtaError:
                await artifacts.drop(proof)  # it proves nothing, and no row would ever name it
                raise
    return status, proof


def _gone(left: Appointment | None) -> str:
    if left is not None and left.status in _STANDING:
        raise PortalChanged("The City cancelled the appointment and still has it.", expected="status")
    return left.status if left else "gone"


async def _picture(runtime: Runtime, lease: Lease, path: Path) -> str:
    """Empty where none could be made: the appointment is gone without it."""
    try:
        return str(await runtime.portal.screenshot(lease, path, mask_personal=False))
    except MtaError:
        return ""


async def _before_any_hold(runtime: Runtime, errand: Errand) -> None:
    if errand.state is BookingState.WANTED:
        await runtime.database.act(
            lambda session: booking.end(
                session, errand, BookingState.RELEASED, reason="withdrawn", final=False, now=utc_now()
            )
        )
    else:
        await runtime.database.act(
            lambda session: booking.wait_out(session, errand, site_url=runtime.site_url, now=utc_now())
        )
