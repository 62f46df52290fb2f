"""The supply of appointments: which openings an office has, who holds them, and which starts are on offer.

An opening is a stretch of one office's day that takes one booking. Longer bookings take openings that follow
one another without a gap. The everyday supply is a pure function of seed, office and day.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rehearsal.catalog import Catalog, Office
from rehearsal.clock import BERLIN, berlin_day, berlin_day_of

_OPENS = time(8, 0)
_MINUTES_OPEN = 7 * 60
_BLOCK = (3, 6)
_SATURDAY = 5
SHORTEST_OPENING = 15


@dataclass(frozen=True, order=True)
class Opening:
    """`start` is unix seconds."""

    office: int
    start: int
    minutes: int

    @property
    def end(self) -> int:
        return self.start + self.minutes * 60


class Slots:
    def __init__(self, catalog: Catalog, *, seed: int, per_day: tuple[int, int]) -> None:
        self._catalog = catalog
        self._seed = seed
        self._per_day = per_day
        self._everyday: dict[tuple[int, date], tuple[Opening, ...]] = {}
        self._added: dict[tuple[int, date], set[Opening]] = {}
        self._brought: set[Opening] = set()
        self._removed: set[tuple[int, int]] = set()
        self._taken: dict[tuple[int, int], str] = {}
        self.everyday_open = True

    def on_offer(self, office_id: int, day: date, *, minutes: int, now: datetime) -> list[int]:
        """Starts, unix seconds, at which `minutes` in a row are free at this office on this day."""
        if not self._in_window(self._catalog.offices[office_id], day, now):
            return []
        free = {opening.start: opening for opening in self._free(office_id, day)}
        earliest = int(now.timestamp())
        return [s for s in sorted(free) if s > earliest and self._chain(free, s, minutes)]

    def take(self, office_id: int, start: int, *, minutes: int, by: str, now: datetime) -> tuple[Opening, ...]:
        """The openings now held by `by`; empty when the start is not on offer any more."""
        day = berlin_day_of(start)
        if start not in self.on_offer(office_id, day, minutes=minutes, now=now):
            return ()
        free = {opening.start: opening for opening in self._free(office_id, day)}
        chain = self._chain(free, start, minutes)
        self._taken.update({(o.office, o.start): by for o in chain})
        return chain

    def release(self, openings: Iterable[Opening]) -> None:
        for opening in openings:
            self._taken.pop((opening.office, opening.start), None)

    def add(self, opening: Opening) -> bool:
        """False when the office already has something in that stretch."""
        key = (opening.office, berlin_day_of(opening.start))
        others = self._supply(*key)
        if any(o.start < opening.end and opening.start < o.end for o in others):
            return False
        self._removed.discard((opening.office, opening.start))
        self._added.setdefault(key, set()).add(opening)
        return True

    def remove(self, office_id: int, start: int) -> bool:
        known = any(o.start == start for o in self._supply(office_id, berlin_day_of(start)))
        self._removed.add((office_id, start))
        return known

    def bring(self, opening: Opening) -> bool:
        """Like `add`, until moods are changed."""
        added = self.add(opening)
        if added:
            self._brought.add(opening)
        return added

    def withdraw(self) -> None:
        """Take back what moods brought and nobody holds; what was added by hand stays."""
        for opening in self._brought:
            if (opening.office, opening.start) not in self._taken:
                self._added[opening.office, berlin_day_of(opening.start)].discard(opening)
        self._brought.clear()

    def free_now(self, now: datetime, *, offices: Iterable[int] | None = None) -> list[Opening]:
        """Every free opening inside the booking windows, earliest first."""
        chosen = self._catalog.offices if offices is None else offices
        earliest = int(now.timestamp())
        found = [
            opening
            for office_id in chosen
            for day in self._window(self._catalog.offices[office_id], now)
            for opening in self._free(office_id, day)
            if opening.start > earliest
        ]
        return sorted(found, key=lambda o: (o.start, o.office))

    def opening_minutes(self, office_id: int) -> int:
        """Long enough for one unit of the longest thing this office offers."""
        office = self._catalog.offices[office_id]
        needs = [s.needs[office_id] for s in self._catalog.services.values() if office_id in s.needs]
        longest = max(needs, default=1) * office.grid
        shortest = max(SHORTEST_OPENING, longest)
        return -(-shortest // office.grid) * office.grid

    def candidates(self, office_id: int, now: datetime) -> Iterator[Opening]:
        """Stretches of the office's coming days where nothing is yet."""
        minutes = self.opening_minutes(office_id)
        for day in self._window(self._catalog.offices[office_id], now):
            if day.weekday() >= _SATURDAY:
                continue
            used = self._supply(office_id, day)
            for offset in range(0, _MINUTES_OPEN, minutes):
                opening = Opening(office_id, _start(day, offset), minutes)
                clear = all(o.end <= opening.start or opening.end <= o.start for o in used)
                if clear and opening.start > now.timestamp():
                    yield opening

    def _free(self, office_id: int, day: date) -> list[Opening]:
        return [o for o in self._supply(office_id, day) if (o.office, o.start) not in self._taken]

    def _supply(self, office_id: int, day: date) -> list[Opening]:
        usual = self._usual(office_id, day) if self.everyday_open else ()
        added = self._added.get((office_id, day), set())
        return [o for o in (*usual, *added) if (o.office, o.start) not in self._removed]

    def _usual(self, office_id: int, day: date) -> tuple[Opening, ...]:
        key = (office_id, day)
        if key not in self._everyday:
            self._everyday[key] = tuple(self._draw(office_id, day))
        return self._everyday[key]

    def _draw(self, office_id: int, day: date) -> Iterator[Opening]:
        """Blocks of openings in a row, so that longer bookings find room too."""
        if day.weekday() >= _SATURDAY:
            return
        rng = random.Random(f"{self._seed}/{office_id}/{day.isoformat()}")
        minutes = self.opening_minutes(office_id)
        wanted = rng.randint(*self._per_day)
        places = list(range(_MINUTES_OPEN // minutes))
        chosen: set[int] = set()
        while len(chosen) < min(wanted, len(places)):
            first = rng.choice(places)
            chosen.update(p for p in range(first, first + rng.randint(*_BLOCK)) if p in places)
        opens = _start(day, 0)
        for place in sorted(chosen)[:wanted]:
            yield Opening(office_id, opens + place * minutes * 60, minutes)

    def _in_window(self, office: Office, day: date, now: datetime) -> bool:
        first, last = office.scope.days
        return first <= (day - berlin_day(now)).days <= last

    def _window(self, office: Office, now: datetime) -> list[date]:
        first, last = office.scope.days
        return [berlin_day(now) + timedelta(days=n) for n in range(first, last + 1)]

    @staticmethod
    def _chain(free: dict[int, Opening], start: int, minutes: int) -> tuple[Opening, ...]:
        chain: list[Opening] = []
        at, end = start, start + minutes * 60
        while at < end:
            if at not in free:
                return ()
            chain.append(free[at])
            at = free[at].end
        return tuple(chain)


def _start(day: date, offset: int) -> int:
    opens = datetime.combine(day, _OPENS, BERLIN)
    return int(opens.timestamp()) + offset * 60
