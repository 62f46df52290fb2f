"""Targets: formed from the watches on them, claimed when due, moved on by each look's answer."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col

from core.looks import Look
from core.services import ServiceCount
from core.targets import union
from models import halts
from models.database import AlreadyThere, put
from models.target import Target
from models.watch import Watch, WatchState

MADE = "watch-made:"  # before a target's number: whose the first look of a new watch is until a worker has it

_ROWS = Target.metadata.tables["target"]
_BY_A_LOOK = ("last_look_at", "last_good_at", "last_sight", "blind_since", "blind_count", "next_look_at")
_LOOKED_AT = (  # past the ORM, since every look says it
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("target"))
    .values({name: bindparam(f"new_{name}") for name in _BY_A_LOOK} | {"lease_until": None, "leased_by": ""})
)


def get(session: Session, target_id: int) -> Target:
    return session.get_one(Target, target_id)


def locked(session: Session, target_id: int) -> Target:
    """As it is now and stays until the transaction ends: two looks at it are written down one after the other."""
    return session.get_one(Target, target_id, with_for_update=True, populate_existing=True)


def join(session: Session, services: Sequence[ServiceCount], *, captcha: bool) -> Target:
    """The target for these services, made when nobody watches them yet.

    Offices with the captcha box and offices without it are looked at apart: one look would need the box for all.
    """
    services_key = key_of(services)
    key = f"{services_key}+captcha" if captcha else services_key
    if found := _by_key(session, key):
        return found
    halted = halts.concerns(session, services)
    made = Target(key=key, services_key=services_key, captcha=captcha, services=tuple(services), halted=halted)
    try:
        put(session, made)
    except AlreadyThere:
        return session.scalars(select(Target).where(col(Target.key) == key)).one()
    return made


def key_of(services: Iterable[ServiceCount]) -> str:
    return ",".join(str(one) for one in sorted(services))


def reform(session: Session, services: Iterable[ServiceCount], *, now: datetime) -> None:
    """Bring the offices of these services' targets to the union of what their open watches accept.

    A target nobody waits for is due no more; one that somebody waits for anew, or at more offices, is due now.
    """
    reform_all(session, [services], now=now)


def reform_all(session: Session, several: Iterable[Iterable[ServiceCount]], *, now: datetime) -> None:
    """As `reform`, for many sets of services in few statements."""
    keys = {key_of(services) for services in several}
    same = select(Target).where(col(Target.services_key).in_(keys)).order_by(col(Target.id))
    found = session.scalars(same.with_for_update().execution_options(populate_existing=True)).all()
    accepted = _accepted(session, [target.id for target in found])
    for target in found:
        _reform(target, accepted.get(target.id, set()), now=now)


def look_soon(session: Session, target_id: int, *, now: datetime) -> None:
    """Due at once, if anybody waits for it."""
    waited_for = (col(Target.id) == target_id) & (col(Target.next_look_at) > now)
    session.exec(update(Target).where(waited_for).values(next_look_at=now))


def claim_due(session: Session, *, now: datetime, owner: str, lease: timedelta, limit: int) -> Sequence[Target]:
    """The targets that are due and nobody's, now the owner's; the longest due first."""
    due = (
        select(col(Target.id))
        .where(col(Target.next_look_at) <= now, col(Target.halted).is_(False), _unleased(now))
        .order_by(col(Target.next_look_at), col(Target.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(Target)
        .where(col(Target.id).in_(due.scalar_subquery()), _unleased(now))
        .values(lease_until=now + lease, leased_by=owner)
        .returning(Target)
    )
    rows = session.scalars(claimed, execution_options={"populate_existing": True}).all()
    return sorted(rows, key=lambda target: (target.next_look_at or now, target.id))


def claim_one(session: Session, target_id: int, *, now: datetime, owner: str, lease: timedelta) -> bool:
    """Claim this target if it is due and nobody's; False means that a look is under way, not yet due, or not wanted."""
    due = (col(Target.next_look_at) <= now) & col(Target.halted).is_(False)
    mine = (col(Target.id) == target_id) & due & _unleased(now)
    claimed = session.exec(update(Target).where(mine).values(lease_until=now + lease, leased_by=owner))
    return bool(claimed.rowcount)


