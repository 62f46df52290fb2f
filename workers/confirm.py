"""Job: open the mailed link that the person gave, and believe only what the City says afterwards."""

from core.bookings import BookingState, HoldKey
from core.errors import MtaError
from models import holds
from portal import links
from workers import settling
from workers.booking import Errand
from workers.runtime import Runtime


async def confirm(runtime: Runtime, booking_id: int) -> None:
    if not await runtime.database.act(lambda session: holds.link_was_given(session, booking_id)):
        return
    async with settling.carrying(runtime, booking_id) as errand:
        if errand is not None and errand.key is not None and errand.state is BookingState.PRECONFIRMED:
            await _activate(runtime, errand, errand.key)


async def _activate(runtime: Runtime, errand: Errand, key: HoldKey) -> None:
    try:
        async with runtime.pool.lease(settling.MANAGE) as lease:
            answer = await runtime.portal.confirm(lease, links.confirm_link(runtime.site_url, key))
    except MtaError as error:
        await settling.settle(runtime, errand, because=error)
        return
    if answer.status == "confirmed":
        await settling.confirmed(runtime, errand, answer)
    else:
        await settling.settle(runtime, errand)
