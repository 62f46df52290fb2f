"""The City's page of one appointment: what it is, and "Termin absagen", which cancels without asking back."""

from dataclasses import replace
from datetime import datetime

from core.bookings import Appointment, HoldKey
from core.errors import HoldLost, PortalChanged, Refused
from portal import contract, links
from portal.controls import control, role
from portal.opening import navigate
from portal.refusals import NOT_FOUND, error_code
from portal.replies import Reply
from portal.visit import Visit

CANCEL = control("Termin absagen", role("button", "Termin absagen"))


async def read(visit: Visit, key: HoldKey, *, site_url: str) -> Appointment | None:
    """Open the appointment's own address; None only if the City says that there is none."""
    await navigate(visit, links.appointment_link(site_url, key))
    reply = await visit.answer(contract.APPOINTMENT, contract.CATALOG, accept=_decides)
    if reply.endpoint == contract.CATALOG:
        contract.read_catalog(reply)
        raise PortalChanged("The page never asked for the appointment.", expected=contract.APPOINTMENT)
    if error_code(reply) == NOT_FOUND:
        return None
    appointment = contract.read_appointment(reply)
    visit.personal |= contract.personal_words(reply)
    if appointment.key.process_id != key.process_id:
        raise PortalChanged("The City answered with another appointment.", expected="processId")
    return appointment


async def cancel(visit: Visit, key: HoldKey, *, site_url: str, now: datetime) -> Appointment | None:
    """Cancel what is still live there; None if nothing is."""
    appointment = await read(visit, key, site_url=site_url)
    if appointment is None or appointment.status not in contract.LIVE:
        return None
    if appointment.starts_at <= now:
        raise Refused("An appointment that has begun cannot be cancelled.", code="appointmentCanNotBeCanceled")
    reply = await visit.press_for(CANCEL, contract.CANCEL)
    try:
        status = contract.read_cancelled(reply)
    except HoldLost:
        return None
    return replace(appointment, status=status)


def _decides(reply: Reply) -> bool:
    """The catalogue that comes first decides only if it is an error: the page then asks no further."""
    return reply.endpoint == contract.APPOINTMENT or bool(reply.problem) or not contract.is_good(reply)
