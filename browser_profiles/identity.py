"""What one profile makes of one real browser: user agent, client hints, launch and context options.

The user agent and the languages are set twice on purpose: by launch flags, which reach workers, and by
DevTools on the page, which carries the full client hints and the quality values of Accept-Language. Either
alone leaves page and worker telling different stories (measured, docs/browser-profiles.md).
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from browser_profiles.finding import FoundBrowser
from browser_profiles.profiles import Profile

HEADLESS_VERSION: Final = re.compile(r"HeadlessChrome/(\d+)[\d.]*")
# Chromium's own start-up chatter to Google's hosts, on top of what Playwright already turns off.
QUIET: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)


@dataclass(frozen=True)
class Identity:
    """`hints` is DevTools' UserAgentMetadata."""

    user_agent: str
    platform: str
    languages: str
    hints: dict[str, Any]


def of(profile: Profile, browser: FoundBrowser) -> Identity:
    user_agent = browser.user_agent if profile.stealth is None else _everyday(browser.user_agent)
    return Identity(
        user_agent=f"{user_agent} {profile.user_agent_suffix}".strip(),
        platform=browser.platform,
        languages=",".join(profile.languages),
        hints=_metadata(browser, hide_headless=profile.stealth is not None),
    )


def launch_arguments(profile: Profile, identity: Identity) -> list[str]:
    arguments = [*QUIET, f"--user-agent={identity.user_agent}", f"--accept-lang={identity.languages}"]
    if profile.stealth is not None:
        arguments.append("--disable-blink-features=AutomationControlled")
    return arguments


def context_options(profile: Profile) -> dict[str, Any]:
    """`locale` is left out: Playwright would cut the languages down to that one."""
    return {
        "timezone_id": profile.timezone,
        "screen": profile.screen.model_dump(),
        "viewport": profile.viewport.model_dump(),
        "device_scale_factor": profile.device_scale,
        "extra_http_headers": dict(profile.headers),
    }


def overrides(profile: Profile, identity: Identity) -> list[tuple[str, dict[str, Any]]]:
    """DevTools commands that dress one page."""
    user_agent = {
        "userAgent": identity.user_agent,
        "acceptLanguage": identity.languages,
        "platform": identity.platform,
        "userAgentMetadata": identity.hints,
    }
    return [
        ("Emulation.setUserAgentOverride", user_agent),
        ("Emulation.setLocaleOverride", {"locale": profile.locale}),
    ]


def _everyday(user_agent: str) -> str:
    """As the same version writes it with a window: no "Headless", only the major version."""
    return HEADLESS_VERSION.sub(r"Chrome/\1.0.0.0", user_agent)


def _metadata(browser: FoundBrowser, *, hide_headless: bool) -> dict[str, Any]:
    hints = browser.hints
    return {
        "brands": _brands(hints["brands"], hide_headless=hide_headless),
        "fullVersionList": _brands(hints["fullVersionList"], hide_headless=hide_headless),
        "fullVersion": browser.version,
        "platform": hints["platform"],
        "platformVersion": hints["platformVersion"],
        "architecture": hints["architecture"],
        "bitness": hints["bitness"],
        "model": hints["model"],
        "mobile": hints["mobile"],
        "wow64": hints.get("wow64", False),
    }


def _brands(brands: list[dict[str, str]], *, hide_headless: bool) -> list[dict[str, str]]:
    return [item for item in brands if not (hide_headless and item["brand"] == "HeadlessChrome")]
