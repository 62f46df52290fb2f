"""Where offices are: those at one address as one place, and how far that is from where somebody is."""

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rapidfuzz import fuzz, process

from bot.wish.form import Near
from core.catalog import Office

EARTH = 6371.0  # kilometres, its radius
_ALIKE = 80.0  # of 100: a district's name and what was typed
_DIGITS = 3  # of a degree: some hundred metres, as exactly as sorting needs it


@dataclass(frozen=True, slots=True)
class Place:
    """What people know as one office. The City may keep several of its own under the same name at one address."""

    offices: tuple[Office, ...]

    @property
    def name(self) -> str:
        return self.offices[0].name

    @property
    def address(self) -> str:
        return self.offices[0].address

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(office.id for office in self.offices)

    @property
    def captcha(self) -> bool:
        return any(office.captcha for office in self.offices)

    def kilometres(self, near: Near) -> float | None:
        """As the crow flies; None where the City does not say where the office is."""
        known = [one for one in self.offices if one.latitude is not None and one.longitude is not None]
        if not known:
            return None
        return distance((near.latitude, near.longitude), (known[0].latitude or 0.0, known[0].longitude or 0.0))


@dataclass(frozen=True, slots=True)
class District:
    number: int
    name: str
    middle: tuple[float, float]

    @property
    def near(self) -> Near:
        return Near(latitude=self.middle[0], longitude=self.middle[1], name=self.name)


def grouped(offices: Iterable[Office]) -> list[Place]:
    """In the order of the first office of each."""
    found: dict[tuple[str, str], list[Office]] = {}
    for office in offices:
        found.setdefault((office.name, office.address), []).append(office)
    return [Place(tuple(one)) for one in found.values()]


def nearest_first(places: Sequence[Place], near: Near | None) -> list[Place]:
    """As they come without a place to be near; those that are nowhere stand last."""
    if near is None:
        return list(places)
    return sorted(places, key=lambda one: math.inf if (far := one.kilometres(near)) is None else far)


def sent(latitude: float, longitude: float) -> Near:
    """A location that somebody sent, no more exact than it need be."""
    return Near(latitude=round(latitude, _DIGITS), longitude=round(longitude, _DIGITS))


@cache
def districts() -> tuple[District, ...]:
    listed = tomllib.loads(resources.files(__package__).joinpath("districts.toml").read_text("utf-8"))["district"]
    return tuple(District(one["number"], one["name"], (one["middle"][0], one["middle"][1])) for one in listed)


def district_called(text: str) -> District | None:
    """Also by a part of its name, such as Solln or Giesing."""
    parts = {part.casefold(): one for one in districts() for part in re.split(r"[-\s]", one.name)}
    parts |= {one.name.casefold(): one for one in districts()}
    found = process.extractOne(text.casefold().strip(), list(parts), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return parts[found[0]] if found else None


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points given in degrees."""
    north, east, north2, east2 = (math.radians(degree) for degree in (*one, *other))
    half = math.sin((north2 - north) / 2) ** 2 + math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))
