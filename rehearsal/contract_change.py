"""The mood `renamed-field`: the City released a version whose answers name one field otherwise."""

import json
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rehearsal.city import City
from rehearsal.wire import API

_AVAILABILITY = {
    "available-calendar": ("availableDays", "openDays"),
    "available-days-by-office": ("availableDays", "openDays"),
    "available-appointments-by-office": ("offices", "places"),
}
_OTHERS = {"offices-and-services": ("services", "serviceList"), "captcha-challenge": ("signature", "seal")}
_PROCESS = ("processId", "appointmentId")


class ContractChange:
    """Without a place, only the availability answers change."""

    def __init__(self, app: ASGIApp, *, city: City) -> None:
        self._app = app
        self._city = city

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = scope.get("path", "").removeprefix(API).strip("/")
        mood = self._city.moods.find("renamed-field", endpoint) if scope["type"] == "http" else None
        if mood is None or (mood.place is None and endpoint not in _AVAILABILITY):
            await self._app(scope, receive, send)
            return
        self._city.moods.take("renamed-field", endpoint)
        await self._app(scope, receive, _Renaming(send, names=_names(endpoint)))


class _Renaming:
    def __init__(self, send: Send, *, names: tuple[str, str]) -> None:
        self._send = send
        self._names = names
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body") or self._start is None:
            return
        body = json.dumps(_renamed(json.loads(self._body), self._names), ensure_ascii=False).encode()
        headers = [(name, value) for name, value in self._start["headers"] if name != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**self._start, "headers": [*headers, length]})
        await self._send({"type": "http.response.body", "body": body})


def _names(endpoint: str) -> tuple[str, str]:
    return {**_AVAILABILITY, **_OTHERS}.get(endpoint, _PROCESS)


def _renamed(content: dict[str, Any], names: tuple[str, str]) -> dict[str, Any]:
    old, new = names
    return {new if name == old else name: value for name, value in content.items()}
