"""Step 3 of the City's page: the person's details."""

import asyncio
import re
from datetime import timedelta
from typing import Final

from core.catalog import ContactField, Scope
from core.contact import Contact
from core.errors import BadInput, HoldLost, Refused
from portal import contract
from portal.controls import control, css, find, role, see
from portal.replies import Reply
from portal.visit import Visit

FIRST_NAME = control("Vorname", role("textbox", "Vorname"), css("#input-firstname"))
LAST_NAME = control("Nachname", role("textbox", "Nachname"), css("#input-lastname"))
MAIL = control("E-Mail-Adresse", role("textbox", "E-Mail-Adresse"), css("#input-mailaddress"))
PHONE = control("Telefonnummer", role("textbox", "Telefonnummer"), css("#input-telephonenumber"))
REMARKS = control("remarks", css("#textarea-remarks"))
REMARKS2 = control("second remarks", css("#textarea-remarks2"))
NEXT = control("Weiter of the contact form", role("button", "Weiter"), role("button", re.compile(r"^\s*Weiter\b")))
FIELD_ERROR = control("field error", role("alert"), css("#text-input-error"))
SESSION_OVER = control("session over", role("heading", re.compile("Sitzung ist abgelaufen")))
ARRIVED = control("contact form", *FIRST_NAME.ways, *SESSION_OVER.ways)

_TOO_LONG: Final = "Zeichen nicht überschreiten"  # shown at exactly 50 characters, and keeps nobody
_REFUSED_FIELDS: Final = {
    "Vorname": "first name",
    "Nachname": "last name",
    "E-Mail": "mail",
    "Telefon": "phone",
}
_SILENCE: Final = timedelta(seconds=2)  # after it the page has drawn its own errors, if it has any


async def arrive(visit: Visit) -> None:
    await find(ARRIVED, visit.page, within=visit.limit)
    if await see(SESSION_OVER, visit.page):
        raise HoldLost("The City's page says that the hold's time is over.")


async def write(visit: Visit, contact: Contact) -> None:
    """Fill in what this office asks for; it shows no other field."""
    for field, text in ((FIRST_NAME, contact.first_name), (LAST_NAME, contact.last_name), (MAIL, contact.mail)):
        await visit.hand.type(await visit.control(field), text)
    for field, text in ((PHONE, contact.phone), (REMARKS, contact.remarks), (REMARKS2, contact.remarks2)):
        place = await see(field, visit.page)
        if place is not None and text:
            await visit.hand.type(place, text)


async def send(visit: Visit) -> Reply:
    """Press "Weiter". Raises BadInput for a field the page marks, Refused for a field nobody can fill."""
    since = visit.wire.mark
    await visit.hand.choose(await visit.control(NEXT))
    if not await _asked(visit, since=since):
        await _explain(visit)
    return await visit.answer(contract.UPDATE, since=since)


async def _asked(visit: Visit, *, since: int) -> bool:
    try:
        async with asyncio.timeout(_SILENCE.total_seconds()):
            await visit.wire.question(contract.UPDATE, since=since)
    except TimeoutError:
        return False
    return True


async def _explain(visit: Visit) -> None:
    """Say why "Weiter" did nothing; returns when the page may just be slow."""
    alerts = [text for text in await FIELD_ERROR.any(visit.page).all_inner_texts() if _TOO_LONG not in text]
    if alerts:
        field = next((ours for theirs, ours in _REFUSED_FIELDS.items() if theirs in alerts[0]), "remarks")
        raise BadInput(f"The City's page does not take the {field}.", field=field, hint="Please correct it.")
    if await see(SESSION_OVER, visit.page):
        raise HoldLost("The City's page says that the hold's time is over.")
    if trapped(visit.scope):
        raise Refused("This office demands a field that its page does not show.", code="hiddenRequiredField")


def trapped(scope: Scope | None) -> bool:
    """Whether the office demands a text that its page hides: "Weiter" then does nothing, and says nothing."""
    return scope is not None and any(_hidden(field) for field in (scope.remarks, scope.remarks2))


def _hidden(field: ContactField) -> bool:
    return field.required and not field.shown
