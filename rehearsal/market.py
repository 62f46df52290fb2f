"""Who brings openings and who takes them away: trickles, release bursts and rivals, by the city's clock."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice

from rehearsal.agenda import Agenda
from rehearsal.catalog import Catalog
from rehearsal.moods import Mood
from rehearsal.slots import Slots

_TOPIC = "market"
_SCARCE = {"none", "trickle", "release"}
RIVAL = "rival"


class Market:
    def __init__(self, catalog: Catalog, slots: Slots, *, agenda: Agenda, rng: random.Random) -> None:
        self._catalog = catalog
        self._slots = slots
        self._agenda = agenda
        self._rng = rng
        self.snatched = 0

    def follow(self, moods: list[Mood], *, now: datetime) -> None:
        """Start over with these moods; what earlier ones brought and nobody holds is withdrawn."""
        self._agenda.drop(_TOPIC)
        self._slots.withdraw()
        self._slots.everyday_open = not self.scarce(moods)
        for mood in moods:
            self.start(mood, now=now)

    def join(self, moods: list[Mood], *, now: datetime) -> None:
        """These moods come on top of what is in force."""
        if self.scarce(moods):
            self._slots.everyday_open = False
        for mood in moods:
            self.start(mood, now=now)

    @staticmethod
    def scarce(moods: list[Mood]) -> bool:
        return any(mood.name in _SCARCE for mood in moods)

    def start(self, mood: Mood, *, now: datetime) -> None:
        begin = mood.begins(now)
        if mood.name == "release":
            self._agenda.at(begin, lambda when: self._release(mood, when), topic=_TOPIC)
        elif mood.name == "trickle":
            self._each(mood, begin, self._bring_one)
        elif mood.name == "rivals":
            self._each(mood, begin, self._snatch_one)

    def snatch(self, office_id: int, start: int, *, minutes: int, now: datetime) -> bool:
        """A rival takes exactly this start."""
        taken = self._slots.take(office_id, start, minutes=minutes, by=RIVAL, now=now)
        self.snatched += bool(taken)
        return bool(taken)

    def _each(self, mood: Mood, begin: datetime, act: Callable[[Mood, datetime], None]) -> None:
        """`mood.value` times per city minute, at uneven intervals."""

        def again(when: datetime) -> None:
            act(mood, when)
            self._agenda.at(when + self._pause(mood.value), again, topic=_TOPIC)

        if mood.value > 0:
            self._agenda.at(begin + self._pause(mood.value), again, topic=_TOPIC)

    def _pause(self, per_minute: float) -> timedelta:
        return timedelta(seconds=self._rng.expovariate(per_minute / 60))

    def _bring_one(self, mood: Mood, when: datetime) -> None:
        office_id = self._rng.choice(self._places(mood))
        waiting = list(islice(self._slots.candidates(office_id, when), 60))
        if waiting:
            self._slots.bring(self._rng.choice(waiting))

    def _release(self, mood: Mood, when: datetime) -> None:
        """Spread over the offices in turn, earliest gaps first."""
        supplies = [self._slots.candidates(office_id, when) for office_id in self._places(mood)]
        left = int(mood.value)
        while left and supplies:
            for supply in list(supplies):
                opening = next(supply, None)
                if opening is None:
                    supplies.remove(supply)
                elif left:
                    left -= self._slots.bring(opening)

    def _snatch_one(self, mood: Mood, when: datetime) -> None:
        free = self._slots.free_now(when, offices=self._places(mood))
        if free:
            opening = self._rng.choice(free[:20])
            self.snatch(opening.office, opening.start, minutes=opening.minutes, now=when)

    def _places(self, mood: Mood) -> list[int]:
        if mood.place is None:
            return list(self._catalog.offices)
        return [int(mood.place)]
