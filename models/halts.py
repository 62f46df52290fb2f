"""Halts: the operator stops the looking for one service, and lets it go on."""

import contextlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.services import ServiceCount
from models.database import AlreadyThere, put
from models.halt import Halt
from models.target import Target


def halt(session: Session, service_id: int, *, now: datetime) -> None:
    """Nothing that this service belongs to is looked at from now on; a look under way ends first."""
    with contextlib.suppress(AlreadyThere):
        put(session, Halt(service_id=service_id, since=now))
    _mark(session)


def lift(session: Session, service_id: int) -> None:
    found = session.get(Halt, service_id)
    if found is not None:
        session.delete(found)
        session.flush()
    _mark(session)


def lift_all(session: Session) -> None:
    for one in list(session):
        session.delete(one)
    session.flush()
    _mark(session)


def list(session: Session) -> Sequence[Halt]:  # noqa: A001  # read as halts.list
    return session.scalars(select(Halt).order_by(col(Halt.service_id))).all()


def concerns(session: Session, services: Iterable[ServiceCount]) -> bool:
    """Whether one of these is halted."""
    ids = [one.service_id for one in services]
    return session.scalars(select(col(Halt.service_id)).where(col(Halt.service_id).in_(ids))).first() is not None


def _mark(session: Session) -> None:
    """On the targets, where whoever claims them sees it."""
    halted: Collection[int] = {one.service_id for one in list(session)}
    for target in session.scalars(select(Target).order_by(col(Target.id)).with_for_update()):
        target.halted = any(one.service_id in halted for one in target.services)
    session.flush()
