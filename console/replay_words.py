"""A replay as the operator reads it, and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from console import printing, store
from core.catalog import Catalog
from core.coverage import BLIND_AFTER
from core.relaxations import (
    AddOffice,
    AddWeekday,
    AnyHour,
    DropExcluded,
    LaterLatest,
    LongerRange,
    Relaxation,
    ShorterNotice,
    WiderHours,
)
from core.replay import Appearance, History, Replay, Stay
from core.services import ServiceCount
from core.wishes import Wish

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
BOUND = (
    "Counted is what was looked at. The times of days that no watch could take were mostly not asked, so a wider wish"
    " may have had more. Who else waits is not counted in."
)


@dataclass(frozen=True, slots=True)
class Told:
    services: tuple[ServiceCount, ...]
    history: History
    catalog: Catalog | None

    @property
    def had(self) -> Replay:
        return self.history.had

    @property
    def wish(self) -> Wish:
        return self.history.wish

    @property
    def concerned(self) -> Sequence[timedelta]:
        return self.history.concerned

    def where(self, office_id: int) -> str:
        return store.office_name(self.catalog, office_id)


def show(told: Told) -> None:
    had = told.had
    printing.facts(
        {
            "such slots": _count(had),
            "first of them": _first(told, had.pleasing[0]) if had.pleasing else "",
            "lasting": _if(had.staying(Stay.LASTING), "seen by a further look too: time to try a booking"),
            "fleeting": _if(had.staying(Stay.FLEETING), "seen by one look only and gone at the next"),
            "unclear": _if(had.staying(Stay.UNCLEAR), f"seen by one look; none followed within {_span(BLIND_AFTER)}"),
            "in sight": _sight(told),
        }
    )
    if had.gains:
        printing.table(
            ("what would have helped most", "more", "slots"),
            [(in_words(one.relaxation, told), f"+{one.more}", one.slots) for one in had.gains],
        )
    printing.table(("office", "where", "slots seen", "in sight"), _offices(told))
    printing.say(BOUND)


def as_facts(told: Told) -> dict[str, Any]:
    had = told.had
    return {
        "services": [str(one) for one in told.services],
        "offices": told.wish.office_ids,
        "since": had.span.start,
        "until": had.span.end,
        "slots": len(had.pleasing),
        "appointment_days": had.days,
        "came_on": had.came_on,
        **{str(stay): had.staying(stay) for stay in Stay},
        "pleasing": [_appearance(told, one) for one in had.pleasing],
        "relaxations": [
            {
                "code": one.relaxation.code,
                "change": in_words(one.relaxation, told),
                "more": one.more,
                "slots": one.slots,
            }
            for one in had.gains
        ],
        "hours": _hours(had.span.lasts),
        "hours_in_sight": _hours(min(told.concerned, default=timedelta(0))),
        "offices_known": [
            {
                "office_id": office_id,
                "office": told.where(office_id),
                "slots": had.offered.get(office_id, 0),
                "hours_in_sight": _hours(seen),
            }
            for office_id, seen in _known(told)
        ],
    }


def in_words(relaxation: Relaxation, told: Told) -> str:
    match relaxation:
        case AddOffice(office_id):
            return f"add {told.where(office_id)} ({office_id})"
        case ShorterNotice(notice):
            return f"a notice of {_span(notice)}"
        case WiderHours() | AnyHour() | AddWeekday():
            return _of_hours(relaxation)
        case DropExcluded() | LaterLatest() | LongerRange():
            return _of_days(relaxation)


def _of_hours(relaxation: WiderHours | AnyHour | AddWeekday) -> str:
    match relaxation:
        case WiderHours(earlier, later):
            return f"begin {earlier} h earlier" if earlier else f"end {later} h later"
        case AnyHour():
            return "any hour of the same days"
        case AddWeekday(weekday):
            return f"take {WEEKDAYS[weekday]} too, at the same hours"


def _of_days(relaxation: DropExcluded | LaterLatest | LongerRange) -> str:
    match relaxation:
        case DropExcluded(day):
            return f"take {day:%a %d %b %Y} too"
        case LaterLatest(days):
            return f"the latest day {days} days later"
        case LongerRange(span, earlier, later):
            change = f"to end {later} days later" if later else f"to begin {earlier} days earlier"
            return f"the days {span.first} to {span.last} {change}"


def _count(had: Replay) -> str:
    days = f"in the last {_several(had.span.lasts // DAY, 'day')}"
    if not had.pleasing:
        return f"none that was seen {days}"
    come = _several(len(had.came_on), "day")
    return f"{len(had.pleasing)} {days}, for appointments on {_several(len(had.days), 'day')}; they came on {come}"


def _first(told: Told, one: Appearance) -> str:
    when = f"{printing.berlin(one.slot.starts_at)}, {told.where(one.slot.office_id)}"
    return f"{when}; it came {printing.berlin(one.first)}, {_stayed(one)}"


def _stayed(one: Appearance) -> str:
    if one.stay is Stay.FLEETING:
        return f"was seen by one look only and gone within {_span(one.at_most or timedelta(0))}"
    if one.stay is Stay.UNCLEAR:
        return "was seen by one look, and nobody looked again soon"
    if one.at_most is None:
        return f"was still on offer {_span(one.at_least)} later"
    return f"stayed {_span(one.at_least)} to {_span(one.at_most)}"


def _sight(told: Told) -> str:
    of = f"of {_hours(told.had.span.lasts):g} hours"
    least, most = min(told.concerned, default=timedelta(0)), max(told.concerned, default=timedelta(0))
    if not most:
        return f"0 {of}: nobody looked, so nothing can be said"
    if least == most:
        return f"{_hours(least):g} {of}"
    return f"{_hours(least):g} to {_hours(most):g} {of}, by office"


def _offices(told: Told) -> Iterator[tuple[object, ...]]:
    for office_id, seen in _known(told):
        sight = f"{_hours(seen):g} h" if seen >= HOUR else _span(seen)
        yield office_id, told.where(office_id), told.had.offered.get(office_id, 0), sight if seen else "never"


def _known(told: Told) -> Sequence[tuple[int, timedelta]]:
    return [
        (office_id, seen)
        for office_id, seen in told.history.in_sight.items()
        if seen or office_id in told.wish.office_ids or office_id in told.had.offered
    ]


def _appearance(told: Told, one: Appearance) -> dict[str, Any]:
    return {
        "starts_at": one.slot.starts_at,
        "office_id": one.slot.office_id,
        "office": told.where(one.slot.office_id),
        "first_seen_at": one.first,
        "last_seen_at": one.last,
        "gone_at": one.gone,
        "stay": str(one.stay),
    }


def _if(count: int, words: str) -> str:
    return f"{count} {words}" if count else ""


def _several(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _hours(span: timedelta) -> float:
    return round(span / HOUR, 1)


def _span(span: timedelta) -> str:
    if span < 2 * MINUTE:
        return f"{span.total_seconds():.0f} s"
    if span < 2 * HOUR:
        return f"{span / MINUTE:.0f} min"
    return f"{span / HOUR:.0f} h" if span < 2 * DAY else f"{span / DAY:.0f} days"
