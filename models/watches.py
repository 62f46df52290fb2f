"""Watches: opened, paused, taken up again, and ended in one of several ways."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, or_, select
from sqlmodel import Session, col

from core.allocation import Claimant, fitting
from core.bookings import UNSETTLED
from core.caps import Caps
from core.errors import BadInput
from core.services import ServiceCount
from core.slots import Slot
from core.wishes import Mode, WishRules, gives_up_at
from models import events, quotas, targets
from models.booking import Booking
from models.mandate import Mandate
from models.notice import Notice
from models.watch import Watch, WatchState

_ANY = frozenset(WatchState)
_GOING_ON = frozenset({WatchState.OPEN, WatchState.PAUSED})
_OPEN_FOR = (  # put together once, since every look asks it
    select(Watch)
    .where(col(Watch.target_id) == bindparam("target"), col(Watch.state) == WatchState.OPEN)
    .order_by(col(Watch.since), col(Watch.id))
)


def add(
    session: Session,
    *,
    person_id: int,
    mandate_id: int,
    services: Sequence[ServiceCount],
    office_ids: Sequence[int] = (),
    rules: WishRules,
    mode: Mode,
    deadline: datetime | None,
    now: datetime,
    captcha: bool = False,
    improves_id: int | None = None,
    minimum_gain: timedelta | None = None,
    caps: Caps = Caps(),  # noqa: B008  # frozen
) -> Watch:
    """A new open watch on the target it shares with its like; `captcha` says whether its offices demand the box.

    Raises BadInput when the caps allow no more.
    """
    quotas.check_watch(session, person_id, caps)
    target = targets.join(session, services, captcha=captcha)
    watch = Watch(
        person_id=person_id,
        mandate_id=mandate_id,
        target_id=target.id,
        services=tuple(services),
        office_ids=tuple(office_ids),
        rules=rules,
        mode=mode,
        deadline=deadline,
        since=now,
        improves_id=improves_id,
        minimum_gain=minimum_gain,
    )
    session.add(watch)
    session.flush()
    targets.reform(session, services, now=now)
    events.note(session, "watch.opened", now=now, watch_id=watch.id, target_id=target.id, mode=mode)
    return watch


def change(
    session: Session,
    watch_id: int,
    *,
    mandate_id: int,
    services: Sequence[ServiceCount],
    office_ids: Sequence[int],
    rules: WishRules,
    mode: Mode,
    deadline: datetime | None,
    captcha: bool,
    now: datetime,
) -> Watch:
    """Another wish in the same watch, which stays paused if it is. Its place in the queue is kept with the services.

    Raises BadInput when it has ended, has a booking under way, or is to replace an appointment for other services.
    """
    watch = session.get_one(Watch, watch_id, with_for_update=True, populate_existing=True)
    before = tuple(watch.services)
    same = sorted(before) == sorted(services)
    _refuse_change(session, watch, same_services=same)
    target = targets.join(session, services, captcha=captcha)
    watch.mandate_id, watch.target_id, watch.mode, watch.deadline = mandate_id, target.id, mode, deadline
    watch.services, watch.office_ids, watch.rules = tuple(services), tuple(office_ids), rules
    if not same:
        watch.since = now
    session.flush()
    targets.reform_all(session, [before, services], now=now)
    targets.look_soon(session, target.id, now=now)  # other days may be wanted, whose times nobody asked for
    events.note(session, "watch.changed", now=now, watch_id=watch_id, target_id=target.id, mode=mode)
    return watch


def deadline_with(watch: Watch, rules: WishRules) -> datetime | None:
    """When to give up if it had these rules: a deadline that followed from its days follows the new ones."""
    set_apart = watch.deadline is not None and watch.deadline != gives_up_at(watch.rules)
    return watch.deadline if set_apart else gives_up_at(rules)


def get(session: Session, watch_id: int) -> Watch:
    return session.get_one(Watch, watch_id)


def locked(session: Session, watch_id: int) -> Watch:
    """As it is now and stays until the transaction ends."""
    return session.get_one(Watch, watch_id, with_for_update=True, populate_existing=True)


def find(session: Session, watch_id: int) -> Watch | None:
    return session.get(Watch, watch_id)


def open_for(session: Session, target_id: int) -> Sequence[Watch]:
    """The open watches on a target, those who wait longest first."""
    return session.scalars(_OPEN_FOR, {"target": target_id}).all()


def waiting(session: Session, target_id: int) -> Sequence[tuple[int, int]]:
    """As `open_for`, the numbers of watch and person alone: a crowd costs little."""
    here = (col(Watch.target_id) == target_id) & (col(Watch.state) == WatchState.OPEN)
    found = session.execute(select(col(Watch.id), col(Watch.person_id)).where(here).order_by(col(Watch.id)))
    return [(watch_id, person_id) for watch_id, person_id in found]


def untold(session: Session, *, since: datetime, opened_before: datetime, limit: int) -> Sequence[Watch]:
    """The open watches begun before then whose persons were told nothing about them at or after `since`."""
    told = exists().where(col(Notice.watch_id) == col(Watch.id), col(Notice.created_at) >= since)
    waiting = (col(Watch.state) == WatchState.OPEN) & (col(Watch.since) <= opened_before)
    return session.scalars(select(Watch).where(waiting, ~told).order_by(col(Watch.id)).limit(limit)).all()


def claimant(watch: Watch, *, tried: Collection[Slot], before: datetime | None) -> Claimant:
    """The watch as the draw sees it; `before` as in bookings.earlier_than."""
    return Claimant(
        watch_id=watch.id,
        person_id=watch.person_id,
        since=watch.since,
        rules=watch.rules,
        office_ids=tuple(watch.office_ids),
        taken=frozenset(tried),
        before=before,
    )


def next_best(
    watch: Watch, slots: Iterable[Slot], *, tried: Collection[Slot], before: datetime | None, now: datetime
) -> Slot | None:
    """The slot this watch would like most of those it has not tried."""
    return next(iter(fitting(claimant(watch, tried=tried, before=before), slots, now=now)), None)


def pause(session: Session, watch_id: int, *, now: datetime, reason: str = "") -> Watch:
    """Rest until it is resumed; `reason` is a code where it was not the person's own wish."""
    return _turn(session, watch_id, WatchState.PAUSED, allowed=_GOING_ON, reason=reason, now=now)


