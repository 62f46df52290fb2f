"""What we know of one page between two verbs: where it stands, what it was told, what must not be shown."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from browser_profiles.hand import Hand
from browser_profiles.lease import Lease
from core.bookings import HoldKey
from core.catalog import Catalog, Scope
from core.errors import AnswerLost, BrowserIll, MtaError, PortalChanged, SiteUnreachable
from core.looks import Dialect
from core.targets import Target
from portal.controls import Control, find, missing
from portal.links import payload_of
from portal.replies import Reply, is_write
from portal.wire import Accept, Judge, Wire, anything


@dataclass(frozen=True, slots=True)
class Standing:
    """A page opened for `target`, and its own last requests for what is free at `offices`.

    `days` told the days, `times` one day's times: in August, and where February had no days, one and the same.
    `drawn_at` is when the page last drew a calendar that a slot can be taken from; None: it shows none, or an old one.
    A page that `waits_at_service` was taken back to the step before the calendar.
    """

    target: Target
    days: Reply
    times: Reply
    offices: frozenset[int]
    opened_at: datetime
    drawn_at: datetime | None = None
    waits_at_service: bool = False

    @property
    def captcha_token(self) -> str:
        return self.days.query.get("captchaToken", "")


@dataclass(slots=True)
class Memory:
    """What a page was told by one look and is compared with by the next: the bookable days, and when each was read."""

    days: dict[date, frozenset[int]] = field(default_factory=dict)
    read_at: dict[date, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Visit:
    """`limit` bounds the wait for each single thing. `personal` are words to be blotted out of evidence."""

    lease: Lease
    wire: Wire
    limit: timedelta
    catalog: Catalog | None = None
    dialect: Dialect | None = None
    standing: Standing | None = None
    memory: Memory = field(default_factory=Memory)
    scope: Scope | None = None
    personal: set[str] = field(default_factory=set)
    traced: bool = False
    tracing: bool = False

    @property
    def page(self) -> Page:
        return self.lease.page

    @property
    def hand(self) -> Hand:
        return self.lease.hand

    @property
    def secrets(self) -> set[str]:
        """Whatever must not be in anything that is kept."""
        return self.personal | self.wire.tokens

    def keep_secret(self, key: HoldKey) -> None:
        self.personal |= {key.auth_key, payload_of(key)}

    async def control(self, sought: Control) -> Locator:
        return await find(sought, self.page, within=self.limit)

    async def answer(self, *endpoints: str, since: int = 0, accept: Accept = anything) -> Reply:
        """The first answer from one of these endpoints; a silence becomes the error that it is."""
        try:
            async with asyncio.timeout(self.limit.total_seconds()):
                return await self.wire.reply(*endpoints, since=since, accept=accept)
        except TimeoutError:
            raise self._silence(endpoints, since=since) from None
        except BrowserIll as error:
            if self._wrote(endpoints, since=since):
                raise AnswerLost(f"The page was lost before the City's answer to {endpoints[0]}.") from error
            raise

    async def fetch(self, url: str) -> Reply:
        """Repeat one of the page's own requests inside it. A page that keeps silent is not lent again."""
        try:
            async with asyncio.timeout(self.limit.total_seconds()):
                return await self.wire.fetch(url)
        except TimeoutError:
            self.lease.retire("silent")
            raise SiteUnreachable("The City's site did not answer in time.") from None

    async def unless(self, judge: Judge, doing: Coroutine[Any, Any, None], *endpoints: str) -> None:
        """Do it, unless `judge` raises for an answer of these endpoints that comes meanwhile: then it ends at once."""
        acting = asyncio.ensure_future(doing)
        hearing = asyncio.ensure_future(self.wire.judged(judge, *endpoints, since=self.wire.first_open))
        try:
            await asyncio.wait({acting, hearing}, return_when=asyncio.FIRST_COMPLETED)
            await (hearing if hearing.done() else acting)
        finally:
            acting.cancel()
            hearing.cancel()
            await asyncio.gather(acting, hearing, return_exceptions=True)

    async def press_for(self, button: Control, endpoint: str) -> Reply:
        """Press a button whose click the City answers. Once the call may have left, only AnswerLost is raised."""
        return await self._answer_to(self.hand.choose, button, endpoint)

    async def enter_for(self, button: Control, endpoint: str) -> Reply:
        """As press_for, by the keyboard: for whoever is in a hurry."""
        return await self._answer_to(self.hand.press, button, endpoint)

    async def _answer_to(self, press: Callable[[Locator], Awaitable[None]], button: Control, endpoint: str) -> Reply:
        since = self.wire.mark
        locator = await self.control(button)
        try:
            await press(locator)
        except PlaywrightTimeoutError as error:
            if not self.wire.asked(endpoint, since=since):
                raise missing(button) from error
        except PlaywrightError as error:
            raise AnswerLost(f"The page was lost while “{button.name}” was pressed.") from error
        return await self.answer(endpoint, since=since)

    async def at_rest(self) -> None:
        try:
            async with asyncio.timeout(self.limit.total_seconds()):
                await self.wire.at_rest()
        except TimeoutError:
            raise SiteUnreachable("The City's site left a question open.") from None

    def _wrote(self, endpoints: tuple[str, ...], *, since: int) -> bool:
        return any(
            is_write(call.method, call.endpoint) and call.endpoint in endpoints for call in self.wire.calls[since:]
        )

    def _silence(self, endpoints: tuple[str, ...], *, since: int) -> MtaError:
        if self._wrote(endpoints, since=since):
            return AnswerLost(f"The City's answer to {endpoints[0]} never came.")
        if any(call.open and call.endpoint in endpoints for call in self.wire.calls[since:]):
            return SiteUnreachable(f"The City's site did not answer {endpoints[0]} in time.")
        return PortalChanged(f"The page never asked for {endpoints[0]}.", expected=endpoints[0])
