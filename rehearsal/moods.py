"""Moods: what goes wrong, or is scarce, in the city right now.

Written `name[=value][@delay][:place][#count]`. `value` is a number the mood explains, `delay` city seconds,
`place` an endpoint (for answers) or an office id (for supply), `count` how many requests it lasts for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

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

_SPEC = re.compile(
    r"(?P<name>[a-z-]+)(=(?P<value>\d+(\.\d+)?))?(@(?P<delay>\d+(\.\d+)?))?"
    r"(:(?P<place>[a-z0-9-]+))?(#(?P<count>[1-9]\d*))?"
)


class BadMood(ValueError):
    """A mood or a script nobody can follow; the text says why."""


@dataclass
class Mood:
    """`remaining` None lasts until taken away."""

    name: str
    value: float
    delay: float = 0.0
    place: str | None = None
    remaining: int | None = None

    def __str__(self) -> str:
        value = "" if self.value == _DEFAULTS.get(self.name) else f"={self.value:g}"
        delay = f"@{self.delay:g}" if self.delay else ""
        place = f":{self.place}" if self.place else ""
        count = "" if self.remaining is None else f"#{self.remaining}"
        return f"{self.name}{value}{delay}{place}{count}"


def parse_mood(spec: str) -> Mood:
    found = _SPEC.fullmatch(spec.strip())
    if found is None:
        raise BadMood(f'"{spec}" is not a mood; write name[=value][@delay][:place][#count]')
    name = found["name"]
    if name not in _DEFAULTS:
        raise BadMood(f'no mood is called "{name}"; there are: {", ".join((NORMAL, *_DEFAULTS))}')
    if name in SUPPLY and found["place"] and not found["place"].isdigit():
        raise BadMood(f'"{name}" wants an office id after the colon, not "{found["place"]}"')
    return Mood(
        name=name,
        value=float(found["value"]) if found["value"] else _DEFAULTS[name],
        delay=float(found["delay"] or 0),
        place=found["place"],
        remaining=int(found["count"]) if found["count"] else None,
    )


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

    def remove(self, names: Sequence[str]) -> None:
        """By name alone, or by the whole mood as written."""
        self._active = [m for m in self._active if m.name not in names and str(m) not in names]

    def clear(self) -> None:
        self._active.clear()

    def find(self, name: str, endpoint: str | None = None) -> Mood | None:
        for mood in self._active:
            if mood.name == name and (mood.place is None or mood.place == endpoint):
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
        return next((mood.name for mood in self._active if mood.name in PAGE), "")


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