def sent_in_vain(session: Session, *, owner: str) -> int:
    """The messages for these looks are lost, and no worker has any of them in hand: due again; how many."""
    senders = (col(Target.leased_by) == owner) | col(Target.leased_by).startswith(MADE)
    return session.exec(update(Target).where(senders).values(lease_until=None, leased_by="")).rowcount


def answered(session: Session, target_id: int, look: Look, *, next_look_at: datetime) -> Target:
    """Note how the look went and when the next is due; the lease ends."""
    target = session.get_one(Target, target_id)
    target.last_look_at = look.finished_at
    if look.sighted:
        target.last_good_at, target.blind_since, target.blind_count = look.finished_at, None, 0
    else:
        target.blind_since, target.blind_count = target.blind_since or look.started_at, target.blind_count + 1
    target.next_look_at = _after(target.next_look_at, look, next_look_at)
    target.lease_until, target.leased_by = None, ""
    _write(session, target)
    return target


def lease(session: Session, target_id: int, *, owner: str, until: datetime) -> None:
    """It is this owner's, whoever claimed it: a look that has begun is its worker's, not its sender's."""
    here = update(Target).where(col(Target.id) == target_id)
    session.exec(here.values(lease_until=until, leased_by=owner))


def release_lease(session: Session, target_id: int, *, owner: str) -> None:
    own = (col(Target.id) == target_id) & (col(Target.leased_by) == owner)
    session.exec(update(Target).where(own).values(lease_until=None, leased_by=""))


def overlooked(session: Session, *, due_before: datetime) -> Sequence[Target]:
    """Those that have been due since before then without a look, and are not known to be blind."""
    late = (col(Target.next_look_at) <= due_before) & col(Target.blind_since).is_(None)
    return session.scalars(select(Target).where(late).order_by(col(Target.id))).all()


def waited_for(session: Session) -> int:
    """How many targets anybody waits for."""
    return session.scalars(select(func.count()).where(col(Target.next_look_at).is_not(None))).one()


def list(session: Session) -> Sequence[Target]:  # noqa: A001  # read as targets.list
    return session.scalars(select(Target).order_by(col(Target.id))).all()


def _write(session: Session, target: Target) -> None:
    """What a look has changed of it. Said to be written, so that the ORM does not write it once more."""
    values = {name: getattr(target, name) for name in (*_BY_A_LOOK, "lease_until", "leased_by")}
    session.connection().execute(
        _LOOKED_AT, {"target": target.id} | {f"new_{name}": values[name] for name in _BY_A_LOOK}
    )
    for name, value in values.items():
        set_committed_value(target, name, value)


def _by_key(session: Session, key: str) -> Target | None:
    return session.scalars(select(Target).where(col(Target.key) == key)).first()


def _accepted(session: Session, target_ids: Sequence[int]) -> dict[int, set[frozenset[int]]]:
    """What offices the open watches on these targets accept, by target."""
    waiting = col(Watch.target_id).in_(target_ids) & (col(Watch.state) == WatchState.OPEN)
    found: dict[int, set[frozenset[int]]] = {}
    for target_id, office_ids in session.execute(select(col(Watch.target_id), col(Watch.office_ids)).where(waiting)):
        found.setdefault(target_id, set()).add(frozenset(office_ids))
    return found


def _reform(target: Target, accepted: AbstractSet[frozenset[int]], *, now: datetime) -> None:
    if not accepted:
        target.next_look_at = None
        return
    covered, wanted = frozenset(target.office_ids), union(accepted)
    more = bool(covered) and not (wanted and wanted <= covered)
    target.office_ids = tuple(sorted(wanted))
    if target.next_look_at is None or more:
        target.next_look_at = now


def _unleased(now: datetime) -> ColumnElement[bool]:
    return or_(col(Target.lease_until).is_(None), col(Target.lease_until) <= now)


def _after(due: datetime | None, look: Look, following: datetime) -> datetime | None:
    """Somebody who came while the look was under way keeps their earlier time; nobody waiting stays nobody."""
    if due is None:
        return None
    return following if due <= look.started_at else min(due, following)