def resume(session: Session, watch_id: int, *, now: datetime) -> Watch:
    """Open again what was paused, or what was fulfilled by an appointment that is no more."""
    return _turn(session, watch_id, WatchState.OPEN, allowed=_GOING_ON | {WatchState.FULFILLED}, now=now)


def stop(session: Session, watch_id: int, *, now: datetime) -> Watch:
    """The person wants it no more."""
    return _turn(session, watch_id, WatchState.STOPPED, allowed=_ANY, now=now)


def fulfil(session: Session, watch_id: int, *, now: datetime) -> Watch:
    return _turn(session, watch_id, WatchState.FULFILLED, allowed=_ANY, now=now)


def end(session: Session, watch_id: int, *, reason: str, now: datetime) -> Watch:
    """It can lead to nothing any more, for `reason`, a code."""
    return _turn(session, watch_id, WatchState.ENDED, allowed=_GOING_ON, reason=reason, now=now)


def relax(
    session: Session,
    watch_id: int,
    *,
    rules: WishRules,
    office_ids: Sequence[int],
    captcha: bool | None = None,
    now: datetime,
) -> Watch:
    """The same wish with wider rules or more offices; its place in the draw stays.

    `captcha` as in `add`, None where the offices stay. Raises BadInput when it has ended or has a booking under way.
    """
    watch = session.get_one(Watch, watch_id, with_for_update=True)
    _refuse_change(session, watch, same_services=True)
    watch.deadline = deadline_with(watch, rules)
    if captcha is not None:
        watch.target_id = targets.join(session, watch.services, captcha=captcha).id
    watch.rules, watch.office_ids = rules, tuple(office_ids)
    session.flush()
    targets.reform(session, watch.services, now=now)
    targets.look_soon(session, watch.target_id, now=now)
    events.note(session, "watch.changed", now=now, watch_id=watch_id, target_id=watch.target_id)
    return watch


def end_overdue(session: Session, now: datetime) -> Sequence[Watch]:
    """End what is past its deadline or its mandate; a watch with a booking under way waits for that one's end."""
    lapsed = select(col(Mandate.id)).where(or_(col(Mandate.until) <= now, col(Mandate.revoked_at).is_not(None)))
    overdue = or_(col(Watch.deadline) <= now, col(Watch.mandate_id).in_(lapsed))
    under_way = exists().where(col(Booking.watch_id) == col(Watch.id), col(Booking.state).in_(UNSETTLED))
    wanted = select(Watch).where(col(Watch.state).in_(_GOING_ON), overdue, ~under_way).order_by(col(Watch.id))
    found = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()
    if not found:
        return found
    for watch in found:
        watch.state, watch.ended_reason = WatchState.ENDED, _why_over(watch, now=now)
    session.flush()
    targets.reform_all(session, [watch.services for watch in found], now=now)
    ends = [{"watch_id": one.id, "target_id": one.target_id, "reason": one.ended_reason} for one in found]
    events.note_all(session, f"watch.{WatchState.ENDED}", ends, now=now)
    return found


def list(session: Session, state: WatchState | None = None) -> Sequence[Watch]:  # noqa: A001  # read as watches.list
    every = select(Watch).order_by(col(Watch.id))
    return session.scalars(every if state is None else every.where(col(Watch.state) == state)).all()


def _refuse_change(session: Session, watch: Watch, *, same_services: bool) -> None:
    if watch.state not in _GOING_ON:
        raise BadInput(f"Watch {watch.id} is {watch.state}.", field="watch", hint="Make a new one.", code="watch_over")
    under_way = (col(Booking.watch_id) == watch.id) & col(Booking.state).in_(UNSETTLED)
    if session.scalars(select(col(Booking.id)).where(under_way).limit(1)).first() is not None:
        raise BadInput("A booking is still under way.", field="watch", hint="End that one first.", code="under_way")
    if watch.improves_id is not None and not same_services:
        raise BadInput("The appointment it shall replace is for other services.", field="service", code="swap_services")


def _turn(
    session: Session,
    watch_id: int,
    state: WatchState,
    *,
    allowed: Collection[WatchState],
    now: datetime,
    reason: str = "",
) -> Watch:
    watch = session.get_one(Watch, watch_id, with_for_update=True)
    if watch.state is state:
        return watch
    if watch.state not in allowed:
        raise BadInput(f"Watch {watch_id} is {watch.state} and cannot be {state} any more.", field="watch")
    watch.state, watch.ended_reason = state, reason
    session.flush()
    targets.reform(session, watch.services, now=now)
    events.note(session, f"watch.{state}", now=now, watch_id=watch_id, target_id=watch.target_id, reason=reason)
    return watch


def _why_over(watch: Watch, *, now: datetime) -> str:
    return "deadline" if watch.deadline is not None and watch.deadline <= now else "mandate"
