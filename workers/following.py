"""What a watch gets when somebody else took its slot: the next best one that is free, else a shorter wait's claim.

Only a claim that no worker has begun with is passed on, so a rival's luck costs the shortest wait its slot, and not
the longest.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from sqlmodel import Session

from core.bookings import BookingState
from core.slots import Slot
from models import bookings, slots_seen, targets, watches
from models.booking import Booking
from models.database import AlreadyThere
from models.watch import Watch, WatchState

FRESH = timedelta(minutes=2)  # how long a slot seen is worth trying after another one was gone
LONGER_WAIT = "longer-wait"
_MOMENT = timedelta(minutes=1)  # longer than a transaction lasts


def after_loss(session: Session, lost: Booking, *, run: str, now: datetime) -> list[int]:
    """The new bookings that come of it, this watch's own first; empty when there is nothing for it."""
    watch = watches.get(session, lost.watch_id)
    if watch.state is not WatchState.OPEN or bookings.live_of(session, watch) is not None:
        return []
    tried = bookings.spoiled_slots(session, watch.id, since=now - FRESH)
    own = _next_best(session, lost, watch, tried=tried, now=now)
    return [own] if own is not None else _shorter_waits(session, lost, watch, tried=tried, run=run, now=now)


def anew(
    session: Session, before: Booking, watch: Watch, slot: Slot, *, now: datetime, answered_yes: bool | None = None
) -> int | None:
    """The id of a booking that takes this one's place; None where a constraint says that it cannot."""
    try:
        with session.begin_nested():
            made = bookings.want(
                session,
                watch=watch,
                slot=slot,
                seed=before.seed,
                rank=before.rank,
                rivals=before.rivals,
                answered_yes=answered_yes,
                now=now,
            )
    except AlreadyThere:
        return None
    return made.id


def _next_best(session: Session, lost: Booking, watch: Watch, *, tried: AbstractSet[Slot], now: datetime) -> int | None:
    before = bookings.earlier_than(session, watch)
    fresh = set(slots_seen.fresh(session, lost.target_id, since=now - FRESH)) - bookings.claimed(session)
    while (slot := watches.next_best(watch, fresh, tried=tried, before=before, now=now)) is not None:
        if (made := anew(session, lost, watch, slot, now=now)) is not None:
            return made
        fresh.discard(slot)
    return None


def _shorter_waits(
    session: Session, lost: Booking, watch: Watch, *, tried: AbstractSet[Slot], run: str, now: datetime
) -> list[int]:
    """Take over the claim of the shortest wait that pleases; its owner in turn gets what is left for them."""
    before = bookings.earlier_than(session, watch)
    for claim in bookings.only_wanted(session, lost.target_id, since_after=watch.since, now=now):
        pleases = watches.next_best(watch, [claim.slot], tried=tried, before=before, now=now) is not None
        if not pleases or not _give_up(session, claim, run=run, now=now):
            continue
        made = anew(session, lost, watch, claim.slot, now=now)
        theirs = after_loss(session, claim, run=run, now=now)
        targets.look_soon(session, lost.target_id, now=now)
        return [made, *theirs] if made is not None else theirs
    return []


def _give_up(session: Session, claim: Booking, *, run: str, now: datetime) -> bool:
    """End it, unless a worker has begun with it meanwhile."""
    if bookings.claim(session, claim.id, owner=run, lease=_MOMENT, now=now) is None:
        return False
    if bookings.get(session, claim.id).state is not BookingState.WANTED:
        bookings.release_lease(session, claim.id, owner=run)
        return False
    bookings.move(session, claim.id, BookingState.LOST, now=now, reason=LONGER_WAIT, owner=run)
    return True
