"""What of the caps is used up, by person and in all."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from core.bookings import UNSETTLED, BookingState
from core.caps import Caps
from core.errors import BadInput
from models.booking import Booking
from models.hold import Hold
from models.watch import Watch, WatchState

DAY = timedelta(days=1)
SWAPS_WITHIN = timedelta(days=30)
_GOING_ON = (WatchState.OPEN, WatchState.PAUSED)


def check_watch(session: Session, person_id: int, caps: Caps) -> None:
    """Raise BadInput when the person, or the operator, may open no more watches."""
    going_on = col(Watch.state).in_(_GOING_ON)
    if _count(session, going_on & (col(Watch.person_id) == person_id)) >= caps.watches_per_person:
        raise BadInput(
            f"A person may keep {caps.watches_per_person} watches open.",
            field="watch",
            hint="Stop one of them first.",
            code="watches_per_person",
            count=caps.watches_per_person,
        )
    if _count(session, going_on) >= caps.watches:
        raise BadInput(
            f"{caps.watches} watches are open, which is the operator's cap.", field="watch", code="watches_full"
        )


def check_swap(session: Session, person_id: int, caps: Caps, *, now: datetime) -> None:
    """Raise BadInput when the person's appointments were replaced often enough for a while."""
    stands = col(Booking.state) == BookingState.CONFIRMED
    stood = (col(Booking.state) == BookingState.CANCELLED) & col(Booking.replaced_at).is_not(None)
    replaced = (col(Booking.person_id) == person_id) & col(Booking.replaces_id).is_not(None) & (stands | stood)
    lately = func.coalesce(col(Booking.replaced_at), col(Booking.moved_at)) > now - SWAPS_WITHIN
    if len(session.scalars(select(col(Booking.id)).where(replaced, lately)).all()) >= caps.swaps:
        raise BadInput(
            f"An appointment may be replaced {caps.swaps} times in {SWAPS_WITHIN.days} days.",
            field="improves",
            code="swaps",
            count=caps.swaps,
            days=SWAPS_WITHIN.days,
        )


def holds_left(session: Session, caps: Caps) -> int:
    """How many more bookings may be under way now."""
    under_way = select(func.count()).select_from(Booking).where(col(Booking.state).in_(UNSETTLED))
    return max(0, caps.holds - int(session.scalar(under_way) or 0))


def spent(session: Session, caps: Caps, *, now: datetime) -> set[int]:
    """The persons for whom the City has kept enough holds within a day."""
    lately = (
        select(col(Booking.person_id))
        .join(Hold, col(Hold.booking_id) == col(Booking.id))
        .where(col(Hold.held_at) > now - DAY)
        .group_by(col(Booking.person_id))
        .having(func.count() >= caps.holds_per_day)
    )
    return set(session.scalars(lately).all())


def _count(session: Session, those: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.count()).select_from(Watch).where(those)) or 0)
