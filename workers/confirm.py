"""Job: open the mailed link that the person gave, and believe only what the City says afterwards."""

from core.bookings import BookingState, HoldKey
from core.errors import AnswerLost, BrowserIll, MtaError
from models import bookings, holds
from portal import links
from workers import settling
from workers.booking import Errand
from workers.runtime import Runtime

TRIES = 2  # at once; reconcile goes on after that
_NO_ANSWER = (AnswerLost, BrowserIll)


async def confirm(runtime: Runtime, booking_id: int) -> None:
    if not await runtime.database.act(lambda session: holds.link_was_given(session, booking_id)):
        return
    async with settling.carrying(runtime, booking_id) as errand:
        if errand is not None and errand.key is not None and errand.state is BookingState.PRECONFIRMED:
            await _activate(runtime, errand, errand.key)


async def _activate(runtime: Runtime, errand: Errand, key: HoldKey, *, tries: int = TRIES) -> None:
    """When the answer never came the City is asked first; only if it still waits is the link opened again."""
    try:
        async with runtime.pool.lease(settling.MANAGE) as lease:
            answer = await runtime.portal.confirm(lease, links.confirm_link(runtime.site_url, key))
    except MtaError as error:
        await settling.settle(runtime, errand, because=error)
        if tries > 1 and isinstance(error, _NO_ANSWER) and await _still_waits(runtime, errand):
            await _activate(runtime, errand, key, tries=tries - 1)
        return
    if answer.status == "confirmed":
        await settling.confirmed(runtime, errand, answer)
    else:
        await settling.settle(runtime, errand)


async def _still_waits(runtime: Runtime, errand: Errand) -> bool:
    row = await runtime.database.read(lambda session: bookings.get(session, errand.booking_id))
    return row.state is BookingState.PRECONFIRMED
