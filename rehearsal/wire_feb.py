"""February 2026: days and times apart, slashless routes too, and the list endpoints that went in July."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from rehearsal.availability import Availability, Question
from rehearsal.city import City
from rehearsal.errors import CityError
from rehearsal.reading import counts_ok, csv, read_day, wanted, whole
from rehearsal.settings import Dialect
from rehearsal.shapes import office_json, scope_json, service_json
from rehearsal.wire import Handler, add_routes, answer, client_of, note_offered, offices_asked, shared_handlers

DAYS = "available-days-by-office"
TIMES = "available-appointments-by-office"
_LONGEST_RANGE = timedelta(days=365)


def feb_routes(city: City) -> APIRouter:
    router = APIRouter()
    add_routes(router, {**shared_handlers(city), **_availability(city), **_lists(city)}, slashless=True)
    return router


def _availability(city: City) -> dict[tuple[str, str], Handler]:
    asked = FebAvailability(city)
    return {
        ("GET", DAYS): asked.days_by_office,
        ("GET", "available-days"): asked.days,
        ("GET", TIMES): asked.times_by_office,
        ("GET", "available-appointments"): asked.times,
    }


def _lists(city: City) -> dict[tuple[str, str], Handler]:
    lists = FebLists(city)
    return {
        ("GET", "services"): lists.services,
        ("GET", "offices"): lists.offices,
        ("GET", "scopes"): lists.scopes,
        ("GET", "scope-by-id"): lists.scope_by_id,
        ("GET", "services-by-office"): lists.services_by_office,
        ("GET", "offices-by-service"): lists.offices_by_service,
    }


class FebAvailability:
    def __init__(self, city: City) -> None:
        self._city = city

    async def days_by_office(self, request: Request) -> JSONResponse:
        """The pair of office and service is not checked here: what does not fit offers nothing."""
        found = self._days(request, self._question(request, self._range_faults(request.query_params)))
        days = [{"time": day.isoformat(), "providerIDs": ",".join(map(str, at))} for day, at in found]
        return answer(self._city, {"availableDays": days})

    async def days(self, request: Request) -> JSONResponse:
        question = self._question(request, self._range_faults(request.query_params))
        self._check_pairs(question)
        days = [day.isoformat() for day, _ in self._days(request, question)]
        return answer(self._city, {"availableDays": days})

    async def times_by_office(self, request: Request) -> JSONResponse:
        question = self._question(request, self._day_faults(request.query_params))
        found = self._times(request, question)
        note_offered(request, found)
        offices = [{"officeId": office, "appointments": starts} for office, starts in found.items()]
        return answer(self._city, {"offices": offices})

    async def times(self, request: Request) -> JSONResponse:
        question = self._question(request, self._day_faults(request.query_params))
        self._check_pairs(question)
        starts = sorted(s for office in self._times(request, question).values() for s in office)
        if not starts:
            raise CityError("appointmentNotAvailable")
        return answer(self._city, {"appointmentTimestamps": starts})

    def _days(self, request: Request, question: Question) -> list[tuple[Any, tuple[int, ...]]]:
        first, last = (read_day(request.query_params.get(name)) for name in ("startDate", "endDate"))
        if first is None or last is None:
            raise CityError("invalidStartDate")
        found = self._supply().days(question, first=first, last=last)
        if not found:
            raise CityError("noAppointmentForThisDay")
        return found

    def _times(self, request: Request, question: Question) -> dict[int, list[int]]:
        day = read_day(request.query_params.get("date"))
        return self._supply().times(question, day) if day else {}

    def _supply(self) -> Availability:
        return Availability(self._city.catalog, self._city.slots, now=self._city.now())

    def _question(self, request: Request, codes: list[str]) -> Question:
        """The first office of the list alone decides whether a captcha token is needed."""
        query = request.query_params
        offices, services = offices_asked(query.get("officeId")), offices_asked(query.get("serviceId"))
        counts = csv(query.get("serviceCount") or None)
        codes = [
            *codes,
            *([] if offices else ["invalidOfficeId"]),
            *([] if services else ["invalidServiceId"]),
            *([] if counts_ok(counts, Dialect.FEB) else ["invalidServiceCount"]),
        ]
        first, token = (offices or [])[:1], query.get("captchaToken")
        codes += self._city.captcha_codes(first, token, client=client_of(request))
        if codes or offices is None or services is None:
            raise CityError(*codes)
        known = [office for office in offices if office in self._city.catalog.offices]
        if not known:
            raise CityError("noAppointmentForThisScope")
        return Question(tuple(known), wanted(services, counts))

    def _check_pairs(self, question: Question) -> None:
        pairs = ((o, s) for o in question.offices for s, _ in question.services)
        if not all(self._city.catalog.offers(office, service) for office, service in pairs):
            raise CityError("invalidLocationAndServiceCombination")

    @staticmethod
    def _range_faults(query: Mapping[str, str]) -> list[str]:
        first, last = read_day(query.get("startDate")), read_day(query.get("endDate"))
        codes = [*([] if first else ["invalidStartDate"]), *([] if last else ["invalidEndDate"])]
        if first and last:
            codes += ["startDateAfterEndDate"] if first > last else []
            codes += ["dateRangeTooLarge"] if abs(last - first) > _LONGEST_RANGE else []
        return codes

    @staticmethod
    def _day_faults(query: Mapping[str, str]) -> list[str]:
        return [] if read_day(query.get("date")) else ["invalidDate"]


class FebLists:
    """The list endpoints; the page of that time used none of them."""

    def __init__(self, city: City) -> None:
        self._city = city

    async def services(self, _: Request) -> JSONResponse:
        return self._service_list(list(self._city.catalog.services))

    async def offices(self, _: Request) -> JSONResponse:
        return self._office_list(list(self._city.catalog.offices))

    async def scopes(self, _: Request) -> JSONResponse:
        scopes = [scope_json(office) for office in self._city.catalog.offices.values()]
        return answer(self._city, {"scopes": scopes})

    async def scope_by_id(self, request: Request) -> JSONResponse:
        number = _positive(request, "scopeId", fault="invalidScopeId")
        for office in self._city.catalog.offices.values():
            if office.scope.id == number:
                return answer(self._city, scope_json(office))
        raise CityError("scopesNotFound")

    async def services_by_office(self, request: Request) -> JSONResponse:
        office = _positive(request, "officeId", fault="invalidOfficeId")
        ids = [s for s in self._city.catalog.services if self._city.catalog.offers(office, s)]
        if not ids:
            raise CityError("requestNotFound")
        return self._service_list(ids)

    async def offices_by_service(self, request: Request) -> JSONResponse:
        service = _positive(request, "serviceId", fault="invalidServiceId")
        ids = [o for o in self._city.catalog.offices if self._city.catalog.offers(o, service)]
        if not ids:
            raise CityError("providerNotFound")
        return self._office_list(ids)

    def _service_list(self, ids: list[int]) -> JSONResponse:
        catalog = self._city.catalog
        services = [service_json(catalog.services[i], catalog=catalog, dialect=Dialect.FEB) for i in ids]
        return answer(self._city, {"services": services})

    def _office_list(self, ids: list[int]) -> JSONResponse:
        offices = [office_json(self._city.catalog.offices[i], Dialect.FEB) for i in ids]
        return answer(self._city, {"offices": offices})


def _positive(request: Request, name: str, *, fault: str) -> int:
    number = whole(request.query_params.get(name))
    if number is None or number < 1:
        raise CityError(fault)
    return number
