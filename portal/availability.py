"""What the City says is free, the same for both generations of its API."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.errors import PortalChanged
from core.slots import Slot

CLOCKS_DIFFER = timedelta(minutes=10)
FARTHEST = timedelta(days=366)  # the City refuses questions about more than 365 days


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page's own question was about: the days `first` to `last`, in August also the times of `day`."""

    first: date
    last: date
    day: date | None = None

    def check_inside(self, days: Iterable[date]) -> None:
        """Raise PortalChanged for a day that the question was not about."""
        if any(not self.first <= day <= self.last for day in days):
            raise PortalChanged("The City lists days that nobody asked for.", expected="availableDays")


@dataclass(frozen=True, slots=True)
class Availability:
    """One answer. `days` maps each bookable day it lists to its offices, `times` each day it gives times for.

    `month_of` is a day whose whole month the list covers; None means the list covers the whole horizon. `later`
    and `earlier` are the nearest bookable days on both sides of the covered months, if the City named them.
    """

    days: Mapping[date, frozenset[int]] = field(default_factory=dict)
    times: Mapping[date, frozenset[Slot]] = field(default_factory=dict)
    month_of: date | None = None
    later: date | None = None
    earlier: date | None = None

    @property
    def offices(self) -> frozenset[int]:
        named = frozenset[int]().union(*self.days.values())
        return named | {slot.office_id for slots in self.times.values() for slot in slots}


def check_plausible(found: Availability, *, asked: Collection[int], now: datetime) -> None:
    """Raise PortalChanged for what cannot be: offices nobody asked for, times that are over or absurdly far."""
    if not found.offices <= set(asked):
        raise PortalChanged("The City offers offices nobody asked for.", expected="officeId")
    oldest = now - CLOCKS_DIFFER
    named = {*found.days, *filter(None, (found.later, found.earlier))}
    if any(day < oldest.astimezone(now.tzinfo).date() - timedelta(days=1) for day in named):
        raise PortalChanged("The City offers days that are over.", expected="availableDays")
    if any(slot.starts_at < oldest for slots in found.times.values() for slot in slots):
        raise PortalChanged("The City offers times that are over.", expected="appointments")
    if any(day > (now + FARTHEST).date() for day in named | set(found.times)):
        raise PortalChanged("The City offers days that are farther off than it takes questions about.", expected="date")
