"""What is free, as the API of February 2026 says it: the days in one answer, each day's times in another."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import Field

from core.errors import PortalChanged
from core.slots import Slot
from portal.availability import Asked, Availability
from portal.fields import Answer, Day, Id, IdList, Seconds, parse

DAYS = "available-days-by-office"
TIMES = "available-appointments-by-office"
OFFICES = "officeId"


class _BookableDay(Answer):
    time: Day
    providers: IdList = Field(alias="providerIDs")


class _Days(Answer):
    # With nothing free the City answers 404 and a code, never an empty list.
    available_days: Annotated[list[_BookableDay], Field(min_length=1)]


class _OfficeTimes(Answer):
    office_id: Id
    appointments: list[Seconds]


class _Times(Answer):
    offices: list[_OfficeTimes]


def as_times_request(url: str) -> str:
    """The page's request for a day's times, made of its request for the days; the day is still to be put in."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("startDate", "endDate")]
    return urlunsplit(parts._replace(path=parts.path.replace(DAYS, TIMES), query=urlencode([("date", ""), *kept])))


def read_days(answer: Any, *, asked: Asked) -> Availability:
    heard = parse(_Days, answer, endpoint=DAYS)
    days = {day.time: day.providers for day in heard.available_days}
    if len(days) < len(heard.available_days):
        raise PortalChanged("The City lists a day twice.", expected="availableDays")
    asked.check_inside(days)
    return Availability(days=days)


def read_times(answer: Any, *, day: date) -> Availability:
    """`day` is the day that was asked: the answer does not repeat it.

    An office may come without times, when its last ones were taken or are over, and one with several calendars may
    name a time twice.
    """
    heard = parse(_Times, answer, endpoint=TIMES)
    if len({office.office_id for office in heard.offices}) < len(heard.offices):
        raise PortalChanged("The City lists an office twice.", expected="offices")
    slots = frozenset(
        Slot.from_unix(second, office_id=office.office_id) for office in heard.offices for second in office.appointments
    )
    if any(slot.day != day for slot in slots):
        raise PortalChanged("The City gives times of a day nobody asked for.", expected="appointments")
    return Availability(times={day: slots})
