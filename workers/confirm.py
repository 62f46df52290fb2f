"""Job: open the mailed link that the person gave, and believe only what the City says afterwards."""

from core.bookings import BookingState
from core.errors import MtaError
from models import bookings, holds
from portal import links
from workers import settling
from workers.runtime import Runtime


async def confirm(runtime: Runtime, booking_id: int) -> None:
    if not await runtime.database.act(lambda session: holds.link_was_given(session, booking_id)):
        return
    errand = await settling.take(runtime, booking_id)
    if errand is None or errand.key is None:
        return
    if errand.state is not BookingState.PRECONFIRMED:
        await runtime.database.act(lambda session: bookings.release_lease(session, booking_id))
        return
    link = links.confirm_link(runtime.site_url, errand.key)
    try:
        async with runtime.pool.lease(settling.MANAGE) as lease:
            answer = await runtime.portal.confirm(lease, link)
    except MtaError as error:
        await settling.settle(runtime, errand, because=error)
        return
    if answer.status == "confirmed":
        await settling.confirmed(runtime, errand, answer)
    else:
        await settling.settle(runtime, errand)
