"""Bookings: asked for under the constraints, claimed by one worker at a time, moved along core.bookings' table."""

from collections import Counter
from collections.abc import Collection, Iterable, MutableSequence, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session, col

from core.bookings import ENDED, LIVE, UNSETTLED, BookingState, IllegalMove, check_move
from core.errors import Permanent
from core.services import ServiceCount
from core.slots import Slot
from models import events
from models.booking import PERSON_SERVICE, Booking
from models.database import AlreadyThere, put
from models.person import Person
from models.redaction import redacted_text
from models.watch import Watch

LEAST_GAIN = timedelta(minutes=1)
MOST_TRIES = 3  # at one slot, for one watch
TURNED_DOWN = frozenset({"declined", "unanswered", "withdrawn", "cancelled-by-person", "cancelled-at-city", "replaced"})
BY_HAND = "captcha-needs-person"  # its person was asked to take the slot themselves
LEFT_LONGER = timedelta(minutes=8)  # than another slot that was tried in vain, so that we are not in their way
_TAKING_TURNS = {"key_share": True}  # two wishes of one person are checked one after the other


class LeaseLost(Permanent):
    """Another worker has the booking now; this one must not touch it any more."""


def service_key(services: Iterable[ServiceCount]) -> str:
    """Counts do not matter: who has an appointment for one passport gets no second for two."""
    return ",".join(str(one) for one in sorted(one.service_id for one in services))


def want(
    session: Session,
    *,
    watch: Watch,
    slot: Slot,
    now: datetime,
    seed: int | None = None,
    rank: int | None = None,
    rivals: int | None = None,
    answered_yes: bool | None = None,
) -> Booking:
    """A booking of its own for this watch and slot; raises AlreadyThere, after which the session can still be used.

    It is to replace the appointment that the watch improves on, as long as that one stands. `answered_yes` is given
    when the person was asked about this slot before.
    """
    session.get_one(Person, watch.person_id, with_for_update=_TAKING_TURNS)
    close_past(session, now=now, person_id=watch.person_id)
    booking = Booking(
        watch_id=watch.id,
        person_id=watch.person_id,
        target_id=watch.target_id,
        service_key=service_key(watch.services),
        office_id=slot.office_id,
        starts_at=slot.starts_at,
        created_at=now,
        moved_at=now,
        seed=seed,
        rank=rank,
        rivals=rivals,
        replaces_id=improved.id if (improved := improved_by(session, watch)) else None,
        answered_yes=answered_yes,
    )
    if _rivals_of(session, watch):
        raise AlreadyThere(PERSON_SERVICE)
    put(session, booking)
    note(session, booking, "booking.wanted", now=now, office_id=slot.office_id, starts_at=slot.starts_at)
    return booking


def get(session: Session, booking_id: int) -> Booking:
    return session.get_one(Booking, booking_id)


def find(session: Session, booking_id: int) -> Booking | None:
    return session.get(Booking, booking_id)


def claim(session: Session, booking_id: int, *, owner: str, lease: timedelta, now: datetime) -> Booking | None:
    """The live booking, now the owner's until `now + lease`; None while another's lease lives, or it has ended.

    `owner` must name one run of a job: who claims again what is his already gets it.
    """
    free = or_(col(Booking.lease_until).is_(None), col(Booking.lease_until) <= now, col(Booking.leased_by) == owner)
    claimed = (
        update(Booking)
        .where(col(Booking.id) == booking_id, col(Booking.state).in_(LIVE), free)
        .values(lease_until=now + lease, leased_by=owner, attempt=Booking.attempt + 1)
        .returning(Booking)
    )
    return session.scalars(claimed, execution_options={"populate_existing": True}).one_or_none()


def renew(session: Session, booking_id: int, *, owner: str, lease: timedelta, now: datetime) -> bool:
    """Whether the lease was still the owner's; then it lasts until `now + lease`."""
    own = (col(Booking.id) == booking_id) & (col(Booking.leased_by) == owner) & (col(Booking.lease_until) > now)
    return session.exec(update(Booking).where(own).values(lease_until=now + lease)).rowcount == 1


def release_lease(session: Session, booking_id: int, *, owner: str | None = None) -> None:
    """Let go of the booking; with `owner`, only if it is still his."""
    own = col(Booking.id) == booking_id
    if owner is not None:
        own &= col(Booking.leased_by) == owner
    session.exec(update(Booking).where(own).values(lease_until=None, leased_by=""))


