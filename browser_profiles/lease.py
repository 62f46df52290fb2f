"""A page that is lent for seconds, and the warm page behind it."""

import asyncio
from typing import Final

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from browser_profiles.engine import Engine, Opened
from browser_profiles.hand import Hand
from browser_profiles.settings import PoolSettings

PULSE_SECONDS: Final = 1.0
ALIVE_SECONDS: Final = (
    150.0  # since its last use, in which a page is taken to be alive: asking costs a warm look a tenth
)


class WarmPage:
    """A context with its one page, and its history. Times are the pool's monotonic seconds."""

    def __init__(self, key: str, *, engine: Engine, opened: Opened, now: float) -> None:
        self.key = key
        self.engine = engine
        self.opened = opened
        self.opened_at = now
        self.last_used_at = now
        self.uses = 0
        self.retired_for: str | None = None

    def retire(self, reason: str) -> None:
        """Mark it for closing; the first reason stands."""
        self.retired_for = self.retired_for or reason

    def ailment(self) -> str | None:
        """Tell what took the page away, if something did."""
        if self.retired_for == "crashed":
            return "crashed"
        if not self.engine.browser.is_connected():
            return "disconnected"
        return "page_closed" if self.opened.page.is_closed() else None

    def examine(self, now: float, settings: PoolSettings) -> None:
        """Retire it if it is ill, worn, old, or long unused."""
        unused = now - self.last_used_at
        if ailment := self.ailment():
            self.retire(ailment)
        elif not self.engine.alive:
            self.retire("relaunched")
        elif self.uses >= settings.retire_after_uses:
            self.retire("uses")
        elif now - self.opened_at >= settings.retire_after.total_seconds():
            self.retire("age")
        elif unused >= settings.idle_timeout.total_seconds():
            self.retire("idle")

    async def checked(self, now: float) -> str | None:
        """As `diagnose`, without asking a page that was used a moment ago."""
        return self.ailment() if now - self.last_used_at < ALIVE_SECONDS else await self.diagnose()

    async def diagnose(self) -> str | None:
        """Tell the ailment, if any; a page that does not answer at once has none but its silence."""
        if ailment := self.ailment():
            return ailment
        try:
            await asyncio.wait_for(self.opened.page.evaluate("1"), PULSE_SECONDS)
        except (PlaywrightError, TimeoutError):
            return self.ailment() or "no_pulse"
        return None


class Lease:
    """What a borrower holds inside `async with pool.lease(key)`."""

    def __init__(self, warm: WarmPage) -> None:
        self._warm = warm

    @property
    def page(self) -> Page:
        return self._warm.opened.page

    @property
    def hand(self) -> Hand:
        return self._warm.opened.hand

    @property
    def context(self) -> BrowserContext:
        return self._warm.opened.context

    @property
    def key(self) -> str:
        return self._warm.key

    @property
    def uses(self) -> int:
        """How often this page was lent before: 0 means it was just opened and shows about:blank."""
        return self._warm.uses - 1

    def retire(self, reason: str) -> None:
        """Close the page when it is given back. `reason` is counted, so keep to a few fixed words."""
        self._warm.retire(reason)
