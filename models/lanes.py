"""Lanes: which ways out exist and whether they may be used."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from core import breaker
from core.breaker import Breaker, State
from core.errors import Transient
from core.looks import Answer
from models.database import AlreadyThere, put
from models.lane import Lane

_LOOKED_AT_AGAIN = timedelta(minutes=1)
_TRIPPED = select(Lane.metadata.tables["lane"].c.breaker_until).where(col(Lane.name) == bindparam("name"))


class LaneClosed(Transient):
    """Nothing new may begin on this lane now."""


def ensure(session: Session, name: str, *, proxy: str = "") -> Lane:
    """The lane, made when it is new; of the proxy's address only host and port are kept."""
    lane = session.get(Lane, name) or _made(session, name)
    lane.proxy = _label(proxy)
    session.flush()
    return lane


def open_at(session: Session, name: str, *, now: datetime) -> bool:
    """Whether anything may be sent on it; nobody has closed a lane that is not known."""
    lane = session.get(Lane, name)
    return lane is None or (not lane.paused and lane.breaker.state(now) is not State.OPEN)


def check_open(session: Session, name: str, *, now: datetime) -> None:
    """Raises LaneClosed while the lane is paused or rests."""
    if not open_at(session, name, now=now):
        raise LaneClosed(f"Lane {name} is closed.", retry_in=_LOOKED_AT_AGAIN)


def room(session: Session, name: str, *, most: int, now: datetime) -> int:
    """How many looks may be sent on it now: `most`, one that probes, or none."""
    lane = session.get(Lane, name)
    if lane is None:
        return most
    state = lane.breaker.state(now)
    if lane.paused or state is State.OPEN:
        return 0
    return most if state is State.CLOSED else int(_probe_free(lane, now=now))


def admits(session: Session, name: str, *, target_id: int, lease: timedelta, now: datetime) -> bool:
    """Whether a look at this target may begin. After a rest one target at a time may, for as long as `lease`."""
    lane = session.get(Lane, name)
    state = lane.breaker.state(now) if lane else State.CLOSED
    if lane is None or lane.paused or state is not State.HALF_OPEN:
        return state is State.CLOSED and not (lane and lane.paused)
    lane = session.get_one(Lane, name, with_for_update=True, populate_existing=True)
    if not _probe_free(lane, now=now) and lane.probe_target_id != target_id:
        return False
    lane.probe_target_id, lane.probe_until = target_id, now + lease
    session.flush()
    return True


def probe_over(session: Session, name: str, *, target_id: int) -> None:
    """The look that was to probe was not made: another one may."""
    lane = session.get(Lane, name)
    if lane is not None and lane.probe_target_id == target_id:
        lane.probe_target_id = lane.probe_until = None
        session.flush()


def answered(
    session: Session,
    name: str,
    answer: Answer,
    *,
    asked_at: datetime,
    now: datetime,
    rng: random.Random,
    target_id: int | None = None,
) -> Breaker | None:
    """Note what the City answered to a question of `asked_at`; the breaker where that has changed it, else None."""
    if answer not in breaker.RESTS and session.connection().scalar(_TRIPPED, {"name": name}) is None:
        return None
    lane = session.get_one(Lane, ensure_known(session, name).name, with_for_update=True, populate_existing=True)
    if target_id is not None:
        probe_over(session, name, target_id=target_id)
    before = lane.breaker
    after = breaker.after(before, answer, asked_at=asked_at, now=now, rng=rng)
    if after == before:
        return None
    _set(lane, after)
    session.flush()
    return after


def pause(session: Session, name: str, *, reason: str = "") -> Lane:
    """The kill switch: nothing is sent until the lane is resumed."""
    lane = ensure_known(session, name)
    lane.paused, lane.reason = True, reason
    return lane


def resume(session: Session, name: str) -> Lane:
    """Open it, whatever closed it."""
    lane = ensure_known(session, name)
    lane.paused = False
    _set(lane, Breaker())
    lane.reason, lane.probe_target_id, lane.probe_until = "", None, None
    return lane


def unpause(session: Session, name: str) -> Lane:
    """Take the kill switch back. What the lane rests from by itself it goes on resting from."""
    lane = ensure_known(session, name)
    lane.paused, lane.reason = False, lane.trouble or ""
    return lane


def ensure_known(session: Session, name: str) -> Lane:
    return session.get(Lane, name) or _made(session, name)


def list(session: Session) -> Sequence[Lane]:  # noqa: A001  # read as lanes.list
    return session.scalars(select(Lane).order_by(col(Lane.name))).all()


def _set(lane: Lane, after: Breaker) -> None:
    lane.trouble, lane.trouble_count = str(after.answer) if after.answer else None, after.times
    lane.tripped_at, lane.breaker_until = after.tripped_at, after.until
    if not lane.paused:  # else it is the operator's
        lane.reason = lane.trouble or ""


def _probe_free(lane: Lane, *, now: datetime) -> bool:
    return lane.probe_until is None or lane.probe_until <= now


def _made(session: Session, name: str) -> Lane:
    try:
        put(session, lane := Lane(name=name))
    except AlreadyThere:
        return session.get_one(Lane, name)
    return lane


def _label(proxy: str) -> str:
    parts = urlsplit(proxy if "://" in proxy or not proxy else f"//{proxy}")
    return f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""
