"""Listening to a page's talk with the City's API: every call, its answer, and what the headers say of the budget."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Request, Response

from core.errors import BrowserIll
from core.looks import Budget
from portal.replies import Reply, endpoint_of

SUPERSEDED = "ERR_ABORTED"  # the page itself dropped the call for a newer one
RESENT_AFTER = 10.0  # milliseconds; a line to the City takes longer to fail
_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
_FETCH = """async url => {
  try {
    const answer = await fetch(url, {method: "GET", headers: {}});
    return [answer.status, await answer.text()];
  } catch (error) {
    return [0, String(error)];
  }
}"""


Accept = Callable[[Reply], bool]
Judge = Callable[[Reply], None]  # raises what an answer means, if it means trouble


def anything(_: Reply) -> bool:
    return True


@dataclass(slots=True)
class Call:
    """One call to the API, from the moment it was made. `reply` comes with the whole answer.

    `ours` was made by `Wire.fetch`, which has its answer: nothing waits for it here.
    """

    endpoint: str
    method: str
    url: str
    reply: Reply | None = None
    dropped: bool = False
    ours: bool = False

    @property
    def open(self) -> bool:
        return self.reply is None and not self.dropped


class Wire:
    """The calls since `begin`. Listens as long as the page lives.

    `tokens` are the captcha tokens that went by in addresses, `total` counts all calls of the page's life,
    `received` the bytes of their answers' bodies, unpacked.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._by_request: dict[Request, Call] = {}
        self._readers: set[asyncio.Task[None]] = set()
        self._own: set[str] = set()
        self._stir = asyncio.Event()
        self.calls: list[Call] = []
        self.total = 0
        self.received = 0
        self.budget: Budget | None = None
        self.tokens: set[str] = set()
        self._lost = False
        page.on("crash", self._end)
        page.on("close", self._end)
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)

    def begin(self) -> None:
        """Forget the calls so far: what is waited for from here on was caused from here on."""
        self.calls.clear()
        self._by_request.clear()

    @property
    def mark(self) -> int:
        return len(self.calls)

    @property
    def first_open(self) -> int:
        """Where the calls begin that are not answered yet."""
        return next((place for place, call in enumerate(self.calls) if call.open), self.mark)

    def asked(self, endpoint: str, *, since: int = 0) -> bool:
        return any(call.endpoint == endpoint for call in self.calls[since:])

    def latest(self, endpoints: Collection[str]) -> Reply | None:
        replies = [call.reply for call in self.calls if call.endpoint in endpoints and call.reply]
        return replies[-1] if replies else None

    async def reply(self, *endpoints: str, since: int = 0, accept: Accept = anything) -> Reply:
        """Wait for the first answer from one of these endpoints; the caller sets the time limit.

        Raises BrowserIll when the page is lost meanwhile.
        """
        while True:
            for call in self.calls[since:]:
                if call.reply is not None and call.endpoint in endpoints and accept(call.reply):
                    return call.reply
            if self._lost:
                raise BrowserIll("The page was lost under us.")
            await self._stir.wait()

    async def judged(self, judge: Judge, *endpoints: str, since: int = 0) -> NoReturn:
        """Show `judge` every answer of these endpoints until it raises, or the page is lost."""
        while True:
            for call in self.calls[since:]:
                if call.reply is not None and not call.ours and call.endpoint in endpoints:
                    judge(call.reply)
            if self._lost:
                raise BrowserIll("The page was lost under us.")
            await self._stir.wait()

    async def question(self, endpoint: str, *, since: int = 0, times: int = 1) -> None:
        """Wait until the page asked this endpoint so often; raises BrowserIll when the page is lost meanwhile."""
        while sum(call.endpoint == endpoint for call in self.calls[since:]) < times:
            if self._lost:
                raise BrowserIll("The page was lost under us.")
            await self._stir.wait()

    async def at_rest(self) -> None:
        """Wait until no call is under way."""
        while not self._lost and any(call.open for call in self.calls):
            await self._stir.wait()

    async def fetch(self, url: str) -> Reply:
        """Repeat one of the page's own requests inside the page, as its own script would."""
        self._own.add(url)
        try:
            status, text = await self._page.evaluate(_FETCH, url)
        finally:
            self._own.discard(url)
        endpoint = endpoint_of(url) or ""
        if status == 0:
            return Reply(endpoint, "GET", url, problem=text)
        self.received += len(text.encode())
        return Reply(endpoint, "GET", url, status=status, text=text)

    def _asked(self, request: Request) -> None:
        endpoint = endpoint_of(request.url)
        if endpoint is None:
            return
        call = Call(endpoint, request.method, request.url, ours=request.url in self._own)
        self.calls.append(call)
        self.total += 1
        self._by_request[request] = call
        self.tokens |= {value for name, value in parse_qsl(urlsplit(request.url).query) if name == "captchaToken"}
        self._wake()

    def _answered(self, response: Response) -> None:
        call = self._by_request.get(response.request)
        if call is None:
            return
        self.budget = budget_of(response.headers) or self.budget
        if call.ours:
            self._put(call, Reply(call.endpoint, call.method, call.url, status=response.status))
            return
        reader = asyncio.create_task(self._read(call, response))
        self._readers.add(reader)
        reader.add_done_callback(self._readers.discard)

    async def _read(self, call: Call, response: Response) -> None:
        try:
            body = await response.body()
        except PlaywrightError:
            self._put(call, Reply(call.endpoint, call.method, call.url, response.status, problem="body lost"))
            return
        self.received += len(body)
        text = body.decode("utf-8", "replace")
        resent = _resent(response.request)
        self._put(call, Reply(call.endpoint, call.method, call.url, response.status, text, resent=resent))

    def _failed(self, request: Request) -> None:
        call = self._by_request.get(request)
        if call is None or call.reply is not None:
            return
        problem = request.failure or "failed"
        if SUPERSEDED in problem:
            call.dropped = True
            self._wake()
            return
        self._put(call, Reply(call.endpoint, call.method, call.url, problem=problem))

    def _end(self, _: Page) -> None:
        self._lost = True
        self._wake()

    def _put(self, call: Call, reply: Reply) -> None:
        call.reply = reply
        self._wake()

    def _wake(self) -> None:
        self._stir.set()
        self._stir = asyncio.Event()


class Meter:
    """What a page asks of the City from now on. It tells that also after the page is lost."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._total, self._received = wire.total, wire.received

    @property
    def requests(self) -> int:
        return self._wire.total - self._total

    @property
    def received(self) -> int:
        return self._wire.received - self._received

    @property
    def budget(self) -> Budget | None:
        """What the City said of it last; nothing if it was not asked meanwhile."""
        return self._wire.budget if self.requests else None


def _resent(request: Request) -> bool:
    """A request on a connection that was kept begins within a millisecond; one sent anew begins after the failure."""
    timing = request.timing
    begun = (timing["domainLookupStart"], timing["connectStart"], timing["requestStart"])
    return min((moment for moment in begun if moment >= 0), default=0) > RESENT_AFTER


def budget_of(headers: dict[str, str]) -> Budget | None:
    try:
        limit, remaining, reset = (int(headers[name]) for name in _HEADERS)
        return Budget(limit=limit, remaining=remaining, resets_at=datetime.fromtimestamp(reset, tz=UTC))
    except (KeyError, ValueError, OverflowError, OSError):
        return None
