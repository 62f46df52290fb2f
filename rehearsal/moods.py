"""Moods: what goes wrong, or is scarce, in the city right now.

Written `name[=value][@when][:place][#count]`. `value` is a number the mood explains; `when` is city seconds from
now, or a time of day in Munich ("07:00"), until which the mood waits; `place` is an endpoint (for answers) or an
office id (for supply); `count` is how many requests it lasts for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from rehearsal.catalog import load_catalog
from rehearsal.clock import BERLIN

SUPPLY = {"none": 0.0, "trickle": 1.0, "release": 20.0, "rivals": 6.0}
ANSWERS = {
    "gone": 0.0,
    "slow": 2.0,
    "throttled": 0.0,
    "blacklisted": 0.0,
    "maintenance": 0.0,
    "bad-gateway": 0.0,
    "html": 0.0,
    "crash": 0.0,
    "captcha-down": 0.0,
    "captcha-disabled": 0.0,
    "renamed-field": 0.0,
    "network-drop": 0.0,
}
PAGE = {"missing-control": 0.0, "unknown-headline": 0.0}
NORMAL = "normal"
_DEFAULTS = {**SUPPLY, **ANSWERS, **PAGE}
_VALUED = {"trickle", "release", "rivals", "slow"}
_ANYWHERE = {"none", "gone", "captcha-disabled", *PAGE}
_AT_ONCE = {"none", *PAGE}

ENDPOINTS = frozenset(
    {
        "offices-and-services",
        "captcha-details",
        "captcha-challenge",
        "captcha-verify",
        "available-calendar",
        "available-days",
        "available-days-by-office",
        "available-appointments",
        "available-appointments-by-office",
        "reserve-appointment",
        "update-appointment",
        "preconfirm-appointment",
        "confirm-appointment",
        "cancel-appointment",
        "appointment",
        "my-appointments",
    }
)

_SPEC = re.compile(
    r"(?P<name>[a-z-]+)(=(?P<value>\d+(\.\d+)?))?"
    r"(@(?P<clock>\d{2}:\d{2}(?!\d))|@(?P<delay>\d+(\.\d+)?))?"
    r"(:(?P<place>[a-z0-9-]+))?(#(?P<count>[1-9]\d*))?"
)


class BadMood(ValueError):
    """A mood or a script nobody can follow; the text says why."""


@dataclass
class Mood:
    """`clock` is a Munich time of day and stands before `delay`. `remaining` None lasts until taken away."""

    name: str
    value: float
    delay: float = 0.0
    clock: time | None = None
    place: str | None = None
    remaining: int | None = None
    waiting: bool = False

    def __str__(self) -> str:
        value = "" if self.value == _DEFAULTS.get(self.name) else f"={self.value:g}"
        delay = f"@{self.delay:g}" if self.delay else ""
        when = f"@{self.clock:%H:%M}" if self.clock else delay
        place = f":{self.place}" if self.place else ""
        count = "" if self.remaining is None else f"#{self.remaining}"
        return f"{self.name}{value}{when}{place}{count}"

    def begins(self, now: datetime) -> datetime:
        if self.clock is None:
            return now + timedelta(seconds=self.delay)
        today = now.astimezone(BERLIN).date()
        moments = (datetime.combine(today + timedelta(days=n), self.clock, BERLIN) for n in (0, 1))
        return next(moment for moment in moments if moment >= now)


def parse_mood(spec: str) -> Mood:
    """Raise `BadMood` for what is no mood, or has a part that this mood would pass over."""
    found = _SPEC.fullmatch(spec.strip())
    if found is None:
        raise BadMood(f'"{spec}" is not a mood; write name[=value][@when][:place][#count]')
    name = found["name"]
    if name not in _DEFAULTS:
        raise BadMood(f'no mood is called "{name}"; there are: {", ".join((NORMAL, *_DEFAULTS))}')
    _check_parts(found)
    return Mood(
        name=name,
        value=float(found["value"]) if found["value"] else _DEFAULTS[name],
        delay=float(found["delay"] or 0),
        clock=_time_of_day(found["clock"]),
        place=found["place"],
        remaining=int(found["count"]) if found["count"] else None,
    )


def _check_parts(found: re.Match[str]) -> None:
    name, place = found["name"], found["place"]
    parts = (
        ("value after =", found["value"], name in _VALUED),
        ("time after @", found["delay"] or found["clock"], name not in _AT_ONCE),
        ("place after :", place, name not in _ANYWHERE),
        ("count after #", found["count"], name in ANSWERS),
    )
    for part, given, taken in parts:
        if given and not taken:
            raise BadMood(f'the mood "{name}" takes no {part}')
    if place and name in SUPPLY and place not in _office_ids():
        raise BadMood(f'"{name}" wants an office id after the colon; there is no office "{place}"')
    if place and name in ANSWERS and place not in ENDPOINTS:
        raise BadMood(f'"{name}" wants an endpoint after the colon, one of: {", ".join(sorted(ENDPOINTS))}')


def _time_of_day(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise BadMood(f'"{text}" is not a time of day') from None


@cache
def _office_ids() -> frozenset[str]:
    return frozenset(map(str, load_catalog().offices))


class Moods:
    """The moods in force. `normal` stands for none at all."""

    def __init__(self) -> None:
        self._active: list[Mood] = []

    def __iter__(self) -> Iterator[Mood]:
        return iter(tuple(self._active))

    def specs(self) -> list[str]:
        return [str(mood) for mood in self._active] or [NORMAL]

    def add(self, specs: Iterable[str]) -> list[Mood]:
        new = [parse_mood(spec) for spec in specs if spec.strip() != NORMAL]
        self._active.extend(new)
        return new

    def remove(self, names: Sequence[str]) -> list[Mood]:
        """By name alone, or by the whole mood as written; gives those removed."""
        removed = [m for m in self._active if m.name in names or str(m) in names]
        self._active = [m for m in self._active if m not in removed]
        return removed

    def find(self, name: str, endpoint: str | None = None) -> Mood | None:
        for mood in self._active:
            if mood.name == name and not mood.waiting and mood.place in {None, endpoint}:
                return mood
        return None

    def take(self, name: str, endpoint: str) -> Mood | None:
        """Like `find`, and one of its counted requests is used up."""
        mood = self.find(name, endpoint)
        if mood is not None and mood.remaining is not None:
            mood.remaining -= 1
            if mood.remaining == 0:
                self._active.remove(mood)
        return mood

    def page(self) -> str:
        return ",".join(mood.name for mood in self._active if mood.name in PAGE)


class Turn(BaseModel):
    """One line of a script: `at` city seconds after the start, `moods` replaces, `add` and `remove` adjust."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: float
    moods: tuple[str, ...] | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def read_script(path: Path) -> list[Turn]:
    """YAML or JSON: a list of turns. Raises `BadMood` with the line's place in the list."""
    try:
        lines: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as e:
        raise BadMood(f"the script {path} cannot be read: {e}") from e
    if not isinstance(lines, list):
        raise BadMood(f"the script {path} is not a list of turns")
    return [_turn(line, place=place) for place, line in enumerate(lines, start=1)]


def _turn(line: Any, *, place: int) -> Turn:
    try:
        turn = Turn.model_validate(line)
        for spec in (*(turn.moods or ()), *turn.add):
            if spec.strip() != NORMAL:
                parse_mood(spec)
    except ValidationError as e:
        first = e.errors()[0]
        raise BadMood(f"turn {place}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from e
    except BadMood as e:
        raise BadMood(f"turn {place}: {e}") from e
    return turn