def move(
    session: Session,
    booking_id: int,
    new: BookingState,
    *,
    now: datetime,
    reason: str = "",
    deadline_at: datetime | None = None,
    owner: str | None = None,
) -> Booking:
    """Move the row on and note it; a deadline that is not given stays as it was.

    Raises core.bookings.IllegalMove, also when somebody else moved it at the same moment; with `owner` LeaseLost
    when the lease is another's by now.
    """
    booking = session.get_one(Booking, booking_id, populate_existing=True)
    if owner is not None and booking.leased_by != owner:
        raise LeaseLost(f"Booking {booking_id} is in other hands.")
    was = booking.state
    check_move(was, new)
    changes = _changes(new, now=now, reason=reason, deadline_at=deadline_at)
    _from(session, booking, was, owner=owner, changes=changes)
    if new in ENDED:
        _replaced(session, booking_id, now=now)
    note(session, booking, f"booking.{new}", now=now, was=was, reason=reason)
    return booking


def close_past(session: Session, *, now: datetime, person_id: int | None = None) -> int:
    """Confirmed appointments whose time has passed stand in nobody's way any more; how many that were."""
    past = (col(Booking.state) == BookingState.CONFIRMED) & (col(Booking.starts_at) < now)
    past &= col(Booking.over_at).is_(None)
    if person_id is not None:
        past &= col(Booking.person_id) == person_id
    return int(session.exec(update(Booking).where(past).values(over_at=now)).rowcount)


def unsettled(session: Session, now: datetime) -> Sequence[Booking]:
    """Live, not confirmed, and in nobody's hands; the oldest first."""
    waiting = select(Booking).where(col(Booking.state).in_(UNSETTLED), unleased(now))
    return session.scalars(waiting.order_by(col(Booking.moved_at), col(Booking.id))).all()


def live_of(session: Session, watch: Watch) -> Booking | None:
    """What stands between this watch and a new booking: a live one of the same person for one of its services."""
    return next(iter(_rivals_of(session, watch)), None)


def busy(session: Session, watches: Collection[Watch]) -> set[int]:
    """As `live_of`, for many at once: the ids of the watches that have such a booking."""
    people = {watch.person_id for watch in watches}
    theirs: dict[int, MutableSequence[Booking]] = {}
    for booking in session.scalars(select(Booking).where(col(Booking.person_id).in_(people), live())):
        theirs.setdefault(booking.person_id, []).append(booking)
    return {watch.id for watch in watches if _in_the_way(theirs.get(watch.person_id, []), watch)}


def improved_by(session: Session, watch: Watch) -> Booking | None:
    """The confirmed appointment that this watch wants an earlier one for, while it stands."""
    if watch.improves_id is None:
        return None
    booking = session.get(Booking, watch.improves_id)
    stands = booking is not None and booking.state is BookingState.CONFIRMED and booking.over_at is None
    return booking if stands else None


def earlier_than(session: Session, watch: Watch) -> datetime | None:
    """The last start that still improves on the appointment the watch's person has; None for who has none."""
    standing = improved_by(session, watch)
    return standing.starts_at - (watch.minimum_gain or LEAST_GAIN) if standing else None


def tries(session: Session, booking: Booking) -> int:
    """How many bookings this watch has had for this slot."""
    same = (col(Booking.watch_id) == booking.watch_id) & (col(Booking.office_id) == booking.office_id)
    same &= col(Booking.starts_at) == booking.starts_at
    return len(session.scalars(select(col(Booking.id)).where(same)).all())


def claimed(session: Session) -> set[Slot]:
    """The slots of live bookings, which nobody else can be given, whatever the City still shows."""
    rows = session.execute(select(col(Booking.starts_at), col(Booking.office_id)).where(live()))
    return {Slot(starts_at=starts_at, office_id=office_id) for starts_at, office_id in rows}


def only_wanted(session: Session, target_id: int, *, since_after: datetime, now: datetime) -> Sequence[Booking]:
    """Claims that no worker has begun with, of watches that began to wait after that; the shortest wait first."""
    untouched = (col(Booking.state) == BookingState.WANTED) & unleased(now)
    theirs = select(Booking).join(Watch, col(Watch.id) == col(Booking.watch_id))
    theirs = theirs.where(untouched, col(Booking.target_id) == target_id, col(Watch.since) > since_after)
    return session.scalars(theirs.order_by(col(Watch.since).desc(), col(Booking.id).desc())).all()


