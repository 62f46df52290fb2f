"""What is free, as the API of August 2026 says it: a month's days and one day's times in one answer."""

from typing import Any

from pydantic import Field

from core.errors import PortalChanged
from core.slots import Slot
from portal.availability import Availability
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


def read_calendar(answer: Any) -> Availability:
    heard = parse(_Calendar, answer, endpoint=CALENDAR)
    _check(heard)
    told = heard.slots_start_date
    times = {day.day: _slots(day) for day in heard.available_days if day.offices or day.day == told}
    return Availability(
        days={day.day: day.providers for day in heard.available_days},
        times=times,
        month_of=told,
        later=heard.next_bookable_date,
        earlier=heard.prev_bookable_date,
    )


def _check(heard: _Calendar) -> None:
    if not heard.available_days and heard.next_bookable_date:  # from an empty month the City itself moves on, not back
        raise PortalChanged("The City names a later bookable day and lists none.", expected="availableDays")
    if heard.slots_end_date < heard.slots_start_date:
        raise PortalChanged("The City's answer ends before it begins.", expected="slotsEndDate")
    if len({day.day for day in heard.available_days}) < len(heard.available_days):
        raise PortalChanged("The City lists a day twice.", expected="availableDays")


def _slots(day: _BookableDay) -> frozenset[Slot]:
    slots = frozenset(
        Slot.from_unix(second, office_id=office.office_id) for office in day.offices for second in office.appointments
    )
    if not {slot.office_id for slot in slots} <= day.providers:
        raise PortalChanged("The City gives times at an office that has none that day.", expected="providerIDs")
    if any(slot.day != day.day for slot in slots):
        raise PortalChanged("The City gives times of another day.", expected="appointments")
    return slots
