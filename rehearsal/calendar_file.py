"""The calendar file the City hands out with an appointment."""

from datetime import date, datetime, timedelta
from functools import cache

from icalendar import Alarm, Calendar, Event, Timezone

from rehearsal.appointments import Appointment
from rehearsal.catalog import Catalog
from rehearsal.clock import BERLIN


def calendar_file(appointment: Appointment, *, catalog: Catalog, now: datetime) -> str:
    office = catalog.offices[appointment.office_id]
    street, number, postcode = office.address
    start = datetime.fromtimestamp(appointment.start, BERLIN)
    title = f"München-Termin: {appointment.display_number}"
    event = Event()
    event.add("uid", f"{start:%Y%m%d}-{appointment.display_number}")
    event.add("summary", title)
    event.add("location", f"{office.name} {street} {number}, {postcode} München")
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=appointment.slot_count * office.grid))
    event.add("dtstamp", now)
    event.add("status", "CONFIRMED")
    event.add_component(_day_before(title))
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Practice City//DE")
    calendar.add_component(_berlin_rules())
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _day_before(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(days=-1))
    return alarm


@cache
def _berlin_rules() -> Timezone:
    """The same for every file, and slow to work out."""
    return Timezone.from_tzinfo(BERLIN, first_date=date(2026, 1, 1), last_date=date(2030, 1, 1))
