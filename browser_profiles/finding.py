"""Finding a Chromium that really starts, and what it says of itself."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Playwright
from playwright.async_api import Error as PlaywrightError

from browser_profiles.profiles import Flavour
from core.errors import BrowserMissing

SYSTEM: Final[dict[Flavour, tuple[str, ...]]] = {
    "shell": ("/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chrome-headless-shell"),
    "chromium": (
        "/usr/lib/chromium/chromium",
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
        "microsoft-edge",
    ),
}
MENDING: Final = (
    "Install one with `apt-get install chromium-headless-shell` or `playwright install chromium-headless-shell`, "
    "or set MTA_BROWSER_PATH."
)
LAUNCH_TIMEOUT_MS: Final = 20_000
# userAgentData exists only in secure contexts, so the question is asked from a page that is answered here.
ASKING_PAGE: Final = "https://browser.invalid/"
ASKING: Final = """async () => {
  const hints = await navigator.userAgentData.getHighEntropyValues(
    ["architecture", "bitness", "fullVersionList", "model", "platformVersion", "wow64"]);
  return {userAgent: navigator.userAgent, platform: navigator.platform, hints};
}"""


@dataclass(frozen=True)
class FoundBrowser:
    """A browser that was launched once. `path` None is Playwright's own.

    `user_agent`, `platform` and `hints` (the answer of `userAgentData.getHighEntropyValues`) are what the
    browser says of itself with nothing changed.
    """

    path: Path | None
    version: str
    flavour: Flavour
    user_agent: str
    platform: str
    hints: dict[str, Any]


async def find_browser(playwright: Playwright, configured: Path | None, flavour: Flavour) -> FoundBrowser:
    """Try the configured path alone if there is one, else the system's Chromium, else Playwright's own.

    Of the system's browsers those of the wanted flavour come first. Raises `BrowserMissing`.
    """
    if configured is not None:
        return await _configured(playwright, configured, flavour)
    for path in (*_system_paths(flavour), None):
        try:
            return await probe(playwright, path, flavour)
        except PlaywrightError:
            continue
    raise BrowserMissing(f"No Chromium that starts was found on this machine. {MENDING}")


async def probe(playwright: Playwright, path: Path | None, flavour: Flavour) -> FoundBrowser:
    """Launch it once and ask it who it is. Raises Playwright's error if it does not start."""
    browser = await playwright.chromium.launch(
        timeout=LAUNCH_TIMEOUT_MS,
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
        **where(path, flavour),
    )
    try:
        answer = await _ask(browser)
        version = browser.version
    finally:
        await browser.close()
    return FoundBrowser(
        path=path,
        version=version,
        flavour=_true_flavour(answer["hints"]),
        user_agent=answer["userAgent"],
        platform=answer["platform"],
        hints=answer["hints"],
    )


def where(path: Path | None, flavour: Flavour) -> dict[str, Any]:
    """Launch options that choose the program. Playwright's own new headless needs its channel named."""
    if path is not None:
        return {"executable_path": path}
    return {"channel": "chromium"} if flavour == "chromium" else {}


async def _configured(playwright: Playwright, path: Path, flavour: Flavour) -> FoundBrowser:
    _check_there(path)
    try:
        return await probe(playwright, path, flavour)
    except PlaywrightError as error:
        raise BrowserMissing(f"The configured browser {path} does not start. {MENDING}") from error


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise BrowserMissing(f"There is no browser at the configured path {path}. {MENDING}")


def _system_paths(flavour: Flavour) -> Iterator[Path]:
    other: Flavour = "chromium" if flavour == "shell" else "shell"
    for name in SYSTEM[flavour] + SYSTEM[other]:
        found = shutil.which(name)
        if found is not None:
            yield Path(found)


async def _ask(browser: Browser) -> dict[str, Any]:
    context = await browser.new_context()
    page = await context.new_page()
    await page.route(ASKING_PAGE, lambda route: route.fulfill(content_type="text/html", body="<p>ok</p>"))
    await page.goto(ASKING_PAGE)
    answer: dict[str, Any] = await page.evaluate(ASKING)
    return answer


def _true_flavour(hints: dict[str, Any]) -> Flavour:
    """Only the headless shell carries HeadlessChrome among its brands."""
    headless = any(item["brand"] == "HeadlessChrome" for item in hints["brands"])
    return "shell" if headless else "chromium"
