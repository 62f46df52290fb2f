"""Leases on bookings, targets and chats by their holders' names, for whoever knows which of these are no more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.booking import Booking
from models.chat import Chat
from models.target import Target

_LEASED: tuple[type[Booking] | type[Target] | type[Chat], ...] = (Booking, Target, Chat)


def holders(session: Session, *, now: datetime) -> set[str]:
    """The names on leases that have not run out."""
    return {
        name
        for row in _LEASED
        for name in session.scalars(select(col(row.leased_by)).where(col(row.lease_until) > now))
    }


def let_go(session: Session, names: Collection[str]) -> int:
    """End the leases of these; how many there were."""
    ended = 0
    for row in _LEASED:
        theirs = update(row).where(col(row.leased_by).in_(names)).values(lease_until=None, leased_by="")
        ended += session.exec(theirs).rowcount
    return ended
