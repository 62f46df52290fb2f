"""Slots seen: when each was first offered, when last, and when it was gone."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Update, bindparam, select, update
from sqlmodel import Session, col

from core.looks import Look, Sight
from core.slots import Slot
from core.vigil import Sighting
from models import look_hours
from models.booking import Booking
from models.database import insertion
from models.slot_seen import SlotSeen
from models.target import Target

CLOSE = timedelta(minutes=10)  # looks no further apart date what appears between them
_AT_ONCE = 500  # rows a statement; SQLite takes 32,766 values in one

# What every look says is put together once and goes past the ORM, which would take as long again as the statements.
_ROWS = SlotSeen.metadata.tables["slot_seen"]
_OFFERED = select(_ROWS.c.id, _ROWS.c.starts_at, _ROWS.c.office_id).where(
    _ROWS.c.target_id == bindparam("target"), _ROWS.c.gone_at.is_(None)
)
_THESE = update(_ROWS).where(_ROWS.c.id.in_(bindparam("ids", expanding=True)))
_GONE = _THESE.values(gone_at=bindparam("at"))
_STILL_SEEN = _THESE.values(last_seen_at=bindparam("at"))


def record(session: Session, target_id: int, look: Look, *, now: datetime) -> set[Slot]:
    """Write down what a sighted look offered; the slots that were not offered before it.

    A slot that is offered no more is gone only where the look could see it. Two looks in a row must not overtake each
    other: each is compared with the one before.
    """
    if not look.sighted:
        return set()
    target = session.get_one(Target, target_id)
    before = _shortly_before(target.last_sight, look)
    sight = look.sight.following(before)
    offered = _offered(session, target_id)
    seen = set(look.slots)
    fresh_ones = seen - offered.keys()
    unseen = _unseen(session, target_id, fresh_ones, before=before, at=sight.at)
    gone = [row_id for slot, row_id in offered.items() if slot not in seen and sight.covers(slot)]
    still = [row_id for slot, row_id in offered.items() if slot in seen]
    _mark(session, _GONE, gone, at=now)
    _mark(session, _STILL_SEEN, still, at=now)
    _write(session, target_id, {slot: unseen.get(slot) for slot in fresh_ones}, now=now)
    since = before.at if before else None
    appeared = len(unseen) - _given_back(session, unseen)
    look_hours.add(session, target_id, at=sight.at, since=since, slots=appeared, now=now)
    target.last_sight = sight
    return fresh_ones


def fresh(session: Session, target_id: int, *, since: datetime) -> Sequence[Slot]:
    """The slots on offer that a look has seen at or after `since`, the earliest first."""
    lately = (col(SlotSeen.target_id) == target_id) & (col(SlotSeen.last_seen_at) >= since)
    rows = session.scalars(select(SlotSeen).where(lately, col(SlotSeen.gone_at).is_(None))).all()
    return sorted(row.slot for row in rows)


def since(session: Session, target_ids: Collection[int], *, since: datetime) -> Mapping[int, Sequence[Sighting]]:
    """By target, every slot that a look has seen at or after that moment, on offer still or not."""
    columns = select(
        col(SlotSeen.target_id), col(SlotSeen.starts_at), col(SlotSeen.office_id), col(SlotSeen.first_seen_at)
    )
    found: defaultdict[int, list[Sighting]] = defaultdict(list)
    lately = col(SlotSeen.target_id).in_(target_ids) & (col(SlotSeen.last_seen_at) >= since)
    for target_id, starts_at, office_id, first in session.execute(columns.where(lately)):
        found[target_id].append(Sighting(Slot(starts_at=starts_at, office_id=office_id), first))
    return found


def take_off(session: Session, target_id: int, slot: Slot, *, now: datetime) -> None:
    """Somebody has it, as a booking found out: it is not on offer until a look sees it again."""
    same = (col(SlotSeen.office_id) == slot.office_id) & (col(SlotSeen.starts_at) == slot.starts_at)
    here = (col(SlotSeen.target_id) == target_id) & col(SlotSeen.gone_at).is_(None)
    session.exec(update(SlotSeen).where(here, same).values(gone_at=now))


def _offered(session: Session, target_id: int) -> dict[Slot, int]:
    """The slots on offer by their rows' ids."""
    rows = session.connection().execute(_OFFERED, {"target": target_id})
    return {Slot(starts_at=starts_at, office_id=office_id): row_id for row_id, starts_at, office_id in rows}


def _mark(session: Session, what: Update, ids: Sequence[int], *, at: datetime) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        session.connection().execute(what, {"ids": ids[start : start + _AT_ONCE], "at": at})


def _shortly_before(before: Sight | None, look: Look) -> Sight | None:
    """What the look before could see, if it was near enough to this one to say when something appeared."""
    near = before is not None and timedelta(0) <= look.started_at - before.at <= CLOSE
    return before if near else None


def _unseen(
    session: Session, target_id: int, slots: Collection[Slot], *, before: Sight | None, at: datetime
) -> dict[Slot, datetime]:
    """When each of these slots was last known not to be on offer, where that was shortly before.

    That is when a look would have seen it and did not; or when a booking found it gone that the look still saw.
    """
    knew = {slot: known for slot in slots if before and (known := before.knew(slot)) and at - known <= CLOSE}
    if not knew:
        return {}
    lately = (col(SlotSeen.target_id) == target_id) & (col(SlotSeen.gone_at) > min(knew.values()))
    rows = session.scalars(select(SlotSeen).where(lately)).all()
    found_gone = {row.slot: row.gone_at for row in rows if row.slot in knew and row.last_seen_at >= knew[row.slot]}
    return knew | {slot: gone_at for slot, gone_at in found_gone.items() if gone_at}


def _given_back(session: Session, slots: Collection[Slot]) -> int:
    """How many of these a booking of ours had claimed before: no release of the City's."""
    if not slots:
        return 0
    starts = {slot.starts_at for slot in slots}
    claimed = session.execute(
        select(col(Booking.office_id), col(Booking.starts_at)).where(col(Booking.starts_at).in_(starts)).distinct()
    )
    return sum(Slot(starts_at=starts_at, office_id=office_id) in slots for office_id, starts_at in claimed)


def _write(session: Session, target_id: int, slots: Mapping[Slot, datetime | None], *, now: datetime) -> None:
    """Each slot with the moment it was last known not to be on offer."""
    ordered = sorted(slots)
    for start in range(0, len(ordered), _AT_ONCE):
        rows = [
            {"target_id": target_id, "office_id": slot.office_id, "starts_at": slot.starts_at}
            | {"first_seen_at": now, "last_seen_at": now, "gone_at": None, "unseen_at": slots[slot]}
            for slot in ordered[start : start + _AT_ONCE]
        ]
        written = insertion(session, SlotSeen).values(rows)
        again = {"first_seen_at": now, "last_seen_at": now, "gone_at": None, "unseen_at": written.excluded.unseen_at}
        session.exec(written.on_conflict_do_update(index_elements=["target_id", "office_id", "starts_at"], set_=again))
