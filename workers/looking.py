"""What follows from a look: rows, the draw, and the bookings and notices that come of it. One transaction."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from core.allocation import Award, Claimant, draw, fitting
from core.looks import Answer, Look
from core.slots import Slot
from core.wishes import Mode
from models import bookings, decisions, events, lanes, looks, mandates, notices, quotas, slots_seen, targets, watches
from models.database import AlreadyThere
from models.target import Target
from models.watch import Watch
from workers.runtime import Pace

BARRED = frozenset({Answer.THROTTLED, Answer.BLOCKED})  # answers to the address, so all its targets rest
BLIND_AFTER = 3  # looks in a row without an answer that can be believed


def absorb(
    session: Session, target: Target, look: Look, *, lane: str, pace: Pace, now: datetime, rng: random.Random
) -> list[int]:
    """Record the look and all that follows; the ids of the bookings to be made, to be queued after the commit."""
    row = looks.record(session, target.id, lane, look)
    events.note(
        session,
        "look.answered",
        now=now,
        target_id=target.id,
        look_id=row.id,
        answer=look.answer,
        slots=len(look.slots),
        days=len(look.days),
        requests=look.requests,
        dialect=look.dialect,
        detail=look.detail,
    )
    answered = targets.answered(session, target.id, look, next_look_at=now + pause(look, pace))
    if look.answer in BARRED:
        lanes.trip(session, lane, until=now + pause(look, pace), reason=look.answer)
    if not look.sighted:
        _tell_blindness(session, answered, look, now=now)
        return []
    slots_seen.record(session, target.id, look, now=now)
    return give(session, target.id, look.slots, pace=pace, now=now, seed=rng.getrandbits(32)) if look.slots else []


def pause(look: Look, pace: Pace) -> timedelta:
    """Until the next look: longer when this one met trouble, or left too little of the City's budget for its like."""
    usual = {
        Answer.FREE: pace.interval,
        Answer.NONE: pace.interval,
        Answer.THROTTLED: pace.after_throttled,
        Answer.BLOCKED: pace.after_blocked,
    }.get(look.answer, pace.after_trouble)
    spent = look.budget is not None and look.budget.remaining < pace.reserve + look.requests
    return max(usual, pace.silence) if spent else usual


def give(session: Session, target_id: int, slots: Sequence[Slot], *, pace: Pace, now: datetime, seed: int) -> list[int]:
    """Draw who gets which slot; write a booking for each award, a notice for each watch that only wants to know."""
    open_watches = {watch.id: watch for watch in watches.open_for(session, target_id)}
    for watch in open_watches.values():
        if watch.mode is Mode.NOTIFY:
            _tell_slots(session, watch, slots, now=now)
    claimants = _claimants(session, list(open_watches.values()), pace=pace, now=now)
    if not claimants:
        return []
    outcome = draw(claimants, slots, now=now, seed=seed)
    events.note(
        session,
        "slots.drawn",
        now=now,
        target_id=target_id,
        seed=seed,
        order=list(outcome.order),
        awards=len(outcome.awards),
    )
    awards = outcome.awards[: quotas.holds_left(session, pace.caps)]
    wanted = [_want(session, open_watches[award.watch_id], award, seed=seed, now=now) for award in awards]
    return [booking_id for booking_id in wanted if booking_id is not None]


def _claimants(session: Session, waiting: Sequence[Watch], *, pace: Pace, now: datetime) -> list[Claimant]:
    """Who could take a slot now. An offer keeps a page for minutes, so there is room for only so many at once."""
    served = bookings.busy(session, waiting)
    spent = quotas.spent(session, pace.caps, now=now)
    free = [
        watch
        for watch in waiting
        if watch.mode is not Mode.NOTIFY
        and watch.id not in served
        and watch.person_id not in spent
        and mandates.stands(session, watch.mandate_id, now=now)
    ]
    asking = [watch.id for watch in free if watch.mode is Mode.ASK]
    invited = set(asking[: max(0, pace.most_offers - decisions.live_offers(session))])
    tried = bookings.tried(session, [watch.id for watch in free])
    return [
        watches.claimant(watch, tried=tried.get(watch.id, ()), before=bookings.earlier_than(session, watch))
        for watch in free
        if watch.mode is Mode.AUTO or watch.id in invited
    ]


def _want(session: Session, watch: Watch, award: Award, *, seed: int, now: datetime) -> int | None:
    """A booking row, or None where a constraint says that person or that slot is already served."""
    try:
        with session.begin_nested():
            booking = bookings.want(
                session, watch=watch, slot=award.slot, seed=seed, rank=award.rank, rivals=award.rivals, now=now
            )
    except AlreadyThere as taken:
        events.note(session, "booking.barred", now=now, watch_id=watch.id, constraint=taken.constraint)
        return None
    return booking.id


def _tell_slots(session: Session, watch: Watch, slots: Sequence[Slot], *, now: datetime) -> None:
    pleasing = fitting(watches.claimant(watch, tried=(), before=None), slots, now=now)
    if not pleasing:
        return
    best = pleasing[0]
    notices.write(
        session,
        person_id=watch.person_id,
        watch_id=watch.id,
        kind="slots.found",
        now=now,
        facts={"office_id": best.office_id, "starts_at": best.starts_at.isoformat(), "count": len(pleasing)},
        dedupe=f"slots.found:{watch.id}:{best.office_id}:{best.unix}",
    )


def _tell_blindness(session: Session, target: Target, look: Look, *, now: datetime) -> None:
    """After three blind looks, and again at each doubling, everyone who waits on this target is told."""
    doublings = target.blind_count / BLIND_AFTER
    if doublings < 1 or doublings not in {2**n for n in range(20)}:
        return
    since = target.blind_since or now
    for watch in watches.open_for(session, target.id or 0):
        notices.write(
            session,
            person_id=watch.person_id,
            watch_id=watch.id,
            kind="look.blind",
            now=now,
            facts={"answer": str(look.answer), "since": since.isoformat()},
            dedupe=f"look.blind:{watch.id}:{int(since.timestamp())}:{target.blind_count}",
        )
