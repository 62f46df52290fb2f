"""From everyday words to the City's services: its catalogue has German names alone, and people have their own.

What is found is always a service of the catalogue as it is now; our words only lead there.
"""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz

from core.catalog import Catalog, Service
from core.services import ServiceCount

LONGEST_QUERY = 100
MOST_FOUND = 40
MOST_NEAR = 4
_ENOUGH = 72.0  # of 100: below it, showing a service would be guessing
_NEAR = 45.0  # of 100: half of what was typed
_SAME = 88.0  # of 100: how alike two names of one service are, between two releases of the City's
_TYPO = 78.0  # of 100: how alike two words are that were meant to be one
_SHORTEST_PART = 4  # letters of a word that may be looked for inside a longer one


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing people come for: what the City calls it, and what they do. `frequent` is 0 for what is not."""

    city: tuple[str, ...]
    de: tuple[str, ...]
    en: tuple[str, ...]
    frequent: int = 0

    @property
    def phrases(self) -> tuple[str, ...]:
        return (*self.city, *self.de, *self.en)


@cache
def every() -> tuple[Matter, ...]:
    return tuple(
        Matter(tuple(one["city"]), tuple(one["de"]), tuple(one["en"]), one.get("frequent", 0))
        for one in _file()["matter"]
    )


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("synonyms.toml").read_text("utf-8"))


def offered(catalog: Catalog) -> list[Service]:
    """The services that an appointment can be had for, by name."""
    bookable = (one for one in catalog.services if catalog.offices_for([ServiceCount(one.id)]))
    return sorted(bookable, key=lambda one: (_folded(one.name), one.id))


def frequent(catalog: Catalog) -> list[Service]:
    """What the City's own page offers first, in its order, as far as the catalogue has it."""
    services = offered(catalog)
    named = sorted((one for one in every() if one.frequent), key=lambda one: one.frequent)
    found = (_service_of(matter, services) for matter in named)
    return list({service.id: service for service in found if service is not None}.values())


def in_english(service: Service) -> str:
    """What it is about; empty for what we have no English word for."""
    matter = _matter_of(service)
    return matter.en[0] if matter else ""


def search(catalog: Catalog, text: str) -> list[Service]:
    """Services of that name or that everyday word, in either language and in spite of slips; the best first."""
    return _found(catalog, _words(text[:LONGEST_QUERY]), at_least=_ENOUGH, most=MOST_FOUND)


def nearest(catalog: Catalog, text: str) -> list[Service]:
    """For when nothing was found: where those of the words lead that we know at all."""
    phrases = [phrase for one in every() for phrase in one.phrases] + [one.name for one in offered(catalog)]
    vocabulary = {word for phrase in phrases for word in _phrase(phrase)}
    known = [word for word in _words(text[:LONGEST_QUERY]) if any(_alike(word, one) for one in vocabulary)]
    return _found(catalog, known, at_least=_NEAR, most=MOST_NEAR)


def not_there(catalog: Catalog, text: str) -> str:
    """The City's name for what was typed, if we know what that is and the catalogue does not have it; else empty."""
    wanted, services = _words(text[:LONGEST_QUERY]), offered(catalog)
    near = [(max(_fit(wanted, _phrase(one)) for one in matter.phrases), matter.city[0], matter) for matter in every()]
    score, name, matter = max(near, key=lambda one: one[:2])
    return name if wanted and score >= _ENOUGH and _service_of(matter, services) is None else ""


def _found(catalog: Catalog, wanted: Sequence[str], *, at_least: float, most: int) -> list[Service]:
    scored = [(_score(wanted, service), service) for service in offered(catalog)] if wanted else []
    near = sorted((one for one in scored if one[0] >= at_least), key=lambda one: (-one[0], one[1].name))
    return [service for _, service in near[:most]]


def _service_of(matter: Matter, services: Sequence[Service]) -> Service | None:
    for name in matter.city:
        near = [(_likeness(name, service.name), -service.id, service) for service in services]
        score, _, best = max(near, default=(0.0, 0, None))
        if score >= _SAME:
            return best
    return None


@lru_cache(maxsize=4096)
def _matter_of(service: Service) -> Matter | None:
    near = [(max(_likeness(name, service.name) for name in one.city), place, one) for place, one in enumerate(every())]
    score, _, best = max(near)
    return best if score >= _SAME else None


def _likeness(one: str, other: str) -> float:
    return fuzz.ratio(_folded(one), _folded(other))


def _score(wanted: Sequence[str], service: Service) -> float:
    matter = _matter_of(service)
    phrases = (service.name, *(matter.phrases if matter else ()))
    return max(_fit(wanted, _phrase(phrase)) for phrase in phrases)


def _fit(wanted: Sequence[str], phrase: Sequence[str]) -> float:
    """How well the phrase answers what was typed, 0 to 100: each word of it counts, and words too many a little."""
    if not (wanted and phrase):
        return 0.0
    asked = sum(max(_alike(word, one) for one in phrase) for word in wanted) / len(wanted)
    named = sum(max(_alike(one, word) for word in wanted) for one in phrase) / len(phrase)
    return 0.85 * asked + 0.15 * named


def _alike(word: str, other: str) -> float:
    if word == other:
        return 100.0
    short, long = sorted((word, other), key=len)
    if len(short) < _SHORTEST_PART:
        return 0.0
    if long.startswith(short) or short in long:
        return 92.0
    if (likeness := fuzz.ratio(word, other)) >= _TYPO:
        return likeness
    inside = fuzz.partial_ratio(short, long) if len(short) > _SHORTEST_PART + 1 else 0.0
    return 0.9 * inside if inside >= _SAME else 0.0


@lru_cache(maxsize=8192)
def _phrase(text: str) -> tuple[str, ...]:
    """As `_words`, for what was not typed by anybody, and so may be remembered."""
    return _words(text)


def _words(text: str) -> tuple[str, ...]:
    """Those that say something; all of them where none does."""
    every_word = re.findall(r"[a-z0-9]+", _folded(text).replace("'s", "s"))
    return tuple(one for one in every_word if one not in _silent()) or tuple(every_word)


@cache
def _silent() -> frozenset[str]:
    return frozenset(map(_folded, _file()["silent"].split()))


def _folded(text: str) -> str:
    """One spelling for ä, ae and a, in small letters: phones and keyboards abroad have no umlauts."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o"))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"(?<=[aou])e", "", letters)
