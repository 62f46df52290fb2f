"""Weekdays and times of day as the City's offices write them, found in a German sentence.

Each finding says where it stands, so that a reader can tell what it belongs to. What is not understood is not found.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

WEEK: Final = frozenset(range(7))
NIGHT: Final = (time(0), time(6))  # what „über Nacht“ is taken for
MOMENT: Final = timedelta(minutes=15)  # how long „um 8 Uhr“ is taken to last

_NAMES: Final = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_SHORT: Final = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_WORDS: Final = frozenset({"So", "Fr"})  # „So geht es“, „Fr. Huber“: weekdays only beside others
_DAY: Final = rf"\b(?:(?i:{'|'.join(_NAMES)}|sonnabend)s?\b|(?:{'|'.join(_SHORT)})\b\.?)"
_TO: Final = r"\s*(?:-|\bbis\b)\s*"
_AND: Final = r"\s*(?:,|/|&|\+|\b(?:und|oder|sowie)\b)\s*(?:(?:von|am|jeweils)\s+)?"
_PHRASE: Final = re.compile(rf"{_DAY}(?:(?:{_TO}|{_AND}){_DAY})*")
_ONE: Final = re.compile(rf"(?P<to>{_TO})?(?P<day>{_DAY})")
_MANY: Final = (
    (re.compile(r"(?i)\btäglich\b|\bjede[nm]\s+Tag\b"), WEEK),
    (re.compile(r"(?i)\b(?:an\s+Werktagen|werktags|werktäglich|wochentags)\b"), WEEK - {6}),  # some count Saturday in
    (re.compile(r"(?i)\b(?:an|jeden)\s+Arbeitstag(?:en)?\b"), WEEK - {5, 6}),
    (re.compile(r"(?i)\b(?:am|an)\s+Wochenenden?\b"), frozenset({5, 6})),
)

_TIME: Final = r"(?P<{0}>\d{{1,2}}(?:[:.]\d{{2}})?)"
_CLOCK: Final = re.compile(
    rf"""(?x)(?<![\d.,:/-])(?:
        {_TIME.format("opens")}(?:\s*Uhr)?\s*(?:-|\bbis\b|(?P<both>\bund\b))\s*{_TIME.format("closes")}
            (?:\s*(?P<clock>Uhr)\b)?(?![\d:.]*\d)(?!\s*\d)
      | (?<!bis\s)(?<!ab\s)(?<!spätestens\s)(?<!frühestens\s)\b[Uu]m\s+{_TIME.format("at")}\s*Uhr\b
            (?!\s*\d)(?!\s*(?:-|,|\b(?:bis|und|oder|sowie)\b)\s*\d)
      | \b[üÜ]ber\s+Nacht\b
    )"""
)
_BETWEEN: Final = re.compile(r"(?i)\bzwischen\s+$")
_LATEST_HOUR: Final = 24


@dataclass(frozen=True, slots=True)
class Weekdays:
    begin: int
    finish: int
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Clock:
    """From `opens` until `closes`, which is on the next day where it is not later."""

    begin: int
    finish: int
    opens: time
    closes: time


def weekdays(sentence: str) -> list[Weekdays]:
    found = [Weekdays(one.start(), one.end(), _days(one[0])) for one in _PHRASE.finditer(sentence)]
    for many, days in _MANY:
        found += [Weekdays(one.start(), one.end(), days) for one in many.finditer(sentence)]
    return sorted((one for one in found if one.days), key=lambda one: one.begin)


def clocks(sentence: str) -> list[Clock]:
    read = (_clock(one) for one in _CLOCK.finditer(sentence))
    return [one for one in read if one is not None]


def _days(phrase: str) -> frozenset[int]:
    named = [(bool(one["to"]), one["day"].rstrip(".")) for one in _ONE.finditer(phrase)]
    if len(named) == 1 and named[0][1] in _WORDS:
        return frozenset()
    days: set[int] = set()
    last = 0
    for to, name in named:
        day = _number(name)
        days |= {(last + n) % 7 for n in range((day - last) % 7 + 1)} if to else {day}
        last = day
    return frozenset(days)


def _number(name: str) -> int:
    if name in _SHORT:
        return _SHORT.index(name)
    plain = name.lower().removesuffix("s").replace("sonnabend", "samstag")
    return _NAMES.index(plain)


def _clock(one: re.Match[str]) -> Clock | None:
    if one["at"]:
        opens = _time(one["at"])
        closes = None if opens is None else (datetime.combine(date.min, opens) + MOMENT).time()
    elif one["opens"]:
        opens, closes = (_time(one["opens"]), _time(one["closes"])) if _is_range(one) else (None, None)
    else:
        opens, closes = NIGHT
    if opens is None or closes is None or opens == closes:
        return None
    return Clock(one.start(), one.end(), opens, closes)


def _is_range(one: re.Match[str]) -> bool:
    """„7 und 8 Uhr“ are hours between which something is only after „zwischen“; without „Uhr“ only 7:30-8:30 is."""
    if one["both"] and not _BETWEEN.search(one.string[: one.start()]):
        return False
    return bool(one["clock"]) or (":" in one["opens"] and ":" in one["closes"])


def _time(written: str) -> time | None:
    hour, _, minute = written.replace(".", ":").partition(":")
    if int(hour) == _LATEST_HOUR and not int(minute or 0):
        return time(0)
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None
