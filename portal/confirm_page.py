"""The City's page behind the mailed link, which activates the appointment as it loads."""

from core.bookings import Appointment, HoldKey
from core.errors import BadInput, HoldLost, PortalChanged
from portal import appointment_page, contract, links
from portal.opening import navigate
from portal.refusals import WRONG_KEY, error_code
from portal.visit import Visit


async def confirm(visit: Visit, key: HoldKey, *, site_url: str) -> Appointment:
    """Activate it. An answer that it cannot be activated is settled by reading it again: it may be already.

    Raises HoldLost if the City no longer has it, BadInput if the City does not know the link's key.
    """
    await navigate(visit, links.confirm_link(site_url, key))
    reply = await visit.answer(contract.CONFIRM)
    if error_code(reply) in WRONG_KEY:
        raise BadInput("The City does not accept the key in this link.", field="link", hint="Use the latest mail.")
    try:
        appointment = contract.read_appointment(reply)
    except HoldLost as error:
        return await _truth(visit, key, error, site_url=site_url)
    if appointment.status != "confirmed":
        raise PortalChanged("The City took the activation and did not confirm.", expected="status")
    return appointment


async def _truth(visit: Visit, key: HoldKey, refusal: HoldLost, *, site_url: str) -> Appointment:
    appointment = await appointment_page.read(visit, key, site_url=site_url)
    if appointment is None or appointment.status not in contract.LIVE:
        raise refusal
    return appointment
