"""Which slot goes to whom: longest wait first, then by lot; no person twice, no slot twice."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.slots import Slot
from core.wishes import WishRules


@dataclass(frozen=True, slots=True)
class Claimant:
    """An open watch that could take a slot. `office_ids` in order of preference; empty means any office.

    `since` is when the person began to wait for this; `taken` are slots already tried for it in vain. `before` bounds
    the slots of somebody who already has an appointment and wants an earlier one.
    """

    watch_id: int
    person_id: int
    since: datetime
    rules: WishRules
    office_ids: tuple[int, ...] = ()
    taken: frozenset[Slot] = frozenset()
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """`rank` is the place in the draw's order, `rivals` how many claimants the slot would have pleased."""

    watch_id: int
    slot: Slot
    rank: int
    rivals: int


@dataclass(frozen=True, slots=True)
class Draw:
    """The whole decision, explainable afterwards: the same claimants, slots and seed give it again."""

    seed: int
    order: tuple[int, ...]
    awards: tuple[Award, ...]


def draw(claimants: Iterable[Claimant], slots: Iterable[Slot], *, now: datetime, seed: int) -> Draw:
    rng = random.Random(seed)
    ordered = sorted(claimants, key=lambda one: one.watch_id)
    lots = {one.watch_id: rng.random() for one in ordered}
    ordered.sort(key=lambda one: (one.since, lots[one.watch_id]))
    free = set(slots)
    fits = {one.watch_id: fitting(one, free, now=now) for one in ordered}
    awards: list[Award] = []
    served: set[int] = set()
    for rank, claimant in enumerate(ordered):
        best = next((slot for slot in fits[claimant.watch_id] if slot in free), None)
        if best is None or claimant.person_id in served:
            continue
        rivals = sum(best in wanted for wanted in fits.values())
        awards.append(Award(claimant.watch_id, best, rank=rank, rivals=rivals))
        free.discard(best)
        served.add(claimant.person_id)
    return Draw(seed=seed, order=tuple(one.watch_id for one in ordered), awards=tuple(awards))


def fitting(claimant: Claimant, slots: Iterable[Slot], *, now: datetime) -> Sequence[Slot]:
    """The slots that please, best first: preferred office, then the earliest."""
    preference = {office: place for place, office in enumerate(claimant.office_ids)}
    pleasing = (
        slot
        for slot in slots
        if (not preference or slot.office_id in preference)
        and slot not in claimant.taken
        and (claimant.before is None or slot.starts_at <= claimant.before)
        and claimant.rules.pleases(slot, now=now)
    )
    return sorted(pleasing, key=lambda slot: (preference.get(slot.office_id, 0), slot))
