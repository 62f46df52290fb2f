"""The files a person gets with an appointment. Their names hold the booking's number and nothing of the person."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from core import city_pages
from core.bookings import Appointment
from core.catalog import Office

ALARMS = (timedelta(days=1), timedelta(hours=2))
WORDS = {
    "de": ("Termin", "Terminnummer: {number}", "Was Sie mitbringen: {page}"),
    "en": ("Appointment", "Its number: {number}", "What to bring: {page}"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar entry says besides what the City says of the appointment itself."""

    office: Office | None
    service_ids: Sequence[int]
    lasts: timedelta
    language: str = "de"


def folder(root: Path, booking_id: int) -> Path:
    path = root / f"booking-{booking_id}"
    path.mkdir(parents=True, exist_ok=True)
    return path


async def drop(path: str) -> None:
    """Delete the file, if there is one."""
    if path:
        await asyncio.to_thread(Path(path).unlink, missing_ok=True)


def write_calendar(path: Path, appointment: Appointment, entry: Entry, *, now: datetime) -> Path:
    """A calendar entry with place and two alarms, in UTC so that every calendar program agrees on the hour.

    Without the City's link to the appointment: whoever sees the calendar could cancel it.
    """
    title, number, _ = WORDS[entry.language]
    event = Event()
    event.add("uid", f"mta-{appointment.display_number or appointment.key.process_id}@munich-termin-automator")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", (appointment.starts_at + entry.lasts).astimezone(UTC))
    event.add("summary", f"{appointment.service_name}: {appointment.office_name}".strip(": ") or title)
    event.add("description", _description(appointment, entry))
    event.add("status", "CONFIRMED")
    _place(event, entry.office)
    if entry.service_ids:
        event.add("url", city_pages.service_page(entry.service_ids[0]))
    for before in ALARMS:
        event.add_component(_alarm(before, f"{title} {number.format(number=appointment.display_number)}".strip()))
    calendar = Calendar()
    calendar.add("prodid", "-//Munich Termin Automator//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    path.write_bytes(calendar.to_ical())
    return path


def _description(appointment: Appointment, entry: Entry) -> str:
    _, number, bring = WORDS[entry.language]
    pages = [bring.format(page=city_pages.service_page(one)) for one in entry.service_ids]
    return "\n".join([number.format(number=appointment.display_number), *pages])


def _place(event: Event, office: Office | None) -> None:
    if office is None:
        return
    event.add("location", ", ".join(part for part in (office.name, office.address) if part))
    if office.latitude is not None and office.longitude is not None:
        event.add("geo", (office.latitude, office.longitude))


def _alarm(before: timedelta, title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm
