"""What can be seen for those who wait: when something last was, or since when nothing is and why, and what is next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import lanes, looks
from models.lane import Lane
from models.look import Look
from models.target import Target

PAUSED, UNLOOKED = "paused", "unlooked"


@dataclass(frozen=True, slots=True)
class Outlook:
    """`why` is a look's answer, `paused` or `unlooked`, and empty while it sees.

    `next_look_at` is when a look is made at the soonest; None while the operator has the looking paused, all of it or
    for one of these services.
    """

    last_good_at: datetime | None
    blind_since: datetime | None = None
    why: str = ""
    next_look_at: datetime | None = None


def of_targets(session: Session, target_ids: Collection[int], *, now: datetime) -> Mapping[int, Outlook]:
    """By target, with few questions however many they are."""
    found = session.scalars(select(Target).where(col(Target.id).in_(set(target_ids)))).all()
    latest = looks.latest_of(session, [target.id for target in found if target.blind_since])
    ways = lanes.list(session)
    opens_at = _opens_at(ways, now=now)
    return {
        target.id: Outlook(
            last_good_at=target.last_good_at,
            blind_since=target.blind_since,
            why=_why(target, latest.get(target.id), ways) if target.blind_since else "",
            next_look_at=max(target.next_look_at or now, opens_at) if opens_at and not target.halted else None,
        )
        for target in found
    }


def is_halted(session: Session, target_id: int, *, now: datetime) -> bool:
    """Whether the operator has the looking paused, all of it or for this."""
    return any(one.next_look_at is None for one in of_targets(session, [target_id], now=now).values())


def _why(target: Target, latest: Look | None, ways: Sequence[Lane]) -> str:
    """The last look's answer, or what keeps anybody from looking at all."""
    if target.halted:
        return PAUSED
    since = target.blind_since
    if latest is not None and since is not None and not latest.sighted and latest.finished_at >= since:
        return str(latest.answer)
    taken = [lane for lane in ways if latest is None or lane.name == latest.lane]
    if taken and all(lane.paused for lane in taken):
        return PAUSED
    return next((lane.trouble for lane in taken if lane.trouble), UNLOOKED)


def _opens_at(ways: Sequence[Lane], *, now: datetime) -> datetime | None:
    """When the first way out may be used; nobody has closed one that is not known."""
    free = [max(now, lane.breaker_until or now) for lane in ways if not lane.paused]
    return min(free, default=None if ways else now)
