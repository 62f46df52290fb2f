"""Job: open the mailed link that the person gave, and believe only what the City says afterwards."""

from core.bookings import Appointment, BookingState, HoldKey
from core.errors import AnswerLost, BrowserIll, MtaError
from core.footprint import Purpose
from models import bookings, holds
from portal import links
from workers import metering, settling
from workers.booking import Errand
from workers.metering import Asked
from workers.runtime import Runtime

TRIES = 2  # at once; reconcile goes on after that
COST = 8  # requests: one as a rule, six if the link was opened before, and two for the picture
_NO_ANSWER = (AnswerLost, BrowserIll)


async def confirm(runtime: Runtime, booking_id: int) -> None:
    if not await runtime.database.act(lambda session: holds.link_was_given(session, booking_id)):
        return
    async with settling.carrying(runtime, booking_id) as errand:
        if errand is not None and errand.key is not None and errand.state is BookingState.PRECONFIRMED:
            await _activate(runtime, errand, errand.key)


async def _activate(runtime: Runtime, errand: Errand, key: HoldKey, *, tries: int = TRIES) -> None:
    """When the answer never came the City is asked first; only if it still waits is the link opened again."""
    trouble: MtaError | None = None
    async with metering.errand(runtime, cost=COST, until=errand.deadline_at) as asked:
        try:
            answer = await _opened(runtime, key, asked)
        except MtaError as error:
            trouble = error
        else:
            if answer.status == "confirmed":
                await settling.confirmed(runtime, errand, answer, asked)
                return
    await settling.settle(runtime, errand, because=trouble)
    if tries > 1 and isinstance(trouble, _NO_ANSWER) and await _still_waits(runtime, errand):
        await _activate(runtime, errand, key, tries=tries - 1)


async def _opened(runtime: Runtime, key: HoldKey, asked: Asked) -> Appointment:
    async with runtime.pool.lease(settling.MANAGE) as lease:
        with asked.on(lease, Purpose.CONFIRM):
            return await runtime.portal.confirm(lease, links.confirm_link(runtime.site_url, key))


async def _still_waits(runtime: Runtime, errand: Errand) -> bool:
    row = await runtime.database.read(lambda session: bookings.get(session, errand.booking_id))
    return row.state is BookingState.PRECONFIRMED
