"""Slots seen: when each was first offered, when last, and when it was gone."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from core.looks import Look
from core.slots import Slot
from core.vigil import Sighting
from models.database import insertion
from models.slot_seen import SlotSeen

_AT_ONCE = 500  # rows a statement; SQLite takes 32,766 values in one


def record(session: Session, target_id: int, look: Look, *, now: datetime) -> set[Slot]:
    """Write down what a sighted look offered; the slots that were not offered before it.

    A slot that is offered no more is gone only where the look can know: not on a day whose times it did not ask for.
    """
    if not look.sighted:
        return set()
    offered = {row.slot: row.id for row in _offered(session, target_id)}
    seen, unread = set(look.slots), set(look.unread_days)
    gone = [row_id for slot, row_id in offered.items() if slot not in seen and slot.day not in unread]
    still = [row_id for slot, row_id in offered.items() if slot in seen]
    _set(session, gone, gone_at=now)
    _set(session, still, last_seen_at=now)
    fresh_ones = seen - offered.keys()
    _write(session, target_id, fresh_ones, now=now)
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


def _offered(session: Session, target_id: int) -> Sequence[SlotSeen]:
    here = (col(SlotSeen.target_id) == target_id) & col(SlotSeen.gone_at).is_(None)
    return session.scalars(select(SlotSeen).where(here)).all()


def _set(session: Session, ids: Sequence[int], **values: datetime) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        some = col(SlotSeen.id).in_(ids[start : start + _AT_ONCE])
        session.exec(update(SlotSeen).where(some).values(values), execution_options={"synchronize_session": False})


def _write(session: Session, target_id: int, slots: Collection[Slot], *, now: datetime) -> None:
    ordered = sorted(slots)
    for start in range(0, len(ordered), _AT_ONCE):
        rows = [
            {"target_id": target_id, "office_id": slot.office_id, "starts_at": slot.starts_at}
            | {"first_seen_at": now, "last_seen_at": now, "gone_at": None}
            for slot in ordered[start : start + _AT_ONCE]
        ]
        again = {"first_seen_at": now, "last_seen_at": now, "gone_at": None}
        session.exec(
            insertion(session, SlotSeen)
            .values(rows)
            .on_conflict_do_update(index_elements=["target_id", "office_id", "starts_at"], set_=again)
        )
