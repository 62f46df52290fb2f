"""Checks of one browser against itself: each is a pair of statements that cannot both be true.

`Portrait` holds what the page, an iframe and workers could read (see coherence.js) and the headers that the
server saw. A check that fails is a contradiction; how many a profile may have is written in the test.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from tests.browser_fixtures import LocalSite

SCRIPT: Final = Path(__file__).with_name("coherence.js").read_text(encoding="utf-8")
PORTRAIT_ONLY: Final = SCRIPT.partition("const from_worker")[0]
ANSWER: Final = "onmessage = async () => postMessage(await self_portrait(self));"
SHARED_ANSWER: Final = (
    "onconnect = ({ports: [port]}) => { port.onmessage = async () => port.postMessage(await self_portrait(self)); };"
)
ASKED: Final = ("/portrait", "/page.js", "/fetched", "/worker.js", "/shared.js")


@dataclass(frozen=True)
class Portrait:
    facts: dict[str, Any]
    headers: dict[str, dict[str, str]]

    @property
    def page(self) -> dict[str, Any]:
        return self.scope("page")

    def scope(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.facts[name]
        return found

    def header(self, name: str, *, of: str = "/portrait") -> str:
        return self.headers[of].get(name, "")


async def paint(page: Page, site: LocalSite) -> Portrait:
    site.pages |= {
        "/portrait": ("text/html", "<!doctype html><body><script src='/page.js'></script></body>"),
        "/page.js": ("text/javascript", SCRIPT),
        "/worker.js": (
            "text/javascript",
            PORTRAIT_ONLY + ANSWER,
        ),
        "/shared.js": (
            "text/javascript",
            PORTRAIT_ONLY + SHARED_ANSWER,
        ),
        "/fetched": ("text/plain", "ok"),
    }
    await page.goto(f"{site.url}/portrait")
    await page.goto(f"{site.url}/portrait")  # the second visit carries the hints that Accept-CH asked for
    facts = await page.evaluate("window.portrait()")
    return Portrait(facts, {path: site.headers_of(path) for path in ASKED})


def major(version: str) -> str:
    return version.partition(".")[0]


def brand_list(brands: list[dict[str, str]]) -> str:
    return ", ".join(f'"{item["brand"]}";v="{item["version"]}"' for item in brands)


def weighted(languages: list[str]) -> str:
    """As Chromium writes Accept-Language."""
    return ",".join(lang if i == 0 else f"{lang};q={1 - i / 10:.1f}" for i, lang in enumerate(languages))


def chrome_version(user_agent: str) -> str:
    match = re.search(r"Chrome/(\d+)", user_agent)
    return match[1] if match else ""


def same_in(scope: str, *keys: str) -> Callable[[Portrait], bool]:
    return lambda p: all(p.scope(scope)[key] == p.page[key] for key in keys)


def fits(inner: list[int], outer: list[int]) -> bool:
    return all(a <= b for a, b in zip(inner, outer, strict=True))


WHO: Final = ("userAgent", "appVersion", "platform")
SPEECH: Final = ("language", "languages", "locale", "number")
ZONE: Final = ("zone", "zone_name", "winter", "summer")
MACHINE: Final = ("cores", "memory")

CHECKS: Final[dict[str, Callable[[Portrait], bool]]] = {
    "the page is not told of a driver": lambda p: p.page["webdriver"] is False,
    "the iframe is not told of a driver": lambda p: p.scope("frame")["webdriver"] is False,
    "nothing the page reads says headless": lambda p: "eadless" not in json.dumps(p.facts),
    "no header says headless": lambda p: "eadless" not in json.dumps(p.headers),
    "every request carries the user agent of the page": lambda p: (
        {p.header("user-agent", of=path) for path in ASKED} == {p.page["userAgent"]}
    ),
    "appVersion is the user agent's": lambda p: p.page["userAgent"] == f"Mozilla/{p.page['appVersion']}",
    "platform and user agent name one system": lambda p: p.page["platform"] in p.page["userAgent"],
    "hints and user agent name one system": lambda p: p.page["hints"]["platform"] in p.page["userAgent"],
    "hints and platform name one processor": lambda p: (
        p.page["hints"]["architecture"] + p.page["hints"]["bitness"] == "x8664" and "x86_64" in p.page["platform"]
    ),
    "brand header equals the brands": lambda p: p.header("sec-ch-ua") == brand_list(p.page["hints"]["brands"]),
    "version header equals the versions": lambda p: (
        p.header("sec-ch-ua-full-version-list") == brand_list(p.page["hints"]["fullVersionList"])
    ),
    "platform header equals the hints": lambda p: p.header("sec-ch-ua-platform") == f'"{p.page["hints"]["platform"]}"',
    "the desktop is not mobile": lambda p: p.header("sec-ch-ua-mobile") == "?0" and p.page["hints"]["mobile"] is False,
    "hints and user agent have one version": lambda p: (
        chrome_version(p.page["userAgent"]) == major(p.page["hints"]["uaFullVersion"])
        and f'"Chromium";v="{chrome_version(p.page["userAgent"])}"' in p.header("sec-ch-ua")
    ),
    "brands and full versions agree": lambda p: (
        [(b["brand"], b["version"]) for b in p.page["hints"]["brands"]]
        == [(b["brand"], major(b["version"])) for b in p.page["hints"]["fullVersionList"]]
    ),
    "the user agent is reduced like a visitor's": lambda p: (
        re.search(r"Chrome/\d+\.0\.0\.0 ", p.page["userAgent"]) is not None
    ),
    "the vendor fits the engine": lambda p: p.facts["vendor"] == "Google Inc.",
    "the first language is the language": lambda p: p.page["languages"][0] == p.page["language"],
    "every request asks for the page's languages": lambda p: (
        {p.header("accept-language", of=path) for path in ASKED} == {weighted(p.page["languages"])}
    ),
    "locale is the language": lambda p: p.page["locale"] == p.page["language"],
    "numbers are written in the language": lambda p: p.page["number"] == "1.234,5",
    "the zone is Berlin": lambda p: p.page["zone"] == "Europe/Berlin",
    "the clock stands in that zone": lambda p: (p.page["winter"], p.page["summer"]) == (-60, -120),
    "the zone is named in the language": lambda p: "Mitteleuropäische" in p.page["zone_name"],
    "the frame is the same browser": same_in("frame", *WHO, *SPEECH, *ZONE, *MACHINE, "hints"),
    "the worker has the same name": same_in("worker", *WHO),
    "the worker has the same hints": same_in("worker", "hints"),
    "the worker speaks the same language": same_in("worker", *SPEECH),
    "the worker lives in the same zone": same_in("worker", *ZONE),
    "the worker runs on the same machine": same_in("worker", *MACHINE),
    "the shared worker has the same name": same_in("shared", *WHO),
    "the shared worker has the same hints": same_in("shared", "hints"),
    "the shared worker speaks the same language": same_in("shared", *SPEECH),
    "the shared worker lives in the same zone": same_in("shared", *ZONE),
    "the window fits on the screen": lambda p: fits(p.facts["window"]["outer"], p.facts["window"]["avail"]),
    "the window has a frame": lambda p: p.facts["window"]["outer"][1] > p.facts["window"]["inner"][1],
    "the screen is larger than the viewport": lambda p: all(
        s > i for s, i in zip(p.facts["window"]["screen"], p.facts["window"]["inner"], strict=True)
    ),
    "style sheets see the same window": lambda p: all(p.facts["window"]["media"].values()),
    "a mouse and no fingers": lambda p: p.facts["window"]["touch"] == 0,
    "the page is looked at": lambda p: p.facts["window"]["focus"] and p.facts["window"]["visible"] == "visible",
    "a Chrome has the chrome object": lambda p: p.facts["chrome"] is not None,
    "the chrome object is in its own order": lambda p: p.facts["chrome"] == ["loadTimes", "csi", "app"],
    "notification answers agree": lambda p: (
        (p.facts["notification"], p.facts["notification_query"])
        in {("default", "prompt"), ("denied", "denied"), ("granted", "granted")}
    ),
    "plug-ins and PDF viewer agree": lambda p: p.facts["pdf"] is (p.facts["plugins"] > 0),
    "what should be native is native": lambda p: p.facts["native"]["foreign"] == [],
    "getters refuse strangers": lambda p: p.facts["native"]["lenient"] == [],
    "navigator has nothing of its own": lambda p: p.facts["native"]["own"] == [],
    "languages are frozen": lambda p: p.facts["native"]["frozen"] is True,
    "eval is Chrome's": lambda p: p.facts["native"]["eval_length"] == 33,
    "no tool left its name in the page": lambda p: p.facts["native"]["traces"] == [],
    "no tool stands in a stack": lambda p: not re.search("playwright|pptr|stealth", p.facts["native"]["stack"]),
}


def contradictions(portrait: Portrait) -> list[str]:
    return [name for name, holds in CHECKS.items() if not holds(portrait)]
