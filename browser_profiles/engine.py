"""One running browser with its driver, and the dressing of its pages."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import structlog
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError
from pydantic import SecretStr

from browser_profiles import identity, stealth, timing
from browser_profiles.finding import FoundBrowser, find_browser, where
from browser_profiles.hand import Hand
from browser_profiles.settings import PoolSettings
from core.errors import BrowserIll

LAUNCH_SECONDS: Final = 60.0
CLOSE_PAGE_SECONDS: Final = 10.0
STOP_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Opened:
    context: BrowserContext
    page: Page
    hand: Hand


@dataclass
class Engine:
    """A browser process and the driver it hangs on; both end together."""

    playwright: Playwright
    browser: Browser
    found: FoundBrowser
    settings: PoolSettings
    leased: int = 0
    worn_out: bool = False
    _identity: identity.Identity = field(init=False)

    def __post_init__(self) -> None:
        self._identity = identity.of(self.settings.profile, self.found)
        self.browser.on("disconnected", self._say_lost)

    @property
    def alive(self) -> bool:
        return self.browser.is_connected() and not self.worn_out

    async def open(self, rng: Random) -> Opened:
        """Open a context with one dressed page. Raises `BrowserIll`; the browser is then not to be trusted."""
        try:
            async with asyncio.timeout(self.settings.call_timeout.total_seconds()):
                context = await self._context()
                page = await context.new_page()
                await self._dress(context, page=page)
        except (PlaywrightError, TimeoutError) as error:
            self.worn_out = True
            raise BrowserIll("The browser did not open a page.") from error
        hand = Hand(page, timing=timing.preset(self.settings.profile.timing), rng=rng)
        return Opened(context, page, hand)

    async def close_page(self, opened: Opened) -> None:
        """Close a page with its context. A browser that is slow at that is not to be trusted any more."""
        try:
            await asyncio.wait_for(opened.context.close(), CLOSE_PAGE_SECONDS)
        except TimeoutError:
            self.worn_out = True
        except PlaywrightError:
            log.debug("page.close_failed", connected=self.browser.is_connected())

    async def close(self) -> None:
        """End the browser and its driver, whatever state they are in."""
        self.worn_out = True
        with contextlib.suppress(PlaywrightError, TimeoutError):
            await asyncio.wait_for(self.browser.close(), STOP_SECONDS)
        with contextlib.suppress(PlaywrightError, TimeoutError):
            await asyncio.wait_for(self.playwright.stop(), STOP_SECONDS)

    def _say_lost(self, _: Browser) -> None:
        if not self.worn_out:
            log.warning("browser.lost", leased=self.leased)

    async def _context(self) -> BrowserContext:
        profile = self.settings.profile
        context = await self.browser.new_context(**identity.context_options(profile))
        limit_ms = self.settings.call_timeout.total_seconds() * 1000
        context.set_default_timeout(limit_ms)
        context.set_default_navigation_timeout(limit_ms)
        await stealth.apply(context, chosen=stealth.patches(profile, self.found.flavour))
        return context

    async def _dress(self, context: BrowserContext, *, page: Page) -> None:
        devtools = await context.new_cdp_session(page)
        for command, parameters in identity.overrides(self.settings.profile, self._identity):
            await devtools.send(command, parameters)
        if self.settings.block_hosts:
            patterns = [f"*://{host}/*" for host in self.settings.block_hosts]
            await devtools.send("Network.enable")
            await devtools.send("Network.setBlockedURLs", {"urls": patterns})


async def launch(settings: PoolSettings, found: FoundBrowser | None) -> Engine:
    """Start a driver and a browser; `found` spares the search when it is still the same version.

    Raises `BrowserMissing` or `BrowserIll`.
    """
    playwright = await async_playwright().start()
    try:
        async with asyncio.timeout(LAUNCH_SECONDS):
            known = found or await find_browser(playwright, settings.browser_path, settings.profile.flavour)
            browser = await _start(playwright, settings=settings, found=known)
            if browser.version != known.version:
                await browser.close()
                known = await find_browser(playwright, settings.browser_path, settings.profile.flavour)
                browser = await _start(playwright, settings=settings, found=known)
    except (PlaywrightError, TimeoutError) as error:
        await playwright.stop()
        raise BrowserIll("The browser did not start.") from error
    except BaseException:
        await playwright.stop()
        raise
    log.info("browser.launched", version=browser.version, flavour=known.flavour)
    return Engine(playwright=playwright, browser=browser, found=known, settings=settings)


async def _start(playwright: Playwright, *, settings: PoolSettings, found: FoundBrowser) -> Browser:
    looks = identity.of(settings.profile, found)
    return await playwright.chromium.launch(
        args=identity.launch_arguments(settings.profile, looks),
        proxy=_proxy(settings.proxy),
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
        **where(found.path, found.flavour),
    )


def _proxy(address: SecretStr | None) -> Any:
    """Playwright wants the name and password apart from the server."""
    if address is None:
        return None
    parts = urlsplit(address.get_secret_value())
    proxy = {"server": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"}
    if parts.username:
        proxy |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return proxy
