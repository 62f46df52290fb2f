"""What is on record of a service: the slots that were seen at any of its targets, and when somebody could see."""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import String, cast, or_, select
from sqlmodel import Session, col

from core.coverage import BLIND_AFTER, Sighting, Span, by_office
from core.looks import SIGHTED
from core.replay import Appearance, History, replay
from core.services import ServiceCount
from core.slots import Slot
from core.wishes import Wish
from models import bookings
from models.look import Look
from models.slot_seen import SlotSeen
from models.target import Target
from models.targets import key_of
from models.watch import Watch


def wish_of(session: Session, watch: Watch) -> Wish:
    return Wish(watch.rules, tuple(watch.office_ids), before=bookings.earlier_than(session, watch))


def history(
    session: Session, services: Sequence[ServiceCount], wish: Wish, span: Span, *, others: Iterable[int] = ()
) -> History:
    """What the wish would have had in the span; `others` are offices to name too, whether looked at or not."""
    made = sightings(session, services, span)
    had = replay(appearances(session, services, span), wish, span)
    looked_at = {office_id for one in made for office_id in one.office_ids}
    known = dict.fromkeys((*wish.office_ids, *had.offered, *sorted(looked_at), *others))
    return History(wish=wish, had=had, in_sight=by_office(made, known, span))


def appearances(session: Session, services: Sequence[ServiceCount], span: Span) -> list[Appearance]:
    """Every slot that was seen on offer in the span. One that came back after it was gone is told from then on."""
    there = or_(col(SlotSeen.gone_at).is_(None), col(SlotSeen.gone_at) >= span.start)  # this the index finds
    in_span = there & (col(SlotSeen.last_seen_at) >= span.start) & (col(SlotSeen.first_seen_at) <= span.end)
    seen = (
        select(
            col(SlotSeen.starts_at),
            col(SlotSeen.office_id),
            col(SlotSeen.first_seen_at),
            col(SlotSeen.last_seen_at),
            col(SlotSeen.gone_at),
        )
        .join(Target, col(Target.id) == col(SlotSeen.target_id))
        .where(col(Target.services_key) == key_of(services), in_span)
    )
    return [
        Appearance(Slot(starts_at, office_id), first=first, last=last, gone=gone)
        for starts_at, office_id, first, last, gone in session.execute(seen)
    ]


def sightings(session: Session, services: Sequence[ServiceCount], span: Span) -> list[Sighting]:
    """The looks that could see, with the last one before the span; those that tell not where are left out."""
    from_then_on = (col(Look.started_at) >= span.start - BLIND_AFTER) & (col(Look.started_at) <= span.end)
    told = col(Look.answer).in_(SIGHTED) & col(Look.office_ids).is_not(None)
    made = (
        select(col(Look.finished_at), cast(col(Look.office_ids), String))
        .join(Target, col(Target.id) == col(Look.target_id))
        .where(col(Target.services_key) == key_of(services), from_then_on, told)
    )
    rows = session.execute(made).all()
    offices = {written: frozenset(json.loads(written)) for written in {written for _, written in rows}}
    return [Sighting(at, offices[written]) for at, written in rows]
