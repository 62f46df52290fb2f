"""Listening to a page's talk with the City's API: every call, its answer, and what the headers say of the budget."""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from playwright.async_api import CDPSession, Page, Request, Response
from playwright.async_api import Error as PlaywrightError

from core.errors import BrowserIll
from core.looks import Budget
from portal.replies import Reply, endpoint_of

SUPERSEDED = "ERR_ABORTED"  # the page itself dropped the call for a newer one
RESENT_AFTER = 10.0  # milliseconds; a line to the City takes longer to fail
_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
_FETCH = """async url => {
  try {
    const answer = await fetch(url, {method: "GET", headers: {}});
    const told = name => [name, answer.headers.get(name)];
    const budget = Object.fromEntries(["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(told));
    return [answer.status, await answer.text(), budget];
  } catch (error) {
    return [0, String(error), {}];
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
    """The calls since `begin`. Listens until it is told to `rest`, and again once it is to `listen`.

    Listening costs a look that only repeats a question a tenth of its processor time, since the browser tells of every
    request; what is asked by `fetch` is counted either way.

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
        self._listening = False
        self._devtools: CDPSession | None = None
        page.on("crash", self._end)
        page.on("close", self._end)
        self.listen()

    def listen(self) -> None:
        if not self._listening:
            self._listening = True
            self._page.on("request", self._asked)
            self._page.on("response", self._answered)
            self._page.on("requestfailed", self._failed)

    def rest(self) -> None:
        """Until it listens again the page must do nothing by itself."""
        if self._listening:
            self._listening = False
            self._page.remove_listener("request", self._asked)
            self._page.remove_listener("response", self._answered)
            self._page.remove_listener("requestfailed", self._failed)

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
        call = Call(endpoint_of(url) or "", "GET", url, ours=True)
        self.calls.append(call)
        self.total += 1
        self._own.add(url)
        try:
            status, text, headers = await self._run(f"({_FETCH})({json.dumps(url)})")
        finally:
            self._own.discard(url)
            call.dropped = True  # nobody waits for it here
        if status == 0:
            return Reply(call.endpoint, "GET", url, problem=text)
        self.received += len(text.encode())
        self.budget = budget_of(headers) or self.budget
        return Reply(call.endpoint, "GET", url, status=status, text=text)

    async def _run(self, script: str) -> Any:
        """Past Playwright's own evaluation, which packs and unpacks every value for a sixth of the look's time."""
        if self._devtools is None:
            self._devtools = await self._page.context.new_cdp_session(self._page)
        asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
        answer = await self._devtools.send("Runtime.evaluate", asked)
        if "exceptionDetails" in answer:
            raise BrowserIll("The page did not run its own request.")
        return answer["result"]["value"]

    def _asked(self, request: Request) -> None:
        endpoint = endpoint_of(request.url)
        if endpoint is None or request.url in self._own:
            return
        call = Call(endpoint, request.method, request.url)
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


def budget_of(headers: Mapping[str, str | None]) -> Budget | None:
    try:
        limit, remaining, reset = (int(headers[name] or "") for name in _HEADERS)
        return Budget(limit=limit, remaining=remaining, resets_at=datetime.fromtimestamp(reset, tz=UTC))
    except (KeyError, ValueError, OverflowError, OSError):
        return None
