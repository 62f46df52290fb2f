"""What a person writes on a command line or into a batch file, read into the words of the core.

Everything here raises BadInput that names the field, with an example of what would have been understood.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pydantic import ValidationError

from core.contact import Contact
from core.errors import BadInput
from core.slots import BERLIN
from core.wishes import DayRange, HourRange, Mode, WishRules

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GERMAN_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
LANGUAGES = ("de", "en")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?")
_SPAN = re.compile(r"(\d{1,6})\s*(m|min|h|d|w)")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MIDNIGHT = 24  # 24:00 is the end of a day, written as its last minute


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRules:
    """The rules of a wish as they were typed, by the names of the options; None is what was not given."""

    from_: Sequence[str] | None = None
    to: Sequence[str] | None = None
    exclude: Sequence[str] | None = None
    hours: Sequence[str] | None = None
    notice: str = ""
    latest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Written:
    """A wish as it was typed. Has no repr: who it is for is in it."""

    services: Sequence[str]
    offices: Sequence[str] = ()
    contact: Contact
    language: str = "de"
    rules: WrittenRules = WrittenRules()
    mode: str = "auto"
    until: str = ""


def rules(written: WrittenRules) -> WishRules:
    return WishRules(
        ranges=day_ranges(written.from_ or (), written.to or ()),
        excluded=frozenset(day(one, field="exclude") for one in written.exclude or ()),
        hours=tuple(part for one in written.hours or () for part in hours(one)),
        minimum_notice=span(written.notice, field="notice") if written.notice else timedelta(0),
        latest=day(written.latest, field="latest") if written.latest else None,
    )


def day(written: str, *, field: str) -> date:
    """2026-11-24 or 24.11.2026."""
    text = written.strip()
    if match := _ISO_DAY.fullmatch(text):
        year, month, number = map(int, match.groups())
    elif match := _GERMAN_DAY.fullmatch(text):
        number, month, year = map(int, match.groups())
    else:
        raise BadInput(f"“{written}” is not a day.", field=field, hint="Write 2026-11-24 or 24.11.2026.")
    try:
        return date(year, month, number)
    except ValueError:
        raise BadInput(f"There is no day {text}.", field=field) from None


def day_range(first: str, last: str) -> DayRange:
    begin, end = day(first, field="from"), day(last, field="to")
    if end < begin:
        raise BadInput(f"The days end ({last}) before they begin ({first}).", field="to")
    return DayRange(first=begin, last=end)


def day_ranges(firsts: Sequence[str], lasts: Sequence[str]) -> tuple[DayRange, ...]:
    """Pair every first day with its last one."""
    if len(firsts) != len(lasts):
        lacking = "from" if len(firsts) < len(lasts) else "to"
        raise BadInput("Every first day (from) needs its last one (to).", field=lacking)
    return tuple(day_range(first, last) for first, last in zip(firsts, lasts, strict=True))


def hours(written: str) -> tuple[HourRange, ...]:
    """`08:00-12:00`, `mon-fri 8-12`, `mo,mi 14:00-18:00`: one range for each weekday, or one for all of them."""
    words = written.strip().lower().rsplit(maxsplit=1)
    if not words:
        raise BadInput("The hours are empty.", field="hours", hint=_HOURS_HINT)
    start, end = _clock_range(words[-1], written)
    weekdays = _weekdays(words[0], written) if len(words) > 1 else (None,)
    try:
        return tuple(HourRange(start=start, end=end, weekday=weekday) for weekday in weekdays)
    except ValidationError:
        raise BadInput(f"“{written}”: the hours end before they begin.", field="hours") from None


def span(written: str, *, field: str) -> timedelta:
    """90m, 24h, 2d or 1w."""
    match = _SPAN.fullmatch(written.strip().lower())
    if match is None:
        raise BadInput(f"“{written}” is not a span of time.", field=field, hint="Write 90m, 24h, 2d or 1w.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def end_of(written: str, *, field: str) -> datetime:
    """The end of that day in Munich."""
    following = day(written, field=field) + timedelta(days=1)
    return datetime.combine(following, time(), tzinfo=BERLIN).astimezone(UTC)


def mode(written: str) -> Mode:
    if written not in set(Mode):
        raise BadInput(f"“{written}” is not a mode.", field="mode", hint=f"There are: {', '.join(Mode)}.")
    return Mode(written)


def language(written: str) -> str:
    if written not in LANGUAGES:
        raise BadInput(f"“{written}” is not a language MTA speaks.", field="language", hint="There are: de, en.")
    return written


def office_ids(written: Iterable[str]) -> tuple[int, ...]:
    """Office numbers in the order of preference; one named twice counts once."""
    return tuple(dict.fromkeys(_office_id(one) for one in written))


def _office_id(written: str) -> int:
    if not (written.strip().isascii() and written.strip().isdigit()):
        raise BadInput(
            f"“{written}” is not an office's number.",
            field="office",
            hint="Search with: mta catalog search TEXT",
        )
    return int(written)


_HOURS_HINT = "Write “08:00-12:00” or “mon-fri 08:00-12:00”."


def _clock_range(written: str, whole: str) -> tuple[time, time]:
    first, dash, last = written.replace("–", "-").partition("-")
    if not dash:
        raise BadInput(f"“{whole}” are not hours.", field="hours", hint=_HOURS_HINT)
    return _clock(first, whole), _clock(last, whole)


def _clock(written: str, whole: str) -> time:
    match = _CLOCK.fullmatch(written)
    if match is None:
        raise BadInput(f"“{whole}” are not hours.", field="hours", hint=_HOURS_HINT)
    hour, minute = int(match[1]), int(match[2] or 0)
    if (hour, minute) == (_MIDNIGHT, 0):
        return time.max
    try:
        return time(hour, minute)
    except ValueError:
        raise BadInput(f"“{whole}”: there is no such time of day.", field="hours") from None


def _weekdays(written: str, whole: str) -> tuple[int | None, ...]:
    found: dict[int, None] = {}
    for part in re.split(r"\s*,\s*", written.replace("–", "-")):
        first, _, last = part.partition("-")
        begin = _weekday(first.strip(), whole)
        end = _weekday(last.strip(), whole) if last else begin
        if end < begin:
            raise BadInput(f"“{whole}”: the weekdays end before they begin.", field="hours")
        found.update(dict.fromkeys(range(begin, end + 1)))
    return tuple(found)


def _weekday(written: str, whole: str) -> int:
    for names in (WEEKDAYS, GERMAN_WEEKDAYS):
        if written in names:
            return names.index(written)
    raise BadInput(f"“{whole}”: “{written}” is no weekday.", field="hours", hint=f"They are {', '.join(WEEKDAYS)}.")
