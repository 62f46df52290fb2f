"""A practice city for tests: really served on a free port, and a visitor who talks to its API.

`city` runs once per generation; `open_city` starts as many as a test wants, with any settings. The city's clock
starts on Monday, 23 November 2026, 20:00 in Munich, unless told otherwise.
"""

import base64
import json
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import altcha
import httpx
import pytest
from altcha import v1

from rehearsal.serving import RunningCity, serving
from rehearsal.settings import CitySettings, Dialect

EVENING = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
API = "/buergeransicht/api/citizen"

WOHNSITZ, AUSWEIS = 1063475, 1063441
ORLEANSPLATZ, PASING = 102522, 54261
ABMELDUNG, KFZ = 1064305, 102101
GEWERBE, GEWERBEAMT = 1063423, 10546
KIRCHENAUSTRITT, STANDESAMT = 1063731, 10295168

PATIENCE = 10.0
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # spares each client the loading of certificates


class Visitor:
    """Talks to one city as a page does, and to its control routes as a test does."""

    def __init__(self, running: RunningCity, client: httpx.AsyncClient) -> None:
        self.running = running
        self.url = running.url
        self.dialect = running.city.settings.dialect
        self._client = client
        self.token: str | None = None

    async def get(self, endpoint: str, *, headers: dict[str, str] | None = None, **query: object) -> httpx.Response:
        given = {name: str(value) for name, value in query.items() if value is not None}
        return await self._client.get(f"{API}/{endpoint}/", params=given, headers=headers)

    async def post(self, endpoint: str, *, headers: dict[str, str] | None = None, **body: object) -> httpx.Response:
        given = {name: value for name, value in body.items() if value is not None}
        return await self._client.post(f"{API}/{endpoint}/", json=given, headers=headers)

    async def raw(self, method: str, path: str, **how: Any) -> httpx.Response:
        return await self._client.request(method, path, **how)

    async def look(self, path: str, **query: str) -> Any:
        answer = await self._client.get(f"/rehearsal/{path}", params=query)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    async def order(self, path: str, **body: object) -> Any:
        answer = await self._client.post(f"/rehearsal/{path}", json=body)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    async def pass_time(self, *, minutes: float) -> None:
        await self.order("clock", advance=minutes * 60)

    async def solve_captcha(self) -> str:
        challenge = (await self.get("captcha-challenge")).json()
        verified = (await self.post("captcha-verify", payload=solution(challenge, self.dialect))).json()
        assert verified["meta"] == {"success": True}
        self.token = str(verified["token"])
        return self.token

    async def free_start(self, office: int) -> int:
        free = await self.look("slots", office=str(office))
        return int(free[0]["start"])

    async def reserve(
        self, office: int, *services: int, start: int | None = None, counts: list[int] | None = None
    ) -> httpx.Response:
        """The office's next free start unless one is named; with the captcha token last solved."""
        return await self.post(
            "reserve-appointment",
            timestamp=await self.free_start(office) if start is None else start,
            officeId=office,
            serviceId=[str(service) for service in services],
            serviceCount=counts or [1 for _ in services],
            captchaToken=self.token,
        )

    async def hold(self, office: int = KFZ, service: int = ABMELDUNG, *, start: int | None = None) -> dict[str, Any]:
        answer = await self.reserve(office, service, start=start)
        assert answer.status_code == httpx.codes.OK, answer.text
        return dict(answer.json())

    async def step(self, endpoint: str, held: dict[str, Any], **more: Any) -> httpx.Response:
        return await self.post(endpoint, processId=held["processId"], authKey=held["authKey"], **more)

    async def fill_in(self, held: dict[str, Any], *, email: str = "erika@example.org") -> httpx.Response:
        return await self.step("update-appointment", held, familyName="Erika Muster", email=email)

    async def preconfirmed(self, *, email: str = "erika@example.org") -> dict[str, Any]:
        held = await self.hold()
        assert (await self.fill_in(held, email=email)).status_code == httpx.codes.OK
        assert (await self.step("preconfirm-appointment", held)).status_code == httpx.codes.OK
        return held

    async def confirmed(self, *, email: str = "erika@example.org") -> dict[str, Any]:
        held = await self.preconfirmed(email=email)
        assert (await self.step("confirm-appointment", held)).status_code == httpx.codes.OK
        return held

    async def mails(self, *, to: str, count: int) -> list[dict[str, Any]]:
        """Waits until so many mails have come."""
        found: list[dict[str, Any]] = await self.look("inbox", to=to, count=str(count), wait=str(PATIENCE - 1))
        assert len(found) >= count
        return found


def solution(challenge: dict[str, Any], dialect: Dialect) -> str:
    """What the generation's widget would send for a challenge, as base64 of JSON."""
    if dialect is Dialect.FEB:
        return _encoded(_feb_solution(challenge))
    solved = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    assert solved is not None
    return _encoded({"challenge": challenge, "solution": solved.to_dict()})


def codes(answer: httpx.Response) -> list[str]:
    return [entry["errorCode"] for entry in answer.json()["errors"]]


OpenCity = Callable[..., Awaitable[Visitor]]


class Cities:
    """Keeps cities running between tests; whoever takes one resets it, for its clock has gone on."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._free: defaultdict[CitySettings, list[RunningCity]] = defaultdict(list)

    async def take(self, settings: CitySettings) -> RunningCity:
        if self._free[settings]:
            return self._free[settings].pop()
        return await self._stack.enter_async_context(serving(settings))

    def give_back(self, running: RunningCity) -> None:
        self._free[running.city.settings].append(running)


@pytest.fixture(scope="session")
async def cities() -> AsyncIterator[Cities]:
    async with AsyncExitStack() as stack:
        yield Cities(stack)


@pytest.fixture
async def open_city(cities: Cities) -> AsyncIterator[OpenCity]:
    """Call it with settings of `CitySettings`; every city it gave is taken back after the test."""
    async with AsyncExitStack() as stack:

        async def open_one(dialect: Dialect = Dialect.AUG, **settings: Any) -> Visitor:
            chosen = {"start": EVENING, "mail_delay": 0.0, "captcha_cost": 2, **settings}
            running = await cities.take(CitySettings(dialect=dialect, **chosen))
            client = httpx.AsyncClient(base_url=running.url, timeout=PATIENCE, verify=_NO_TLS, trust_env=False)
            visitor = Visitor(running, await stack.enter_async_context(client))
            stack.callback(cities.give_back, running)
            await visitor.order("reset")
            return visitor

        yield open_one


@pytest.fixture(params=list(Dialect), ids=str)
async def city(request: pytest.FixtureRequest, open_city: OpenCity) -> Visitor:
    return await open_city(request.param, rate_limit=10_000)


def _feb_solution(challenge: dict[str, Any]) -> dict[str, Any]:
    solved = v1.solve_challenge(
        challenge["challenge"],
        salt=challenge["salt"],
        algorithm=challenge["algorithm"],
        max_number=challenge["maxnumber"],
    )
    assert solved is not None
    kept = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return {**kept, "number": solved.number, "took": round(solved.took * 1000)}


def _encoded(value: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()
