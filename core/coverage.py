"""What of a span of time somebody was looking: only what lies between two looks that saw something, close together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

BLIND_AFTER = timedelta(minutes=5)  # without a look that could see; slots come and go unseen in longer gaps


@dataclass(frozen=True, slots=True)
class Span:
    start: datetime
    end: datetime

    @property
    def lasts(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Sighting:
    """A look that could see, and the offices it asked for; none means any."""

    at: datetime
    office_ids: frozenset[int]


def by_office(sightings: Iterable[Sighting], office_ids: Iterable[int], span: Span) -> Mapping[int, timedelta]:
    """For how long of the span each office was in sight. Offices that the same looks asked for are counted once."""
    ordered = sorted(sightings, key=lambda one: one.at)
    asked = {one.office_ids for one in ordered}
    counted: dict[frozenset[frozenset[int]], timedelta] = {}
    found: dict[int, timedelta] = {}
    for office_id in office_ids:
        covering = frozenset(one for one in asked if not one or office_id in one)
        if covering not in counted:
            counted[covering] = _in_sight((one.at for one in ordered if one.office_ids in covering), span)
        found[office_id] = counted[covering]
    return found


def _in_sight(moments: Iterable[datetime], span: Span) -> timedelta:
    """`moments` in order."""
    seen = timedelta(0)
    for one, following in pairwise(moments):
        if following - one <= BLIND_AFTER:
            seen += max(timedelta(0), min(following, span.end) - max(one, span.start))
    return seen
