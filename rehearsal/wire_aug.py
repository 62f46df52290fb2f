"""August 2026: one availability endpoint, trailing slashes only, strict counts and keys."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from rehearsal.availability import Availability, NoOverlap, Painted, Question
from rehearsal.city import City
from rehearsal.errors import CityError
from rehearsal.reading import counts_ok, csv, read_day, wanted
from rehearsal.wire import add_routes, answer, client_of, note_offered, offices_asked, shared_handlers

CALENDAR = "available-calendar"
_LONGEST_RANGE = timedelta(days=365)


def aug_routes(city: City) -> APIRouter:
    router = APIRouter()
    calendar = {("GET", CALENDAR): Calendar(city).available}
    add_routes(router, {**shared_handlers(city), **calendar}, slashless=False)
    return router


class Calendar:
    def __init__(self, city: City) -> None:
        self._city = city

    async def available(self, request: Request) -> JSONResponse:
        query = request.query_params
        offices, services = offices_asked(query.get("officeIds")), offices_asked(query.get("serviceIds"))
        codes = self._faults(query, offices=offices, services=services)
        token = query.get("captchaToken")
        codes += self._city.captcha_codes(offices or [], token, client=client_of(request))
        if codes or offices is None or services is None:
            raise CityError(*codes)
        if not all(self._city.catalog.offers(o, s) for o in offices for s in services):
            raise CityError("invalidLocationAndServiceCombination")
        question = Question(tuple(offices), wanted(services, csv(query.get("serviceCounts"))))
        first, last = _day(query, "startDate"), _day(query, "endDate")
        painted = self._painted(question, query)
        note_offered(request, painted.times)
        return answer(self._city, _calendar_json(painted, first=first, last=last))

    def _painted(self, question: Question, query: Mapping[str, str]) -> Painted:
        supply = Availability(self._city.catalog, self._city.slots, now=self._city.now())
        try:
            return supply.painted(
                question,
                first=_day(query, "startDate"),
                last=_day(query, "endDate"),
                slots_first=read_day(query.get("slotsStartDate")),
                slots_last=read_day(query.get("slotsEndDate")),
            )
        except NoOverlap:
            raise CityError("slotsOutsideRange") from None

    def _faults(self, query: Mapping[str, str], *, offices: list[int] | None, services: list[int] | None) -> list[str]:
        first, last = read_day(query.get("startDate")), read_day(query.get("endDate"))
        codes = [
            *([] if offices else ["invalidOfficeId"]),
            *([] if services else ["invalidServiceId"]),
            *([] if first else ["invalidStartDate"]),
            *([] if last else ["invalidEndDate"]),
        ]
        if first and last:
            codes += ["startDateAfterEndDate"] if first > last else []
            codes += ["dateRangeTooLarge"] if abs(last - first) > _LONGEST_RANGE else []
        codes += _slots_faults(query)
        counts = csv(query.get("serviceCounts") or None)
        return codes + ([] if counts_ok(counts, self._city.settings.dialect) else ["invalidServiceCount"])


def _slots_faults(query: Mapping[str, str]) -> list[str]:
    first, last = query.get("slotsStartDate") or None, query.get("slotsEndDate") or None
    codes = []
    if first and not read_day(first):
        codes.append("invalidSlotsStartDate")
    if last and not read_day(last):
        codes.append("invalidSlotsEndDate")
    if not codes and first and last and first > last:
        codes.append("slotsStartDateAfterEndDate")
    return codes


def _calendar_json(painted: Painted, *, first: date, last: date) -> dict[str, Any]:
    """Office ids are strings in here, and only the one day with times lists them."""
    return {
        "startDate": first.isoformat(),
        "endDate": last.isoformat(),
        "slotsStartDate": painted.slots_start.isoformat(),
        "slotsEndDate": painted.slots_end.isoformat(),
        "prevBookableDate": painted.previous.isoformat() if painted.previous else None,
        "nextBookableDate": painted.next.isoformat() if painted.next else None,
        "availableDays": [_day_json(day, offices, painted) for day, offices in painted.days],
    }


def _day_json(day: date, offices: tuple[int, ...], painted: Painted) -> dict[str, Any]:
    times = painted.times if day == painted.slots_start else {}
    return {
        "date": day.isoformat(),
        "providerIDs": ",".join(sorted(map(str, offices))),
        "offices": [{"officeId": str(office), "appointments": starts} for office, starts in times.items()],
    }


def _day(query: Mapping[str, str], name: str) -> date:
    day = read_day(query.get(name))
    if day is None:
        raise CityError("invalidDate")
    return day
