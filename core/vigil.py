"""What a day of looking came to for one wish: how many of the slots that were seen would have pleased."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from core.slots import Slot
from core.wishes import WishRules

SIGN_OF_LIFE = time(18)  # in Munich, when people can read it: from then on it comes, once a day


@dataclass(frozen=True, slots=True)
class Sighting:
    """A slot, and when it was first seen to be free."""

    slot: Slot
    first: datetime


ByDay = Mapping[date, Sequence[Sighting]]


def by_day(sightings: Iterable[Sighting]) -> ByDay:
    """Sorted once for all who wait, since most wishes turn whole days down."""
    found: defaultdict[date, list[Sighting]] = defaultdict(list)
    for one in sightings:
        found[one.slot.day].append(one)
    return found


def fitted(
    seen: ByDay, rules: WishRules, *, office_ids: Iterable[int], since: datetime, before: datetime | None
) -> int:
    """How many pleased when they were seen. No offices mean any; `before` as in core.allocation."""
    offices = frozenset(office_ids)
    return sum(
        (not offices or one.slot.office_id in offices)
        and (before is None or one.slot.starts_at <= before)
        and rules.pleases(one.slot, now=max(one.first, since))
        for day, sightings in seen.items()
        if rules.takes_day(day)
        for one in sightings
    )
