"""Lanes: which ways out exist and whether they may be used."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlmodel import Session, col

from models.database import AlreadyThere, put
from models.lane import Lane


def ensure(session: Session, name: str, *, proxy: str = "") -> Lane:
    """The lane, made when it is new; of the proxy's address only host and port are kept."""
    lane = session.get(Lane, name) or _made(session, name)
    lane.proxy = _label(proxy)
    session.flush()
    return lane


def open_at(session: Session, name: str, *, now: datetime) -> bool:
    """Whether anything may be sent on it; nobody has closed a lane that is not known."""
    lane = session.get(Lane, name)
    return lane is None or not (lane.paused or (lane.breaker_until is not None and lane.breaker_until > now))


def pause(session: Session, name: str, *, reason: str = "") -> Lane:
    """The kill switch: nothing is sent until the lane is resumed."""
    lane = ensure_known(session, name)
    lane.paused, lane.reason = True, reason
    return lane


def trip(session: Session, name: str, *, until: datetime, reason: str) -> Lane:
    """The breaker: nothing is sent until then."""
    lane = ensure_known(session, name)
    lane.breaker_until, lane.reason = until, reason
    return lane


def resume(session: Session, name: str) -> Lane:
    lane = ensure_known(session, name)
    lane.paused, lane.breaker_until, lane.reason = False, None, ""
    return lane


def ensure_known(session: Session, name: str) -> Lane:
    return session.get(Lane, name) or _made(session, name)


def list(session: Session) -> Sequence[Lane]:  # noqa: A001  # read as lanes.list
    return session.scalars(select(Lane).order_by(col(Lane.name))).all()


def _made(session: Session, name: str) -> Lane:
    try:
        put(session, lane := Lane(name=name))
    except AlreadyThere:
        return session.get_one(Lane, name)
    return lane


def _label(proxy: str) -> str:
    parts = urlsplit(proxy if "://" in proxy or not proxy else f"//{proxy}")
    return f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""
