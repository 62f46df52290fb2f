"""How fast a lane may ask: until its budget is used, and then not at all, since the City's counter clears in silence.

The City's API counts the accepted requests of an address and forgets them once 60 s pass without one (its defaults:
60 requests, each renewing the 60 s). Every function here is pure; times are aware UTC.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from core.looks import Budget
from core.slots import BERLIN

DEFAULT_LIMIT = 60
CLEARS_AFTER = timedelta(seconds=60)
SILENCE = CLEARS_AFTER + timedelta(seconds=2)  # with room for clocks and for requests that are still on their way


@dataclass(frozen=True, slots=True)
class Spent:
    """What a lane has asked since its counter last cleared, with what it has been granted and not yet asked."""

    count: int
    last_at: datetime
    limit: int = DEFAULT_LIMIT


@dataclass(frozen=True, slots=True)
class Decision:
    """`granted` requests now, or none of them and `wait` until it is worth asking again."""

    spent: Spent
    granted: int = 0
    wait: timedelta | None = None


def fresh(now: datetime, *, limit: int = DEFAULT_LIMIT) -> Spent:
    return Spent(count=0, last_at=now, limit=limit)


def cleared(spent: Spent | None, *, now: datetime) -> Spent:
    """The state as it is now: silence has emptied it."""
    if spent is None:
        return fresh(now)
    if now - spent.last_at >= SILENCE:
        return fresh(now, limit=spent.limit)
    return spent


def for_look(before: Spent | None, *, wanted: int, least: int, reserve: int, now: datetime) -> Decision:
    """Grant a look `least` to `wanted` requests, leaving `reserve` to bookings; else say how long to wait."""
    spent = cleared(before, now=now)
    left = spent.limit - reserve - spent.count
    if left < least:
        return Decision(spent, wait=_until_clear(spent, now))
    granted = min(wanted, left)
    return Decision(_with(spent, granted, now), granted=granted)


def for_booking(before: Spent | None, *, cost: int, now: datetime) -> Decision:
    """Grant a booking its requests, out of the reserve too, unless the City would refuse them in its middle."""
    spent = cleared(before, now=now)
    if spent.limit - spent.count < cost:
        return Decision(spent, wait=_until_clear(spent, now))
    return Decision(_with(spent, cost, now), granted=cost)


def settled(before: Spent | None, *, granted: int, used: int, budget: Budget | None, now: datetime) -> Spent:
    """After the requests were made: what was granted too much comes back, and the City's own count is the truer one."""
    spent = cleared(before, now=now)
    count = max(0, spent.count - granted + used)
    if budget is None:
        return replace(spent, count=count, last_at=now if used else spent.last_at)
    return Spent(count=max(count, budget.limit - budget.remaining), last_at=now, limit=budget.limit)


def quiet(now: datetime, hours: tuple[time, time] | None) -> bool:
    """Whether the operator wants no looks at this hour of Munich's clock; the hours may span midnight."""
    if hours is None:
        return False
    start, end = hours
    clock = now.astimezone(BERLIN).time()
    return start <= clock < end if start <= end else clock >= start or clock < end


def _with(spent: Spent, granted: int, now: datetime) -> Spent:
    return replace(spent, count=spent.count + granted, last_at=now)


def _until_clear(spent: Spent, now: datetime) -> timedelta:
    return max(SILENCE - (now - spent.last_at), timedelta(seconds=1))
