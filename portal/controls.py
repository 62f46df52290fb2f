"""Finding a page's controls: each has a name of ours and its alternatives in order, likeliest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from re import Pattern
from typing import Literal

from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from core.errors import PortalChanged

Place = Page | Locator
Way = Callable[[Place], Locator]
Role = Literal["alert", "button", "checkbox", "dialog", "heading", "radio", "textbox"]


@dataclass(frozen=True, slots=True)
class _ByRole:
    kind: Role
    name: str | Pattern[str] | None
    level: int | None

    def __call__(self, place: Place) -> Locator:
        exact = isinstance(self.name, str)
        return place.get_by_role(self.kind, name=self.name, exact=exact, level=self.level)

    def __str__(self) -> str:
        name = self.name.pattern if isinstance(self.name, Pattern) else self.name
        return f"{self.kind} “{name}”" if name else self.kind


@dataclass(frozen=True, slots=True)
class _BySelector:
    selector: str

    def __call__(self, place: Place) -> Locator:
        return place.locator(self.selector)

    def __str__(self) -> str:
        return self.selector


def role(kind: Role, name: str | Pattern[str] | None = None, *, level: int | None = None) -> Way:
    """By role and name; a plain text must be the whole name."""
    return _ByRole(kind, name, level)


def css(selector: str) -> Way:
    """By selector, which Playwright lets look into open shadow roots."""
    return _BySelector(selector)


@dataclass(frozen=True, slots=True)
class Control:
    name: str
    ways: tuple[Way, ...]

    def locators(self, place: Place) -> list[Locator]:
        return [way(place).filter(visible=True) for way in self.ways]

    def any(self, place: Place) -> Locator:
        """All that is visible of any alternative."""
        return reduce(Locator.or_, self.locators(place))


def control(name: str, *ways: Way) -> Control:
    return Control(name, ways)


async def find(sought: Control, place: Place, *, within: timedelta) -> Locator:
    """The first alternative that is visible, waited for; raises PortalChanged naming the control."""
    if (there := await see(sought, place)) is not None:
        return there
    try:
        await sought.any(place).first.wait_for(timeout=milliseconds(within))
    except PlaywrightTimeoutError as error:
        raise missing(sought) from error
    return await see(sought, place) or sought.any(place).first


async def see(sought: Control, place: Place) -> Locator | None:
    """The first alternative that is visible now, or None."""
    for locator in sought.locators(place):
        if await locator.count():
            return locator.first
    return None


async def which(sought: Control, place: Place, *, within: timedelta) -> int | None:
    """The number of the first alternative that is visible, waited for; None if none of them comes."""
    try:
        await find(sought, place, within=within)
    except PortalChanged:
        return None
    shown = [bool(await locator.count()) for locator in sought.locators(place)]
    return shown.index(True) if any(shown) else None


def missing(sought: Control) -> PortalChanged:
    return PortalChanged(f"The page has no {sought.name} we know.", expected=sought.name)


def milliseconds(duration: timedelta) -> float:
    return duration.total_seconds() * 1000
