"""The files a person gets with an appointment. Their names hold the booking's number and nothing of the person."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from core.bookings import Appointment
from core.catalog import Office

ALARMS = (timedelta(days=1), timedelta(hours=2))


def folder(root: Path, booking_id: int) -> Path:
    path = root / f"booking-{booking_id}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_calendar(
    path: Path, appointment: Appointment, *, office: Office | None, lasts: timedelta, now: datetime
) -> Path:
    """A calendar entry with place and two alarms, in UTC so that every calendar program agrees on the hour."""
    event = Event()
    event.add("uid", f"mta-{appointment.display_number or appointment.key.process_id}@munich-termin-automator")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", (appointment.starts_at + lasts).astimezone(UTC))
    event.add("summary", f"{appointment.service_name}: {appointment.office_name}".strip(": "))
    event.add("description", f"Terminnummer {appointment.display_number}")
    if office is not None and office.address:
        event.add("location", f"{office.name}, {office.address}")
    for before in ALARMS:
        event.add_component(_alarm(before))
    calendar = Calendar()
    calendar.add("prodid", "-//Munich Termin Automator//DE")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    path.write_bytes(calendar.to_ical())
    return path


def _alarm(before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Termin")
    alarm.add("trigger", -before)
    return alarm
