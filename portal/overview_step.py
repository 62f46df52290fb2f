"""Step 4 of the City's page: the consents it asks for, and "Termin reservieren"."""

import re

from core.bookings import Appointment
from core.errors import HoldLost, PortalChanged
from portal import contract
from portal.controls import control, css, find, role, see
from portal.visit import Visit

RESERVE = control("Termin reservieren", role("button", "Termin reservieren"))
CONSENT = control("consent", role("checkbox"), css("input[type=checkbox][id^=checkbox-]"))
CHARS = 150  # of the summary and the consents, as somebody skims them who has been here before
SESSION_OVER = control("session over", role("heading", re.compile("Sitzung ist abgelaufen")))
RESERVED = control("headline of the reservation", role("heading", re.compile(r"^\s*Aktivieren Sie Ihren Termin")))
ARRIVED = control("overview", *RESERVE.ways, *SESSION_OVER.ways)


async def reserve(visit: Visit) -> Appointment:
    """Tick every consent that is asked for, whichever they are, and reserve."""
    await find(ARRIVED, visit.page, within=visit.limit)
    if await see(SESSION_OVER, visit.page):
        raise HoldLost("The City's page says that the hold's time is over.")
    await visit.hand.read(CHARS)
    for box in await CONSENT.any(visit.page).all():
        await visit.hand.tick(box)
    button = await visit.control(RESERVE)
    if not await button.is_enabled():
        raise PortalChanged("The page wants something more than its consents.", expected=CONSENT.name)
    appointment = contract.read_appointment(await visit.press_for(RESERVE, contract.PRECONFIRM))
    if appointment.status not in contract.BOOKED:
        raise PortalChanged("The City took the reservation and did not keep it.", expected="status")
    return appointment
