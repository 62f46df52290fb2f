"""A Bot API on 127.0.0.1, as the bot's library reaches it: long poll or webhook, forms with files, errors, outages."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from aiogram import types
from aiohttp import web

from tests.telegram import oracle
from tests.telegram.client import User
from tests.telegram.faults import Fault, Faults, broken
from tests.telegram.methods import NOT_MODIFIED, TABLE
from tests.telegram.oracle import Refusal
from tests.telegram.store import TOKEN, Call, Store

BIGGEST = 50 * 1024 * 1024
GRACE = 0.2  # seconds between two tries at a webhook


class Telegram:
    """`url` stays the same through outages. `behind` maps a webhook's public address to where it is served here."""

    def __init__(self) -> None:
        self.store = Store()
        self.faults = Faults()
        self.token = TOKEN
        self.behind: dict[str, str] = {}
        self.misses: list[str] = []  # requests that no bot should make
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._poller: asyncio.Event | None = None
        self._pushing: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def user(self, first_name: str, *, language_code: str = "de") -> User:
        return User(self.store, self.store.account(first_name, language_code))

    def group(self, title: str, *members: User) -> int:
        """A group's chat id; members talk there through `member.at(id)`."""
        return self.store.group(title, *(one.id for one in members)).id

    def migrate(self, chat_id: int) -> int:
        return self.store.migrate(chat_id).id

    def calls(self, *methods: str, chat: int | None = None) -> list[Call]:
        """What the bot asked and got, in order; refused calls are not among them."""
        return [
            one
            for one in self.store.calls
            if not one.refused and (not methods or one.method in methods) and chat in (None, one.chat_id)
        ]

    def refused(self, *methods: str) -> list[Call]:
        return [one for one in self.store.calls if one.refused and (not methods or one.method in methods)]

    def plan(self, method: str, refusal: Refusal, *, chat: int | None = None, times: int = 1) -> Fault:
        """The next calls of `method` ("*" is any but getUpdates) end so."""
        fault = Fault(method, refusal, chat, times)
        self.faults.planned.append(fault)
        return fault

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Nobody listens."""
        await self.stop()
        yield
        await self.start()

    @asynccontextmanager
    async def broken(self) -> AsyncIterator[None]:
        """Something listens, and it is not Telegram."""
        fault = self.plan("*", broken(), times=1_000_000)
        yield
        self.faults.planned.remove(fault)

    async def start(self) -> None:
        app = web.Application(client_max_size=BIGGEST)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/kept/{file_id}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        listening = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
        self._port = listening.getsockname()[1]
        await web.SockSite(self._runner, listening).start()
        self._pushing = asyncio.create_task(self._push())

    async def stop(self) -> None:
        if self._pushing is not None:
            self._pushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pushing
        if self._poller is not None:
            self._poller.set()
            await self.store.wake()
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = self._pushing = None

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _refusal(Refusal("Unauthorized", code=401))
        form = await _form(request)
        call = Call(method, self.store.now(), form)
        try:
            if method == "getUpdates":
                return _result(await self._get_updates(oracle.checked(method, form)))
            given = oracle.checked(method, form)
            call = Call(method, self.store.now(), given)
            self.faults.check(method, call.chat_id)
            result = _does(method)(self.store, given)
        except Refusal as refusal:
            self.store.calls.append(Call(method, call.at, call.given, refused=refusal.code))
            if refusal.code in (400, 404) and not refusal.parameters and refusal.description != NOT_MODIFIED:
                self.misses.append(f"{method}: {refusal.description}")
            return _refusal(refusal)
        self.store.calls.append(call)
        await self.store.wake()
        return _result(result)

    async def _get_updates(self, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Confirms what lies before `offset`, then waits. Of two pollers, the one that came first is sent away."""
        if self.store.settled.get("webhook"):
            raise Refusal("Conflict: can't use getUpdates method while webhook is active", code=409)
        self.faults.check("getUpdates", None)
        if self._poller is not None:
            self._poller.set()
        mine = self._poller = asyncio.Event()
        if "allowed_updates" in given:
            self.store.allowed = given["allowed_updates"]
        self.store.updates = [one for one in self.store.updates if one["update_id"] >= given.get("offset", 0)]
        await self.store.wake()
        await self.store.until(lambda: self.store.updates or mine.is_set(), within=given.get("timeout", 0))
        if mine.is_set():
            raise Refusal("Conflict: terminated by other getUpdates request", code=409)
        self._poller = None
        return self.store.updates[: given.get("limit", 100)]

    async def _download(self, request: web.Request) -> web.Response:
        kept = self.store.files.get(request.match_info["file_id"])
        if kept is None or request.match_info["token"] != self.token:
            return _refusal(Refusal("Not Found", code=404))
        return web.Response(body=kept[1])

    async def _push(self) -> None:
        """To the webhook, in order; what it does not take is sent again."""
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                async with self.store.changed:
                    await self.store.changed.wait_for(lambda: self.store.settled.get("webhook") and self.store.updates)
                hook, update = self.store.settled["webhook"], self.store.updates[0]
                if await self._delivered(client, hook, update):
                    async with self.store.changed:
                        self.store.updates.remove(update)
                        self.store.changed.notify_all()
                else:
                    await asyncio.sleep(GRACE)

    async def _delivered(self, client: httpx.AsyncClient, hook: Mapping[str, Any], update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook.get("secret_token") else {}
        public = next((one for one in self.behind if hook["url"].startswith(one)), "")
        url = hook["url"].replace(public, self.behind.get(public, ""), 1)
        try:
            return (await client.post(url, json=update, headers=headers)).is_success
        except httpx.HTTPError:
            return False


def _does(method: str) -> Any:
    if method not in TABLE:
        raise AssertionError(f"this server cannot {method}: add it to tests/telegram/methods.py")
    return TABLE[method]


async def _form(request: web.Request) -> dict[str, Any]:
    """Fields and files; a file that is named as attach://… stands where it is named."""
    given = {**request.query, **(await request.post())}
    files = {
        name: types.BufferedInputFile(value.file.read(), value.filename)
        for name, value in given.items()
        if isinstance(value, web.FileField)
    }
    named = {f"attach://{name}": file for name, file in files.items()}
    used = {name for name in files if f"attach://{name}" in given.values()}
    whole = {name: files.get(name, value) for name, value in given.items() if name not in used}
    return {name: named.get(value, value) if isinstance(value, str) else value for name, value in whole.items()}


def _result(result: Any) -> web.Response:
    return web.Response(text=json.dumps({"ok": True, "result": result}), content_type="application/json")


def _refusal(refusal: Refusal) -> web.Response:
    if refusal.code == broken().code:
        return web.Response(status=refusal.code, text="<html>502 Bad Gateway</html>", content_type="text/html")
    said: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        said["parameters"] = refusal.parameters
    return web.Response(status=refusal.code, text=json.dumps(said), content_type="application/json")


@asynccontextmanager
async def serving() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    await telegram.start()
    try:
        yield telegram
    finally:
        await telegram.stop()
