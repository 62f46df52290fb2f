"""A crowd's end, judged: who waited, who got what and when, and what was left."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlmodel import Session

from bench.city import LIVE, CityAppointment
from core.allocation import Claimant, fitting
from core.bookings import ENDED, BookingState
from core.slots import Slot
from models import bookings, events, watches
from workers.following import LONGER_WAIT

_WON = frozenset({BookingState.PRECONFIRMED, BookingState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Waiter:
    claimant: Claimant

    @property
    def watch_id(self) -> int:
        return self.claimant.watch_id

    def likes(self, slot: Slot, *, now: datetime) -> bool:
        return bool(fitting(self.claimant, [slot], now=now))


@dataclass(frozen=True, slots=True)
class Claim:
    """A booking row's life. `clicked_at` is when its row said that the slot is being taken, None if it never was."""

    watch_id: int
    slot: Slot
    state: BookingState
    reason: str
    wanted_at: datetime
    clicked_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`double_claims`: a slot that two bookings claimed at the same time, or a person with two live appointments.

    `unused_slots`: left free though somebody still waits for just that. `order_violations`: a slot was clicked for
    somebody while one who waited longer, whom it would have pleased, had none under way and got none in the end.
    `passed_on`: claims that went to a longer wait before anybody clicked.
    """

    double_claims: int
    unused_slots: int
    order_violations: int
    won: int
    lost_to_rivals: int
    passed_on: int


def read(session: Session) -> tuple[list[Waiter], list[Claim]]:
    waiters = [Waiter(watches.claimant(one, tried=(), before=None)) for one in watches.list(session)]
    claims = []
    for row in bookings.list(session):
        clicks = [one.at for one in events.of_booking(session, row.id) if one.kind == "booking.holding"]
        claims.append(
            Claim(
                watch_id=row.watch_id,
                slot=row.slot,
                state=row.state,
                reason=row.reason,
                wanted_at=row.created_at,
                clicked_at=clicks[0] if clicks else None,
                ended_at=row.moved_at if row.state in ENDED else None,
            )
        )
    return waiters, claims


def judge(
    waiters: Sequence[Waiter],
    claims: Sequence[Claim],
    *,
    left: Sequence[Slot],
    city: Sequence[CityAppointment],
    now: datetime,
) -> Outcome:
    live = Counter(one.mail for one in city if one.status in LIVE)
    return Outcome(
        double_claims=_overlapping(claims) + sum(count > 1 for count in live.values()),
        unused_slots=len(unused(waiters, claims, left, now=now)),
        order_violations=len(passed_over(waiters, claims)),
        won=sum(claim.state in _WON for claim in claims),
        lost_to_rivals=sum(claim.state is BookingState.LOST and claim.reason != LONGER_WAIT for claim in claims),
        passed_on=sum(claim.reason == LONGER_WAIT for claim in claims),
    )


def unused(waiters: Sequence[Waiter], claims: Sequence[Claim], left: Iterable[Slot], *, now: datetime) -> list[Slot]:
    """The free slots that would please somebody who has none and has not tried them in vain."""
    tried = {(claim.watch_id, claim.slot) for claim in claims}
    waiting = _empty_handed(waiters, claims)
    return [
        slot for slot in left if any((one.watch_id, slot) not in tried and one.likes(slot, now=now) for one in waiting)
    ]


def passed_over(waiters: Sequence[Waiter], claims: Sequence[Claim]) -> list[tuple[int, Claim]]:
    """The watch passed over, and the claim that a shorter wait was given."""
    since = {one.watch_id: one.claimant.since for one in waiters}
    busy: dict[int, list[Claim]] = {}
    for claim in claims:
        busy.setdefault(claim.watch_id, []).append(claim)
    return [
        (one.watch_id, claim)
        for one in _empty_handed(waiters, claims)
        for claim in claims
        if claim.state in _WON
        and claim.clicked_at is not None
        and since[one.watch_id] < since[claim.watch_id]
        and one.likes(claim.slot, now=claim.clicked_at)
        and _was_free(busy.get(one.watch_id, []), at=claim.clicked_at, slot=claim.slot)
    ]


def _empty_handed(waiters: Iterable[Waiter], claims: Iterable[Claim]) -> list[Waiter]:
    served = {claim.watch_id for claim in claims if claim.state in _WON}
    return [one for one in waiters if one.watch_id not in served]


def _was_free(own: Iterable[Claim], *, at: datetime, slot: Slot) -> bool:
    """Nothing under way at that moment, and this slot not tried in vain before."""
    under_way = any(one.wanted_at <= at and (one.ended_at is None or one.ended_at > at) for one in own)
    return not under_way and not any(one.slot == slot and one.wanted_at <= at for one in own)


def _overlapping(claims: Iterable[Claim]) -> int:
    """How often a slot, or a watch, had a second claim before the first had ended."""
    by_slot: dict[Slot, list[Claim]] = {}
    by_watch: dict[int, list[Claim]] = {}
    for claim in claims:
        by_slot.setdefault(claim.slot, []).append(claim)
        by_watch.setdefault(claim.watch_id, []).append(claim)
    groups = [*by_slot.values(), *by_watch.values()]
    return sum(
        first.ended_at is None or first.ended_at > second.wanted_at
        for group in groups
        for first, second in pairwise(sorted(group, key=lambda one: one.wanted_at))
    )
