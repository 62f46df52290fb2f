"""What both generations share on the wire: answering, errors, and the booking endpoints."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from email.utils import format_datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from rehearsal.appointments import Appointment
from rehearsal.captcha import upstream_failure
from rehearsal.city import City
from rehearsal.errors import CityError, error_answer
from rehearsal.reading import counts_ok, csv, key_pair, numeric, read_body, read_contact, wanted, whole
from rehearsal.shapes import appointment_json, offices_and_services

API = "/buergeransicht/api/citizen"

Handler = Callable[[Request], Awaitable[JSONResponse]]


def client_of(request: Request) -> str:
    client: str = request.scope["state"]["client"]
    return client


def note_offered(request: Request, times: Mapping[int, Sequence[int]]) -> None:
    """For the journal."""
    request.scope["state"]["offered"] = sum(map(len, times.values()))


def answer(city: City, content: Mapping[str, Any], *, status: int = 200) -> JSONResponse:
    fresh = {
        "Cache-Control": "max-age=0",
        "Last-Modified": format_datetime(city.clock.now(), usegmt=True),
    }
    return JSONResponse(content, status, fresh, media_type="application/json; charset=utf-8")


def refusal(city: City, *codes: str) -> JSONResponse:
    status, content = error_answer(codes, city.settings.dialect)
    return answer(city, content, status=status)


def add_routes(router: APIRouter, handlers: Mapping[tuple[str, str], Handler], *, slashless: bool) -> None:
    """`handlers` by method and endpoint name."""
    for (method, endpoint), handler in handlers.items():
        router.add_api_route(f"{API}/{endpoint}/", handler, methods=[method], name=endpoint)
        if slashless:
            router.add_api_route(f"{API}/{endpoint}", handler, methods=[method], name=endpoint)


def shared_handlers(city: City) -> dict[tuple[str, str], Handler]:
    endpoints = SharedEndpoints(city)
    return {
        ("GET", "offices-and-services"): endpoints.offices_and_services,
        ("GET", "captcha-details"): endpoints.captcha_details,
        ("GET", "captcha-challenge"): endpoints.captcha_challenge,
        ("POST", "captcha-verify"): endpoints.captcha_verify,
        ("POST", "reserve-appointment"): endpoints.reserve,
        ("POST", "update-appointment"): endpoints.update,
        ("POST", "preconfirm-appointment"): endpoints.preconfirm,
        ("POST", "confirm-appointment"): endpoints.confirm,
        ("POST", "cancel-appointment"): endpoints.cancel,
        ("GET", "appointment"): endpoints.appointment,
        ("GET", "my-appointments"): endpoints.my_appointments,
    }


class SharedEndpoints:
    def __init__(self, city: City) -> None:
        self._city = city
        self._dialect = city.settings.dialect

    async def offices_and_services(self, _: Request) -> JSONResponse:
        return answer(self._city, offices_and_services(self._city.catalog, self._dialect))

    async def captcha_details(self, _: Request) -> JSONResponse:
        enabled = not self._city.moods.take("captcha-disabled", "captcha-details")
        return answer(self._city, self._city.captcha.details(api=self._city.site + API, enabled=enabled))

    async def captcha_challenge(self, _: Request) -> JSONResponse:
        if self._city.moods.take("captcha-down", "captcha-challenge"):
            return answer(self._city, upstream_failure("The captcha server does not answer"))
        return answer(self._city, self._city.captcha.challenge())

    async def captcha_verify(self, request: Request) -> JSONResponse:
        body = await read_body(request)
        if self._city.moods.take("captcha-down", "captcha-verify"):
            return answer(self._city, upstream_failure("The captcha server does not answer"))
        captcha, now = self._city.captcha, self._city.now()
        return answer(self._city, captcha.verify(body.get("payload"), client=client_of(request), now=now))

    async def reserve(self, request: Request) -> JSONResponse:
        body = await read_body(request)
        office, timestamp = whole(body.get("officeId")), whole(body.get("timestamp"))
        ids, counts = body.get("serviceId"), body.get("serviceCount", [1])
        codes = self._reserve_faults(office=office, ids=ids, counts=counts, timestamp=timestamp)
        offices = [office] if office else []
        codes += self._city.captcha_codes(offices, body.get("captchaToken"), client=client_of(request))
        if codes or office is None or timestamp is None or ids is None:
            raise CityError(*codes)
        services = wanted(ids, counts)
        if not all(self._city.catalog.offers(office, service) for service, _ in services):
            raise CityError("invalidLocationAndServiceCombination")
        if len(ids) != len(counts):
            raise CityError("mismatchedArrays")
        return self._answer(self._city.reserve(office, services=services, start=timestamp))

    async def update(self, request: Request) -> JSONResponse:
        body = await read_body(request)
        number, key = key_pair(body, self._dialect)
        scope = self._city.appointments.scope_of(self._city.find(number, key))
        contact = read_contact(body, scope=scope, dialect=self._dialect)
        return self._answer(self._city.update(number, key, contact=contact))

    async def preconfirm(self, request: Request) -> JSONResponse:
        number, key = key_pair(await read_body(request), self._dialect)
        return self._answer(self._city.preconfirm(number, key))

    async def confirm(self, request: Request) -> JSONResponse:
        number, key = key_pair(await read_body(request), self._dialect)
        appointment = self._city.confirm(number, key)
        return self._answer(appointment, token=self._fresh_token(request))

    async def cancel(self, request: Request) -> JSONResponse:
        number, key = key_pair(await read_body(request), self._dialect)
        return self._answer(self._city.cancel(number, key))

    async def appointment(self, request: Request) -> JSONResponse:
        number, key = key_pair(request.query_params, self._dialect)
        return self._answer(self._city.find(number, key), token=self._fresh_token(request))

    async def my_appointments(self, _request: Request) -> JSONResponse:
        """Logged-in visitors only, and nobody can log in here."""
        content = error_answer(["unauthorized"], self._dialect)[1]
        return answer(self._city, content, status=401)

    def _reserve_faults(self, *, office: int | None, ids: object, counts: object, timestamp: int | None) -> list[str]:
        codes = []
        if not office or office < 0:
            codes.append("invalidOfficeId")
        if not isinstance(ids, list) or not ids or not all(numeric(service) for service in ids):
            codes.append("invalidServiceId")
        if not timestamp or timestamp <= self._city.now().timestamp():
            codes.append("invalidTimestamp")
        if not isinstance(counts, list) or not counts_ok(counts, self._dialect):
            codes.append("invalidServiceCount")
        return codes

    def _answer(self, appointment: Appointment, *, token: str | None = None) -> JSONResponse:
        content = appointment_json(
            appointment, catalog=self._city.catalog, now=self._city.clock.now(), captcha_token=token
        )
        return answer(self._city, content)

    def _fresh_token(self, request: Request) -> str:
        return self._city.captcha.token(client_of(request), now=self._city.now())


def offices_asked(text: str | None) -> list[int] | None:
    """None when one of them is not a number, which the City refuses."""
    parts = csv(text)
    return [whole(part) or 0 for part in parts] if parts and all(numeric(part) for part in parts) else None
