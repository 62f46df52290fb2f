"""What is free, as the API of August 2026 says it: a month's days and one day's times in one answer."""

from collections.abc import Container
from datetime import date
from typing import Any

from pydantic import Field

from core.errors import PortalChanged
from core.slots import Slot
from portal.availability import Asked, Availability
from portal.fields import Answer, Day, Id, IdList, Seconds, parse

CALENDAR = "available-calendar"
OFFICES = "officeIds"
DAY = "slotsStartDate"


class _OfficeTimes(Answer):
    office_id: Id
    appointments: list[Seconds]


class _BookableDay(Answer):
    day: Day = Field(alias="date")
    providers: IdList = Field(alias="providerIDs")
    offices: list[_OfficeTimes]


class _Calendar(Answer):
    start_date: Day
    end_date: Day
    slots_start_date: Day
    slots_end_date: Day
    prev_bookable_date: Day | None
    next_bookable_date: Day | None
    available_days: list[_BookableDay]


def read_calendar(answer: Any, *, asked: Asked) -> Availability:
    """The City moves on from a day without times, to the month's first bookable one or to that of a later month."""
    heard = parse(_Calendar, answer, endpoint=CALENDAR)
    _check_form(heard)
    _check_covers(heard, asked)
    told = heard.slots_start_date
    times = {day.day: _slots(day, told=told) for day in heard.available_days if day.offices or day.day == told}
    return Availability(
        days={day.day: day.providers for day in heard.available_days},
        times=times,
        month_of=told,
        later=heard.next_bookable_date,
        earlier=heard.prev_bookable_date,
    )


def _check_form(heard: _Calendar) -> None:
    if heard.slots_end_date < heard.slots_start_date:
        raise PortalChanged("The City's answer ends before it begins.", expected="slotsEndDate")
    if len({day.day for day in heard.available_days}) < len(heard.available_days):
        raise PortalChanged("The City lists a day twice.", expected="availableDays")
    for day in heard.available_days:
        if len({office.office_id for office in day.offices}) < len(day.offices):
            raise PortalChanged("The City lists an office twice.", expected="offices")


def _check_covers(heard: _Calendar, asked: Asked) -> None:
    """A list that is about less than was asked would hide days, and be taken for "nothing there"."""
    if heard.start_date > asked.first:
        raise PortalChanged("The City answers for fewer days than were asked.", expected="startDate")
    if heard.end_date < asked.last:
        raise PortalChanged("The City answers for fewer days than were asked.", expected="endDate")
    days = {day.day for day in heard.available_days}
    named = filter(None, (heard.prev_bookable_date, heard.next_bookable_date))
    asked.check_inside({*days, *named})
    if asked.day is not None and _passes_over(heard, asked.day, days):
        raise PortalChanged("The City gives the times of another day than was asked.", expected="slotsStartDate")


def _passes_over(heard: _Calendar, day: date, listed: Container[date]) -> bool:
    """Whether the times are of another day without need: because the asked one has none, or its whole month."""
    told = heard.slots_start_date
    if told == day:
        return False
    return day in listed or (told.year, told.month) < (day.year, day.month)


def _slots(day: _BookableDay, *, told: date) -> frozenset[Slot]:
    """No times at all (`offices: []`) are said of days that were not asked; the asked one is listed for its times."""
    slots = frozenset(
        Slot.from_unix(second, office_id=office.office_id) for office in day.offices for second in office.appointments
    )
    offices = {slot.office_id for slot in slots}
    if not offices <= day.providers:
        raise PortalChanged("The City gives times at an office that has none that day.", expected="providerIDs")
    if day.day == told and offices != day.providers:
        raise PortalChanged(
            "The City lists an office for the day that was asked, and none of its times.", expected="offices"
        )
    if any(slot.day != day.day for slot in slots):
        raise PortalChanged("The City gives times of another day.", expected="appointments")
    return slots
