"""What a wish would have had of the slots that were seen, and which change of one rule would have helped most.

Nothing here says that a slot would have been booked: somebody else who waits may have been drawn for it. The records
know what was looked at, and what a look asked for: of a wider wish they know the least that it would have had.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from core import relaxations
from core.coverage import BLIND_AFTER, Span
from core.relaxations import AddOffice, Relaxation
from core.slots import BERLIN, Slot
from core.wishes import Wish

_Obstacle: TypeAlias = tuple[str, int]  # the rule that turned a slot down; with the office, where that was it


class Stay(StrEnum):
    LASTING = "lasting"  # a further look saw it too: a booking could have been tried
    FLEETING = "fleeting"  # one look saw it, and the next one did not
    UNCLEAR = "unclear"  # one look saw it, and nobody looked again soon


@dataclass(frozen=True, slots=True)
class Appearance:
    """A slot as it was seen: at `first`, at `last`, and no more at `gone`, if anybody looked since."""

    slot: Slot
    first: datetime
    last: datetime
    gone: datetime | None

    @property
    def stay(self) -> Stay:
        if self.last > self.first:
            return Stay.LASTING
        gone_soon = self.gone is not None and self.gone - self.last <= BLIND_AFTER
        return Stay.FLEETING if gone_soon else Stay.UNCLEAR

    @property
    def at_least(self) -> timedelta:
        return self.last - self.first

    @property
    def at_most(self) -> timedelta | None:
        """None while it is still on offer, for all anybody knows."""
        return None if self.gone is None else self.gone - self.first

    def seen_in(self, span: Span) -> bool:
        return self.first <= span.end and self.last >= span.start


@dataclass(frozen=True, slots=True)
class Gain:
    """`more` slots with this relaxation, which makes `slots` in all."""

    relaxation: Relaxation
    more: int
    slots: int


@dataclass(frozen=True, slots=True)
class Replay:
    """`pleasing` in the order they came, the preferred office first; `gains` the best first, none that is nothing.

    `offered` counts all slots that were seen in the span, by office.
    """

    span: Span
    pleasing: tuple[Appearance, ...]
    gains: tuple[Gain, ...]
    offered: dict[int, int]

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the appointments."""
        return tuple(sorted({one.slot.day for one in self.pleasing}))

    @property
    def came_on(self) -> tuple[date, ...]:
        """The days on which they were first seen; the span's first day for those that were there before."""
        return tuple(sorted({_from(one, self.span).astimezone(BERLIN).date() for one in self.pleasing}))

    def staying(self, stay: Stay) -> int:
        return sum(one.stay is stay for one in self.pleasing)


@dataclass(frozen=True, slots=True)
class History:
    """A replay, and for how long each office was in sight: those of the wish first, then others that are known of."""

    wish: Wish
    had: Replay
    in_sight: Mapping[int, timedelta]

    @property
    def concerned(self) -> Sequence[timedelta]:
        """How long each office of the wish was in sight; for one that takes any, each that ever was."""
        chosen = self.wish.office_ids or [office for office, seen in self.in_sight.items() if seen]
        return [self.in_sight[office] for office in chosen]


def replay(appearances: Iterable[Appearance], wish: Wish, span: Span) -> Replay:
    """Each slot is judged at the moment it was first seen, or at the span's start if that was before it."""
    seen = [one for one in merged(appearances) if one.seen_in(span)]
    pleasing: list[Appearance] = []
    nearly: dict[_Obstacle, list[Appearance]] = {}
    offered: dict[int, int] = {}
    for one in seen:
        offered[one.slot.office_id] = offered.get(one.slot.office_id, 0) + 1
        refusals = wish.refusals(one.slot, now=_from(one, span))
        if not refusals:
            pleasing.append(one)
        elif len(refusals) == 1:
            nearly.setdefault(_obstacle(refusals[0], one.slot.office_id), []).append(one)
    preference = {office_id: place for place, office_id in enumerate(wish.office_ids)}
    pleasing.sort(key=lambda one: (_from(one, span), preference.get(one.slot.office_id, 0), one.slot))
    gains = _gains(wish, nearly, span, had=len(pleasing), office_ids=offered)
    return Replay(span=span, pleasing=tuple(pleasing), gains=gains, offered=offered)


def merged(appearances: Iterable[Appearance]) -> Sequence[Appearance]:
    """One appearance for each slot, where several targets showed the same."""
    found: dict[Slot, Appearance] = {}
    for one in appearances:
        before = found.get(one.slot)
        found[one.slot] = one if before is None else _both(before, one)
    return list(found.values())


def _both(one: Appearance, other: Appearance) -> Appearance:
    """Of a slot that was gone in between only its last appearance is told, as each target's own records do."""
    earlier, later = sorted((one, other), key=lambda each: each.last)
    if earlier.gone is not None and earlier.gone < later.first:
        return later
    return Appearance(one.slot, first=min(earlier.first, later.first), last=later.last, gone=later.gone)


def _gains(
    wish: Wish, nearly: dict[_Obstacle, list[Appearance]], span: Span, *, had: int, office_ids: Iterable[int]
) -> tuple[Gain, ...]:
    """A relaxation changes one rule, so it can win only what that rule alone turned down."""
    found = []
    for relaxation in relaxations.of(wish, office_ids=office_ids):
        relaxed = relaxation.apply(wish)
        obstacle = _obstacle(relaxation.rule, relaxation.office_id if isinstance(relaxation, AddOffice) else 0)
        more = sum(relaxed.pleases(one.slot, now=_from(one, span)) for one in nearly.get(obstacle, ()))
        if more:
            found.append(Gain(relaxation, more=more, slots=had + more))
    return tuple(sorted(found, key=lambda gain: -gain.more))


def _obstacle(rule: str, office_id: int) -> _Obstacle:
    return rule, office_id if rule == AddOffice.rule else 0


def _from(one: Appearance, span: Span) -> datetime:
    return max(one.first, span.start)
