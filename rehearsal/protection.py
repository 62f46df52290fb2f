"""The layers before the API, in the City's order: address filter, size, rate limit, security headers, maintenance.

So 403, 413 and 429 carry no security headers, and an answer "maintenance" still costs request budget. The moods
that stand for what lies before or behind the City (a gateway, a slow line, a lost answer) act here as well.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rehearsal.city import City
from rehearsal.client_address import client_address, listed
from rehearsal.errors import error_answer
from rehearsal.journal import Entry
from rehearsal.wire import API

SECURITY_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-XSS-Protection": "1; mode=block",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'self'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_PORTAL = "<html><head><title>Stadtportal</title></head><body><h1>Willkommen</h1></body></html>"

Serve = Callable[[Scope, Receive, Send], Awaitable[None]]


class Protection:
    """ASGI layer around the whole app; only the API's paths are touched."""

    def __init__(self, app: ASGIApp, *, city: City) -> None:
        self._app = app
        self._city = city

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        began, noted = time.monotonic(), _Status()
        endpoint = scope["path"].removeprefix(API).strip("/")
        scope["state"]["client"] = _client(scope)
        try:
            await self._before_gateway(endpoint, scope, receive, noted.watching(send))
        finally:
            self._note(scope, endpoint=endpoint, status=noted.status, seconds=time.monotonic() - began)

    async def _before_gateway(self, endpoint: str, scope: Scope, receive: Receive, send: Send) -> None:
        self._city.now()
        moods = self._city.moods
        if slow := moods.take("slow", endpoint):
            await asyncio.sleep(slow.value)
        if moods.take("bad-gateway", endpoint):
            await HTMLResponse(_BAD_GATEWAY, 502)(scope, receive, send)
        elif moods.take("html", endpoint):
            await HTMLResponse(_PORTAL)(scope, receive, send)
        elif moods.take("network-drop", endpoint):
            await self._filtered(endpoint, scope, receive, _swallow)
            await _hang_up(scope, receive)
        else:
            await self._filtered(endpoint, scope, receive, send)

    async def _filtered(self, endpoint: str, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope["state"]["client"]
        if listed(client, self._city.blacklist) or self._city.moods.take("blacklisted", endpoint):
            await self._refuse("ipBlacklisted")(scope, receive, send)
        elif _length(scope) > self._city.settings.max_request_size:
            await self._refuse("requestEntityTooLarge")(scope, receive, send)
        else:
            await self._limited(endpoint, scope, receive, send)

    async def _limited(self, endpoint: str, scope: Scope, receive: Receive, send: Send) -> None:
        client, now = scope["state"]["client"], self._city.now()
        throttled = self._city.moods.take("throttled", endpoint)
        if throttled or not self._city.limiter.accept(client, now=now):
            await self._refuse("rateLimitExceeded")(scope, receive, send)
            return
        budget = self._city.limiter.headers(client, now=now)
        outward = _adding({**SECURITY_HEADERS, **budget}, send)
        if self._city.moods.take("maintenance", endpoint):
            await self._refuse("serviceUnavailable", charset=True)(scope, receive, outward)
        elif self._city.moods.take("crash", endpoint):
            await crash_answer()(scope, receive, outward)
        else:
            await self._app(scope, receive, outward)

    def _refuse(self, code: str, *, charset: bool = False) -> Response:
        status, content = error_answer([code], self._city.settings.dialect)
        kind = "application/json; charset=utf-8" if charset else "application/json"
        return JSONResponse(content, status, media_type=kind)

    def _note(self, scope: Scope, *, endpoint: str, status: int | None, seconds: float) -> None:
        query = scope["query_string"].decode("latin-1")
        self._city.journal.note(
            Entry(
                at=self._city.clock.now(),
                method=scope["method"],
                endpoint=endpoint,
                path=scope["path"],
                query_keys=tuple(pair.partition("=")[0] for pair in query.split("&") if pair),
                status=status,
                client=scope["state"]["client"],
                seconds=round(seconds, 4),
                offered=scope["state"].get("offered", 0),
            )
        )


class _Status:
    def __init__(self) -> None:
        self.status: int | None = None

    def watching(self, send: Send) -> Send:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
            await send(message)

        return watched


def crash_answer() -> JSONResponse:
    """How an unhandled error of the City's program looks: no error list."""
    return JSONResponse({"error": {"message": "An internal error has occurred.", "code": 0}}, 500)


def _adding(extra: dict[str, str], send: Send) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(extra)
        await send(message)

    return adding


async def _swallow(_: Message) -> None:
    """The answer is made, and nobody gets it."""


LINE = 0.025  # seconds until a broken line shows, as over a distance


async def _hang_up(scope: Scope, receive: Receive) -> None:
    """Closes the connection under the client; the server puts its transport into the request's state."""
    await asyncio.sleep(LINE)
    scope["state"]["transport"].abort()
    while (await receive())["type"] != "http.disconnect":
        pass


def _client(scope: Scope) -> str:
    peer = scope["client"][0] if scope["client"] else "127.0.0.1"
    return client_address(Headers(scope=scope), peer=peer)


def _length(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdigit() else 0
