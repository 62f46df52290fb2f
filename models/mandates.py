"""Consent: recorded before anything is booked, revoked at any moment."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import watches
from models.mandate import Mandate
from models.watch import Watch, WatchState


def record(session: Session, person_id: int, what: str, until: datetime | None, *, now: datetime) -> Mandate:
    mandate = Mandate(person_id=person_id, what=what, until=until, given_at=now)
    session.add(mandate)
    session.flush()
    return mandate


def valid(session: Session, person_id: int, *, now: datetime) -> Mandate | None:
    """The person's newest mandate that still stands."""
    standing = (
        select(Mandate)
        .where(col(Mandate.person_id) == person_id, col(Mandate.revoked_at).is_(None))
        .where(col(Mandate.until).is_(None) | (col(Mandate.until) > now))
        .order_by(col(Mandate.id).desc())
    )
    return session.scalars(standing.limit(1)).first()


def stands(session: Session, mandate_id: int, *, now: datetime) -> bool:
    mandate = session.get_one(Mandate, mandate_id)
    return mandate.revoked_at is None and (mandate.until is None or mandate.until > now)


def of_person(session: Session, person_id: int) -> Sequence[Mandate]:
    return session.scalars(select(Mandate).where(col(Mandate.person_id) == person_id).order_by(col(Mandate.id))).all()


def revoke_all(session: Session, person_id: int, *, now: datetime) -> None:
    for mandate in of_person(session, person_id):
        revoke(session, mandate.id, now=now)


def revoke(session: Session, mandate_id: int, *, now: datetime) -> Mandate:
    """Take the consent back; what was watched on it ends at once."""
    mandate = session.get_one(Mandate, mandate_id)
    mandate.revoked_at = mandate.revoked_at or now
    for watch in session.scalars(select(Watch).where(col(Watch.mandate_id) == mandate_id)).all():
        if watch.state in (WatchState.OPEN, WatchState.PAUSED):
            watches.end(session, watch.id, reason="mandate-revoked", now=now)
    return mandate
