"""How fast a lane may ask: in rounds, a burst of looks and then silence, since the City's counter clears in silence.

The City's API counts the accepted requests of an address and forgets them once 60 s pass without one (its defaults:
60 requests, each renewing the 60 s). Every function here is pure; times are aware UTC.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.looks import Budget

DEFAULT_LIMIT = 60
CLEARS_AFTER = timedelta(seconds=60)
SILENCE = CLEARS_AFTER + timedelta(seconds=2)  # with room for clocks and for requests that are still on their way
WINDOW = timedelta(seconds=15)  # of a round, in which looks may begin
OTHERS_SETTLE = timedelta(seconds=2)  # a look under way soon gives back what it does not need
SOON = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Grant:
    """Requests that `owner` may make. Whoever has not said by `ends_at` how many were made is taken for dead."""

    size: int
    ends_at: datetime
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """A lane's round: `count` requests were made, the last at `last_at`; `grants` are those that may still be made.

    `began_at` is None while nothing was granted. A `dense` round stays open for looks until their budget is used.
    """

    count: int
    last_at: datetime
    limit: int = DEFAULT_LIMIT
    began_at: datetime | None = None
    grants: tuple[Grant, ...] = ()
    dense: bool = False

    @property
    def outstanding(self) -> int:
        return sum(grant.size for grant in self.grants)

    @property
    def taken(self) -> int:
        return self.count + self.outstanding

    @property
    def untouched(self) -> bool:
        return not self.taken


@dataclass(frozen=True, slots=True)
class Decision:
    """`granted` requests now, or none of them and `wait` until it is worth asking again.

    `for_silence` tells a wait until the counter has cleared from one for what others have been granted.
    """

    spent: Spent
    granted: int = 0
    wait: timedelta | None = None
    for_silence: bool = False


def fresh(now: datetime, *, limit: int = DEFAULT_LIMIT) -> Spent:
    return Spent(count=0, last_at=now, limit=limit)


def cleared(before: Spent | None, *, now: datetime) -> Spent:
    """The state as it is now: grants of the dead have ended, and silence has emptied it."""
    if before is None:
        return fresh(now)
    spent = _buried(before, now=now)
    silent = not spent.grants and now - spent.last_at >= SILENCE
    return fresh(now, limit=spent.limit) if silent or spent.untouched else spent


def for_look(
    before: Spent | None,
    *,
    wanted: int,
    least: int,
    reserve: int,
    lasts: timedelta,
    now: datetime,
    window: timedelta = WINDOW,
    urgent: bool = False,
    dense: bool = False,
    owner: str = "",
) -> Decision:
    """Grant a look `least` to `wanted` requests, leaving `reserve` to bookings; else say how long to wait.

    A look begins while the round is young; one that is `urgent` or `dense` as long as there is budget.
    """
    spent = cleared(before, now=now)
    if not (urgent or dense or _open(spent, now=now, window=window)):
        return _until_clear(spent, now)
    room = max(spent.limit - reserve, least)  # a limit below the reserve must not keep us blind for ever
    if room - spent.taken < least:
        return _put_off(spent, least, room=room, now=now)
    granted = min(wanted, room - spent.taken)
    grant = Grant(granted, ends_at=now + lasts, owner=owner)
    return Decision(_with(spent, grant, dense=dense, now=now), granted=granted)


def for_booking(before: Spent | None, *, cost: int, lasts: timedelta, now: datetime, owner: str = "") -> Decision:
    """Grant a booking its requests at any time, out of the reserve too, unless the City would refuse them midway."""
    spent = cleared(before, now=now)
    room = max(spent.limit, cost)
    if room - spent.taken < cost:
        return _put_off(spent, cost, room=room, now=now)
    grant = Grant(cost, ends_at=now + lasts, owner=owner)
    return Decision(_with(spent, grant, dense=False, now=now), granted=cost)


def settled(
    before: Spent | None, *, granted: int, used: int, budget: Budget | None, now: datetime, owner: str = ""
) -> Spent:
    """After the requests were made: what was granted too much comes back, and the City's own count is the truer one.

    What the City has counted of others' requests stands in their grants until they settle, and not here as well.
    """
    spent = _returned(cleared(before, now=now), granted, owner)
    if not used:
        return cleared(spent, now=now)
    spent = replace(spent, count=spent.count + used, last_at=now, began_at=spent.began_at or now)
    if budget is None:
        return spent
    told = budget.limit - budget.remaining - spent.outstanding
    return replace(spent, count=max(spent.count, told), limit=budget.limit)


def without(before: Spent, dead: Callable[[str], bool], *, now: datetime) -> Spent:
    """The grants of owners known to be dead end now and not in their time."""
    ended = [replace(grant, ends_at=now) if dead(grant.owner) else grant for grant in before.grants]
    return cleared(replace(before, grants=tuple(ended)), now=now)


def _open(spent: Spent, *, now: datetime, window: timedelta) -> bool:
    return spent.began_at is None or spent.dense or now - spent.began_at < window


def _with(spent: Spent, grant: Grant, *, dense: bool, now: datetime) -> Spent:
    return replace(
        spent,
        grants=(*spent.grants, grant),
        began_at=spent.began_at or now,
        dense=spent.dense or dense,
    )


def _returned(spent: Spent, size: int, owner: str) -> Spent:
    """Without such a grant; of several the one that ends last stays, lest somebody who still asks be buried."""
    such = [grant for grant in spent.grants if (grant.size, grant.owner) == (size, owner)]
    if not such:
        return spent
    kept = list(spent.grants)
    kept.remove(min(such, key=lambda grant: grant.ends_at))
    return replace(spent, grants=tuple(kept))


def _buried(spent: Spent, *, now: datetime) -> Spent:
    """Nobody knows what the dead have asked, nor when: so all of it, and as late as they could.

    The silence begins anew with that, so that looks may as well.
    """
    dead = [grant for grant in spent.grants if grant.ends_at <= now]
    if not dead:
        return spent
    ended_at = max(grant.ends_at for grant in dead)
    return replace(
        spent,
        count=spent.count + sum(grant.size for grant in dead),
        last_at=max(spent.last_at, ended_at),
        began_at=ended_at,
        grants=tuple(grant for grant in spent.grants if grant.ends_at > now),
    )


def _put_off(spent: Spent, needed: int, *, room: int, now: datetime) -> Decision:
    if room - spent.count >= needed:
        return Decision(spent, wait=OTHERS_SETTLE)
    return _until_clear(spent, now)


def _until_clear(spent: Spent, now: datetime) -> Decision:
    """Silence begins only once nothing is outstanding."""
    silent_since = now if spent.grants else spent.last_at
    return Decision(spent, wait=max(SILENCE - (now - silent_since), SOON), for_silence=True)
