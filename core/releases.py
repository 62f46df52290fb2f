"""The hours of the week in which slots appear: as the offices publish them, and as MTA's own looks have dated them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from core.announcements import announcements
from core.appearances import Record, sight_by_cell
from core.cadence import ReleaseWindow
from core.catalog import Catalog, Office
from core.services import ServiceCount

LEAST_SLOTS = 10  # in an hour of the day, before it may be called a pattern
LEAST_DAYS = 2  # on which that hour was busy
BUSY = 3  # slots in that hour of one day
CLEARLY = 3  # times its share, the share being that of the time anybody looked
_HOURS = 24


class Learnt(BaseModel):
    """Windows as they were found at a moment; `published` tells whether the offices' texts were known then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    published: bool
    windows: tuple[ReleaseWindow, ...]


def published(text: str) -> tuple[ReleaseWindow, ...]:
    """The windows an office's info text names; what cannot be read gives nothing."""
    named = (announcement.window for announcement in announcements(text))
    return tuple(dict.fromkeys(window for window in named if window is not None))


def recorded(record: Record) -> tuple[ReleaseWindow, ...]:
    """The hours that held clearly more of the appearances than of the time in which somebody looked.

    One busy morning is no pattern: an hour needs `LEAST_SLOTS` in all and `LEAST_DAYS` different days with `BUSY`
    slots each, and counts for the weekdays of those days.
    """
    hours = {hour: days for hour in range(_HOURS) if (days := _busy_weekdays(record, hour))}
    return tuple(sorted(_joined(hours), key=_in_order))


def windows_for(
    catalog: Catalog | None, services: Iterable[ServiceCount], office_ids: Iterable[int], record: Record
) -> tuple[ReleaseWindow, ...]:
    """Published and recorded windows of these services at these offices (none: any), without what is said twice."""
    texts = dict.fromkeys(office.scope.info for office in offices(catalog, services, office_ids) if office.scope)
    told = {window for text in texts for window in published(text)}
    learnt = {one for one in recorded(record) if not any(_within(one, window) for window in told)}
    return tuple(sorted(told | learnt, key=_in_order))


def offices(
    catalog: Catalog | None, services: Iterable[ServiceCount], office_ids: Iterable[int] = ()
) -> tuple[Office, ...]:
    wanted = frozenset(office_ids)
    offering = catalog.offices_for(services) if catalog else ()
    return tuple(office for office in offering if not wanted or office.id in wanted)


def _busy_weekdays(record: Record, hour: int) -> frozenset[int]:
    """The weekdays of which this hour is a pattern; empty where it is none."""
    here = [one for one in record.appearances if one.cell[1] == hour]
    by_day: Counter[date] = Counter(one.day for one in here)
    busy = [day for day, slots in by_day.items() if slots >= BUSY]
    if len(here) < LEAST_SLOTS or len(busy) < LEAST_DAYS or not _clearly_more(record, hour, len(here)):
        return frozenset()
    return frozenset(day.weekday() for day in busy)


def _clearly_more(record: Record, hour: int, slots: int) -> bool:
    sight = sight_by_cell(record)
    seen = sum((span for cell, span in sight.items() if cell[1] == hour), timedelta(0))
    if not seen:
        return False
    return slots / len(record.appearances) >= CLEARLY * (seen / sum(sight.values(), timedelta(0)))


def _joined(hours: dict[int, frozenset[int]]) -> Iterator[ReleaseWindow]:
    """Neighbouring hours of the same weekdays are one window."""
    for hour, days in hours.items():
        if hours.get(hour - 1) == days:
            continue
        end = next(later for later in range(hour + 1, _HOURS + 1) if hours.get(later) != days)
        yield ReleaseWindow(days, time(hour), time(end) if end < _HOURS else time.max, "recorded")


def _within(inner: ReleaseWindow, outer: ReleaseWindow) -> bool:
    return inner.weekdays <= outer.weekdays and outer.start <= inner.start and inner.end <= outer.end


def _in_order(window: ReleaseWindow) -> tuple[time, time, list[int], str]:
    return window.start, window.end, sorted(window.weekdays), window.source
