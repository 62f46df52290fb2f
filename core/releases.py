"""The hours of the week in which slots appear: as the offices publish them, and as MTA's own looks have dated them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from pydantic import BaseModel, ConfigDict

from core.announcements import announcements
from core.appearances import SightHour
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


def recorded(hours: Sequence[SightHour]) -> tuple[ReleaseWindow, ...]:
    """The hours of the day that held clearly more of the new slots than of the time in which somebody looked.

    One busy morning is no pattern: an hour needs `LEAST_SLOTS` in all and `LEAST_DAYS` different days with `BUSY`
    slots each, and counts for the weekdays of those days.
    """
    share = _shares(hours)
    patterns = {hour: days for hour in share if share[hour] >= CLEARLY and (days := _busy_weekdays(hours, hour))}
    return tuple(sorted(_joined(patterns), key=_in_order))


def windows_for(
    catalog: Catalog | None, services: Iterable[ServiceCount], office_ids: Iterable[int], hours: Sequence[SightHour]
) -> tuple[ReleaseWindow, ...]:
    """Published and recorded windows of these services at these offices (none: any), without what is said twice."""
    texts = dict.fromkeys(office.scope.info for office in offices(catalog, services, office_ids) if office.scope)
    told = {window for text in texts for window in published(text)}
    learnt = {one for one in recorded(hours) if not any(_within(one, window) for window in told)}
    return tuple(sorted(told | learnt, key=_in_order))


def offices(
    catalog: Catalog | None, services: Iterable[ServiceCount], office_ids: Iterable[int] = ()
) -> tuple[Office, ...]:
    wanted = frozenset(office_ids)
    offering = catalog.offices_for(services) if catalog else ()
    return tuple(office for office in offering if not wanted or office.id in wanted)


def _shares(hours: Iterable[SightHour]) -> dict[int, float]:
    """For each hour of the day that anybody looked into: its share of the slots over its share of the time."""
    slots: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    for one in hours:
        slots[one.cell[1]] += one.slots
        seen[one.cell[1]] += round(one.seen.total_seconds())
    if not slots.total() or not seen.total():
        return {}
    return {
        hour: (slots[hour] / slots.total()) / (seconds / seen.total())
        for hour, seconds in sorted(seen.items())
        if seconds
    }


def _busy_weekdays(hours: Iterable[SightHour], hour: int) -> frozenset[int]:
    """The weekdays of which this hour is a pattern, if it was busy often enough; else none."""
    by_day: Counter[date] = Counter()
    for one in hours:
        if one.slots and one.cell[1] == hour:
            by_day[one.day] += one.slots
    busy = [day for day, slots in by_day.items() if slots >= BUSY]
    enough = by_day.total() >= LEAST_SLOTS and len(busy) >= LEAST_DAYS
    return frozenset(day.weekday() for day in busy) if enough else frozenset()


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
