"""The mails the City writes: activation link, confirmation with calendar file, cancellation.

Subjects, link titles and link forms are the City's; the wording is ours.
"""

import base64
import json
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from html import escape

from rehearsal.appointments import Appointment
from rehearsal.calendar_file import calendar_file
from rehearsal.catalog import Catalog
from rehearsal.clock import BERLIN

SENDER = "noreply-terminvereinbarung@muenchen.de"
_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def link_code(appointment: Appointment) -> str:
    """What the City puts behind its hash routes: base64 of JSON with id and authKey."""
    raw = json.dumps({"id": appointment.id, "authKey": appointment.auth_key}, separators=(",", ":"))
    return base64.b64encode(raw.encode()).decode()


def activation_letter(appointment: Appointment, *, catalog: Catalog, site: str, now: datetime) -> EmailMessage:
    link = f"{site}/#/appointment/confirm/{link_code(appointment)}"
    return _letter(
        appointment,
        subject="Aktivierungslink für Ihren Termin",
        lines=[
            f"Ihr Termin am {_when(appointment)} ist vorgemerkt, aber noch nicht gebucht.",
            f"Ort: {catalog.offices[appointment.office_id].name}",
        ],
        link=("Termin bestätigen", link),
        now=now,
    )


def confirmation_letter(appointment: Appointment, *, catalog: Catalog, site: str, now: datetime) -> EmailMessage:
    office = catalog.offices[appointment.office_id]
    street, number, postcode = office.address
    letter = _letter(
        appointment,
        subject="Terminbestätigung",
        lines=[
            f"Ihr Termin am {_when(appointment)} ist gebucht.",
            f"Ort: {office.name}, {street} {number}, {postcode} München",
            f"Terminnummer: {appointment.display_number}",
            *(f"{count} x {catalog.services[service].name}" for service, count in appointment.services),
        ],
        link=("Termin ändern/stornieren", f"{site}/#/appointment/{link_code(appointment)}"),
        now=now,
    )
    ics = calendar_file(appointment, catalog=catalog, now=now)
    letter.add_attachment(ics.encode(), maintype="text", subtype="calendar", filename="termin.ics")
    return letter


def cancellation_letter(appointment: Appointment, *, catalog: Catalog, now: datetime) -> EmailMessage:
    office = catalog.offices[appointment.office_id]
    lines = [f"Ihr Termin am {_when(appointment)} im {office.name} ist abgesagt."]
    return _letter(appointment, subject="Terminabsage", lines=lines, link=None, now=now)


def _letter(
    appointment: Appointment, *, subject: str, lines: list[str], link: tuple[str, str] | None, now: datetime
) -> EmailMessage:
    title, target = link or ("", "")
    letter = EmailMessage()
    letter["From"] = SENDER
    letter["To"] = appointment.email
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = make_msgid(domain="practice-city.invalid")
    letter.set_content("\n".join([*lines, "", f"{title}: {target}" if link else ""]).strip() + "\n")
    anchor = f'<p><a href="{escape(target)}" target="_blank">{escape(title)}</a></p>' if link else ""
    letter.add_alternative("".join(f"<p>{escape(line)}</p>" for line in lines) + anchor, subtype="html")
    return letter


def _when(appointment: Appointment) -> str:
    start = datetime.fromtimestamp(appointment.start, BERLIN)
    return f"{_WEEKDAYS[start.weekday()]}, {start:%d.%m.%Y} um {start:%H:%M} Uhr"
