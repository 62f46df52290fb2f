"""When slots appeared for a service, and how long anybody looked; and the windows that follow for a target."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.appearances import Appearance, Record, SightHour
from core.cadence import ReleaseWindow
from core.catalog import Catalog
from core.releases import Learnt, windows_for
from core.slots import Slot
from models import look_hours
from models.booking import Booking
from models.look_hour import LookHour
from models.slot_seen import SlotSeen
from models.slots_seen import CLOSE
from models.target import Target

LEARNT_FROM = timedelta(days=28)
LEARNT_FOR = timedelta(hours=1)
WITHOUT_CATALOG = timedelta(minutes=10)
_COLUMNS = (
    col(SlotSeen.office_id),
    col(SlotSeen.starts_at),
    col(SlotSeen.unseen_at),
    col(SlotSeen.first_seen_at),
    col(SlotSeen.last_seen_at),
    col(SlotSeen.gone_at),
)


def windows(
    session: Session, target: Target, catalog: Callable[[], Catalog | None], *, now: datetime
) -> tuple[ReleaseWindow, ...]:
    """The target's release windows, kept in its row and found anew once an hour; `catalog` is asked only then.

    In a transaction, since it may write.
    """
    kept = target.learnt
    if kept is not None and now - kept.at < (LEARNT_FOR if kept.published else WITHOUT_CATALOG):
        return kept.windows
    known = catalog()
    found = windows_for(known, target.services, target.office_ids, _hours_of(session, target.id, now=now))
    target.learnt = Learnt(at=now, published=known is not None, windows=found)
    return found


def kept(session: Session) -> tuple[ReleaseWindow, ...]:
    """The windows last found for the targets that somebody waits for, each once."""
    waited_for = (col(Target.next_look_at).is_not(None), col(Target.learnt).is_not(None))
    every = session.scalars(select(col(Target.learnt)).where(*waited_for).order_by(col(Target.id)))
    return tuple(dict.fromkeys(window for learnt in every if learnt for window in learnt.windows))


def record(session: Session, service_id: int, *, since: datetime, until: datetime) -> Record:
    """What all targets that this service is part of have seen, each slot once and each hour once."""
    target_ids = _targets_with(session, service_id)
    appearances = _appearances(session, target_ids, since=since, until=until)
    slots = Counter(look_hours.hour_of(one.by) for one in appearances)
    return Record(appearances, hours=_hours(session, target_ids, slots, since=since, until=until))


def _hours_of(session: Session, target_id: int, *, now: datetime) -> tuple[SightHour, ...]:
    """A target's own hours, as its looks have counted them."""
    columns = (col(LookHour.begins_at), col(LookHour.looks), col(LookHour.seconds), col(LookHour.slots))
    lately = (col(LookHour.target_id) == target_id) & (col(LookHour.begins_at) > now - LEARNT_FROM)
    rows = session.execute(select(*columns).where(lately))
    return tuple(SightHour(begin, looks, timedelta(seconds=seen), slots) for begin, looks, seen, slots in rows)


def _targets_with(session: Session, service_id: int) -> Sequence[int]:
    every = session.execute(select(col(Target.id), col(Target.services)))
    return [row.id for row in every if any(one.service_id == service_id for one in row.services)]


def _appearances(
    session: Session, target_ids: Sequence[int], *, since: datetime, until: datetime
) -> tuple[Appearance, ...]:
    """Those that can be dated, without what our own bookings gave back; the first sight of a slot counts."""
    first_claimed = _claims(session, since=since)
    dated = (col(SlotSeen.unseen_at).is_not(None), col(SlotSeen.first_seen_at).between(since, until))
    seen = select(*_COLUMNS).where(col(SlotSeen.target_id).in_(target_ids), *dated)
    found: dict[Slot, Appearance] = {}
    for office_id, starts_at, *times in session.execute(seen.order_by(col(SlotSeen.first_seen_at))):
        slot = Slot(starts_at=starts_at, office_id=office_id)
        after, by, last_seen_at, gone_at = times
        claimed_at = first_claimed.get(slot)
        if slot in found or (claimed_at and claimed_at < by):
            continue
        went = gone_at and gone_at < starts_at and gone_at - last_seen_at <= CLOSE and not claimed_at
        found[slot] = Appearance(slot, after, by, last_seen_at, gone_at=gone_at if went else None)
    return tuple(found.values())


def _claims(session: Session, *, since: datetime) -> dict[Slot, datetime]:
    """When a booking of ours first wanted each slot."""
    lately = select(col(Booking.office_id), col(Booking.starts_at), func.min(Booking.created_at))
    rows = session.execute(
        lately.where(col(Booking.starts_at) > since).group_by(col(Booking.office_id), col(Booking.starts_at))
    )
    return {Slot(starts_at=starts_at, office_id=office_id): first for office_id, starts_at, first in rows}


def _hours(
    session: Session, target_ids: Sequence[int], slots: Mapping[datetime, int], *, since: datetime, until: datetime
) -> tuple[SightHour, ...]:
    """Targets are looked at side by side, so an hour was in sight at least as long as the longest seen of them."""
    within = (col(LookHour.begins_at) > since - look_hours.HOUR, col(LookHour.begins_at) < until)
    rows = session.execute(
        select(col(LookHour.begins_at), func.sum(LookHour.looks), func.max(LookHour.seconds))
        .where(col(LookHour.target_id).in_(target_ids), *within)
        .group_by(col(LookHour.begins_at))
        .order_by(col(LookHour.begins_at))
    )
    return tuple(SightHour(begin, looks, timedelta(seconds=seen), slots.get(begin, 0)) for begin, looks, seen in rows)
