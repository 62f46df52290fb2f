"""What follows from a look: rows, the draw, and the bookings and notices that come of it. One transaction."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core import plausible
from core.allocation import Award, Claimant, Draw, draw, fitting
from core.cadence import Cadence, Pace
from core.footprint import Purpose
from core.looks import Answer, Look
from core.slots import Slot
from core.wishes import Mode
from models import (
    bookings,
    decisions,
    events,
    footprints,
    looks,
    mandates,
    notices,
    quotas,
    slots_seen,
    targets,
    watches,
)
from models.database import AlreadyThere
from models.target import Target
from models.watch import Watch
from workers import blindness, resting
from workers.blindness import Alarm
from workers.following import FRESH

NOTED = 1000  # of those who took part in a draw, in its event


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left to do once the rows are written: bookings to be queued, a page not to be trusted, a log entry."""

    booking_ids: list[int]
    doubted: bool
    alarm: Alarm | None = None


def absorb(
    session: Session,
    target: Target,
    look: Look,
    *,
    lane: str,
    pace: Pace,
    cadence: Cadence = Cadence(),  # noqa: B008  # frozen
    now: datetime,
    rng: random.Random,
) -> Outcome:
    """Record the look and all that follows from it; a "none" that comes too suddenly is recorded as `changed`."""
    doubted = _too_sudden(session, target, look)
    if doubted:
        look = plausible.doubted(look)
    _record(session, target.id, look, lane=lane, now=now)
    due = now + plausible.AGAIN_AFTER if doubted else cadence.next_look(now, look.answer, pace, rng=rng)
    before = blindness.of(target)
    if look.sighted:
        slots_seen.record(session, target.id, look, now=now)
    answered = targets.answered(session, target.id, look, next_look_at=due)
    heard = look.cut_short or look.answer
    resting.heard(session, lane, heard, target_id=target.id, asked_at=look.started_at, now=now, rng=rng)
    alarm = blindness.follow(session, answered, look, before=before, now=now)
    booking_ids: list[int] = []
    if look.sighted and look.slots:
        booking_ids = give(session, target.id, look.slots, pace=pace, now=now, seed=rng.getrandbits(32))
    return Outcome(booking_ids, doubted, alarm)


def _record(session: Session, target_id: int, look: Look, *, lane: str, now: datetime) -> None:
    look_id = looks.record(session, target_id, lane, look)
    footprints.add(session, lane=lane, purpose=Purpose.LOOK, requests=look.requests, received=look.received, now=now)
    events.note(
        session,
        "look.answered",
        now=now,
        target_id=target_id,
        look_id=look_id,
        answer=look.answer,
        slots=len(look.slots),
        days=len(look.days),
        requests=look.requests,
        dialect=look.dialect,
        detail=look.detail,
    )


def _too_sudden(session: Session, target: Target, look: Look) -> bool:
    """What our own bookings took is not gone; and a second look that says the same is believed."""
    seen_at = target.last_good_at
    if look.answer is not Answer.NONE or seen_at is None:
        return False
    before = set(slots_seen.fresh(session, target.id, since=seen_at))
    if len(before) < plausible.MANY:
        return False
    before -= bookings.claimed(session)
    return plausible.emptied(look, before, seen_at=seen_at) and not looks.noted(
        session, target.id, plausible.EMPTIED, since=seen_at
    )


def give(session: Session, target_id: int, slots: Sequence[Slot], *, pace: Pace, now: datetime, seed: int) -> list[int]:
    """Draw who gets which slot; write a booking for each award, a notice for each watch that only wants to know.

    A slot that one of our bookings claims is offered until the City holds it, and is not drawn for a second time.
    """
    waiting = {watch.id: watch for watch in watches.open_for(session, target_id)}
    if not any(_pleased(watch, slots, now=now) for watch in waiting.values()):
        return []
    for watch in waiting.values():
        if watch.mode is Mode.NOTIFY:
            _tell_slots(session, watch, slots, now=now)
    left_out = _left_out(session, list(waiting.values()), pace=pace, now=now)
    claimants = _claimants(session, [watch for watch in waiting.values() if watch.id not in left_out], now=now)
    taken = bookings.claimed(session)
    outcome = draw(claimants, [slot for slot in slots if slot not in taken], now=now, seed=seed)
    room = quotas.holds_left(session, pace.caps)
    left_out |= {award.watch_id: "holds-full" for award in outcome.awards[room:]}
    if claimants or left_out:
        _note_draw(session, target_id, outcome, left_out, now=now)
    wanted = [_want(session, waiting[award.watch_id], award, seed=seed, now=now) for award in outcome.awards[:room]]
    return [booking_id for booking_id in wanted if booking_id is not None]


def _pleased(watch: Watch, slots: Sequence[Slot], *, now: datetime) -> bool:
    """By its rules and offices alone: most looks please nobody, and then nothing else need be asked."""
    return any(
        (not watch.office_ids or slot.office_id in watch.office_ids) and watch.rules.pleases(slot, now=now)
        for slot in slots
    )


def _left_out(session: Session, waiting: Sequence[Watch], *, pace: Pace, now: datetime) -> dict[int, str]:
    """Who takes no part in the draw, by watch id, and why, as a code of the ledger."""
    served = bookings.busy(session, waiting)
    spent = quotas.spent(session, pace.caps, now=now)
    room = pace.most_offers - decisions.live_offers(session)
    left_out: dict[int, str] = {}
    for watch in waiting:
        if watch.mode is Mode.NOTIFY:
            left_out[watch.id] = "told-only"
        elif watch.id in served:
            left_out[watch.id] = "had-another"
        elif watch.person_id in spent:
            left_out[watch.id] = "holds-per-day"
        elif not mandates.stands(session, watch.mandate_id, now=now):
            left_out[watch.id] = "mandate"
        elif watch.mode is Mode.ASK:
            room -= 1
            if room < 0:  # an offer keeps a page for minutes
                left_out[watch.id] = "offers-full"
    return left_out


def _claimants(session: Session, waiting: Sequence[Watch], *, now: datetime) -> list[Claimant]:
    spoiled = bookings.spoiled(session, [watch.id for watch in waiting], since=now - FRESH)
    return [
        watches.claimant(watch, tried=spoiled.get(watch.id, ()), before=bookings.earlier_than(session, watch))
        for watch in waiting
    ]


def _note_draw(session: Session, target_id: int, outcome: Draw, left_out: Mapping[int, str], *, now: datetime) -> None:
    """So that anybody can be told why it was not them; of a crowd, those who were nearest."""
    events.note(
        session,
        "slots.drawn",
        now=now,
        target_id=target_id,
        seed=outcome.seed,
        order=list(outcome.order[:NOTED]),
        of=len(outcome.order),
        awards=len(outcome.awards),
        left_out={str(watch_id): why for watch_id, why in list(left_out.items())[:NOTED]},
    )


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
    where = {"office_id": best.office_id, "service_id": watch.services[0].service_id}
    notices.write(
        session,
        person_id=watch.person_id,
        watch_id=watch.id,
        kind="slots.found",
        now=now,
        facts={**where, "starts_at": best.starts_at.isoformat(), "count": len(pleasing)},
        dedupe=f"slots.found:{watch.id}:{best.office_id}:{best.unix}",
    )