def spoiled_slots(session: Session, watch_id: int, *, since: datetime) -> set[Slot]:
    """As `spoiled`, for one watch."""
    return spoiled(session, [watch_id], since=since).get(watch_id, set())


def spoiled(session: Session, watch_ids: Iterable[int], *, since: datetime) -> dict[int, set[Slot]]:
    """By watch id, the slots not to be tried for it again.

    Those its person turned down, those tried in vain often enough, and for a while those that ended after `since`:
    somebody who had the slot may give it back later.
    """
    over = select(Booking).where(col(Booking.watch_id).in_([*watch_ids]), col(Booking.state).in_(ENDED))
    found: dict[int, set[Slot]] = {}
    times: Counter[tuple[int, Slot]] = Counter()
    for booking in session.scalars(over):
        times[booking.watch_id, booking.slot] += 1
        often = times[booking.watch_id, booking.slot] >= MOST_TRIES
        tried_until = booking.moved_at + (LEFT_LONGER if booking.reason == BY_HAND else timedelta(0))
        if often or booking.reason in TURNED_DOWN or tried_until >= since:
            found.setdefault(booking.watch_id, set()).add(booking.slot)
    return found


def list(  # noqa: A001  # read as bookings.list
    session: Session, state: BookingState | None = None, *, person_id: int | None = None
) -> Sequence[Booking]:
    every = select(Booking).order_by(col(Booking.id))
    if state is not None:
        every = every.where(col(Booking.state) == state)
    if person_id is not None:
        every = every.where(col(Booking.person_id) == person_id)
    return session.scalars(every).all()


def unleased(now: datetime) -> ColumnElement[bool]:
    return or_(col(Booking.lease_until).is_(None), col(Booking.lease_until) <= now)


def live() -> ColumnElement[bool]:
    """Rows that stand under the constraints."""
    return col(Booking.state).in_(LIVE) & col(Booking.over_at).is_(None)


def _rivals_of(session: Session, watch: Watch) -> Sequence[Booking]:
    theirs = session.scalars(select(Booking).where(col(Booking.person_id) == watch.person_id, live())).all()
    return _in_the_way(theirs, watch)


def _in_the_way(live: Iterable[Booking], watch: Watch) -> Sequence[Booking]:
    """Those for one of the watch's services, but for the confirmed one it is to improve on."""
    wanted = {str(one.service_id) for one in watch.services}
    others = [one for one in live if one.id != watch.improves_id or one.state is not BookingState.CONFIRMED]
    return [booking for booking in others if wanted & set(booking.service_key.split(","))]


def _changes(new: BookingState, *, now: datetime, reason: str, deadline_at: datetime | None) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": new, "moved_at": now}
    if reason:
        changes["reason"] = redacted_text(reason)
    if deadline_at is not None:
        changes["deadline_at"] = deadline_at
    if new not in UNSETTLED:
        changes |= {"lease_until": None, "leased_by": ""}
    return changes


def _from(session: Session, booking: Booking, was: BookingState, *, owner: str | None, changes: dict[str, Any]) -> None:
    """The conditional UPDATE: it changes nothing when the row is no longer what was read."""
    as_read = (col(Booking.id) == booking.id) & (col(Booking.state) == was)
    if owner is not None:
        as_read &= col(Booking.leased_by) == owner
    moved = update(Booking).where(as_read).values(changes).returning(Booking)
    if session.scalars(moved, execution_options={"populate_existing": True}).one_or_none() is None:
        raise IllegalMove(f"booking {booking.id} was {was} and was moved by somebody else at the same moment")


def _replaced(session: Session, booking_id: int, *, now: datetime) -> None:
    """The appointment that was to be replaced has ended: its successor takes its place under the constraint."""
    successor = (col(Booking.replaces_id) == booking_id) & col(Booking.replaced_at).is_(None)
    session.exec(update(Booking).where(successor).values(replaced_at=now))


def note(session: Session, booking: Booking, kind: str, *, now: datetime, **fields: Any) -> None:
    ids = {"booking_id": booking.id, "watch_id": booking.watch_id, "target_id": booking.target_id}
    events.note(session, kind, now=now, **ids, **fields)
