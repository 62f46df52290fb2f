"""A Bot API on 127.0.0.1, as the bot's library reaches it: long poll or webhook, forms with files, errors, outages."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from rehearsal.serving import answering, listening_on
from rehearsal.telegram import forms
from rehearsal.telegram.client import User
from rehearsal.telegram.faults import Fault, Faults, broken, hung_up
from rehearsal.telegram.judging import Judge, Refusal
from rehearsal.telegram.methods import NOT_MODIFIED, TABLE, Does
from rehearsal.telegram.store import TOKEN, Call, Store

GRACE = 0.2  # seconds between two tries at a webhook
HASTY = 0.5  # seconds; who polls again from the same update so soon gets one alone


class Telegram:
    """`url` stays the same through outages. `behind` maps a webhook's public address to where it is served here."""

    def __init__(self, judge: Judge | None = None, *, now: Callable[[], float] = time.time) -> None:
        self.store = Store(judge, now)
        self.faults = Faults()
        self.token = TOKEN
        self.behind: dict[str, str] = {}
        self.misses: list[str] = []  # requests that no bot should make
        self._port = 0
        self._running = AsyncExitStack()
        self._poller: asyncio.Event | None = None
        self._polled: tuple[int, float] = (0, 0.0)  # from which update, and when
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
        app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
                Route("/file/bot{token}/kept/{file_id}", self._download),
            ]
        )
        listening = self._running.enter_context(listening_on("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        await self._running.enter_async_context(answering(app, listening))
        self._pushing = asyncio.create_task(self._push())

    async def stop(self) -> None:
        if self._pushing is not None:
            self._pushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pushing
            self._pushing = None
        if self._poller is not None:
            self._poller.set()
            await self.store.wake()
        await self._running.aclose()

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != self.token:
            return _refusal(Refusal("Unauthorized", code=401))
        try:
            body = await request.body()
        except ClientDisconnect:  # killed before it had said all: nothing was asked
            return Response(status_code=400)
        form = forms.fields(request.url.query, request.headers.get("content-type", ""), body)
        call = Call(method, self.store.now(), form)
        try:
            given = self.store.judge.asked(method, form)
            if method == "getUpdates":
                return _result(await self._get_updates(given))
            call = Call(method, call.at, given)
            self.faults.check(method, call.chat_id)
            result = _does(method)(self.store, given)
        except Refusal as refusal:
            if refusal.code == hung_up().code:
                request.state.transport.abort()
                return Response(status_code=400)
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
        limit = 1 if self._is_hasty(given.get("offset", 0)) else given.get("limit", 100)
        if "allowed_updates" in given:
            self.store.allowed = given["allowed_updates"]
        self.store.updates = [one for one in self.store.updates if one["update_id"] >= given.get("offset", 0)]
        await self.store.wake()
        await self.store.until(lambda: self.store.updates or mine.is_set(), within=given.get("timeout", 0))
        if mine.is_set():
            raise Refusal("Conflict: terminated by other getUpdates request", code=409)
        self._poller = None
        return self.store.updates[:limit]

    def _is_hasty(self, offset: int) -> bool:
        (before, at), now = self._polled, time.monotonic()
        self._polled = (offset, now)
        return before == offset and now - at < HASTY

    async def _download(self, request: Request) -> Response:
        kept = self.store.files.get(request.path_params["file_id"])
        if kept is None or request.path_params["token"] != self.token:
            return _refusal(Refusal("Not Found", code=404))
        return Response(kept[1], media_type="application/octet-stream")

    async def _push(self) -> None:
        """To the webhook, in order; what it does not take is sent again."""
        await self._something_to_push()
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                await self._something_to_push()
                hook, update = self.store.settled["webhook"], self.store.updates[0]
                if await self._delivered(client, hook, update):
                    async with self.store.changed:
                        self.store.updates.remove(update)
                        self.store.changed.notify_all()
                else:
                    await asyncio.sleep(GRACE)

    async def _something_to_push(self) -> None:
        async with self.store.changed:
            await self.store.changed.wait_for(lambda: self.store.settled.get("webhook") and self.store.updates)

    async def _delivered(self, client: httpx.AsyncClient, hook: Mapping[str, Any], update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook.get("secret_token") else {}
        public = next((one for one in self.behind if hook["url"].startswith(one)), "")
        url = hook["url"].replace(public, self.behind.get(public, ""), 1)
        try:
            answer = await client.post(url, json=update, headers=headers)
        except httpx.HTTPError:
            return self._undelivered("Connection refused")
        return answer.is_success or self._undelivered(f"Wrong response from the webhook: {answer.status_code}")

    def _undelivered(self, why: str) -> bool:
        trouble = {"last_error_date": int(self.store.now()), "last_error_message": why}
        self.store.settled["webhook_trouble"] = trouble
        return False


def _does(method: str) -> Does:
    if method not in TABLE:
        raise Refusal("Not Found: no such method in rehearsal/telegram/methods.py", code=404)
    return TABLE[method]


def _result(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _refusal(refusal: Refusal) -> Response:
    if refusal.code == broken().code:
        return HTMLResponse("<html>502 Bad Gateway</html>", refusal.code)
    said: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        said["parameters"] = refusal.parameters
    return JSONResponse(said, refusal.code)
