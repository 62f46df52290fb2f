"""The lane's budget, shared in Redis by all workers of the lane: nobody asks the City without a grant from here."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core import pacing
from core.errors import Transient
from core.looks import Budget
from core.pacing import Decision, Grant, Spent
from core.quiet import QuietHours
from core.slots import utc_now

log = structlog.get_logger()

KEPT = timedelta(minutes=10)  # far longer than silence: who finds nothing may begin a round
LEAST = 8  # requests of the shortest look from a cold page: page, captcha, days, a day's times
LEAST_WARM = 2  # requests from a page that stands: days and a day's times, or a step back and a month
WARM_BOOKING = 8  # at most, from a page that takes the slot where it stands to preconfirmed
COLD_BOOKING = 12  # at most, from a page that must be opened first
FINISHING = 4  # of these after the person's yes: the details and the last click
LOOK_LASTS = timedelta(seconds=110)  # longer than what asks may take: whoever has not settled by then is dead
BOOKING_LASTS = timedelta(seconds=160)
ERRAND_LASTS = timedelta(seconds=100)
OFFER_LASTS = timedelta(seconds=60)  # until it is held; then its person thinks, and the lane must be able to be silent

_SWAP = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""  # one step, unless somebody wrote since we read

T = TypeVar("T")


class Wait(Transient):
    """The lane gives nothing for now; `retry_in` is when it is worth asking again."""


@dataclass(frozen=True, slots=True)
class Pacer:
    """Grants are made and given back in one step each, so that two workers never get the same requests."""

    redis: Redis
    lane: str
    reserve: int
    window: timedelta = pacing.WINDOW
    quiet_hours: QuietHours | None = None
    clock: Callable[[], datetime] = utc_now
    owner: str = ""

    async def look(self, *, wanted: int, least: int = LEAST, urgent: bool = False, dense: bool = False) -> int:
        """The requests that a look may make, `least` to `wanted`; raises Wait when it must not begin.

        It begins in a round's first seconds; an `urgent` one, or one in a time of releases (`dense`), at any time that
        has budget.
        """
        if quiet := self._quiet_for():
            raise Wait("The lane's quiet hours.", retry_in=quiet)
        return await self._grant(
            lambda spent: pacing.for_look(
                spent,
                wanted=max(wanted, least),
                least=least,
                reserve=self.reserve,
                lasts=LOOK_LASTS,
                window=self.window,
                urgent=urgent,
                dense=dense,
                owner=self.owner,
                now=self.clock(),
            )
        )

    async def booking(self, *, warm: bool, asks: bool = False) -> int:
        """What a booking costs, out of the reserve too; raises Wait when the City would refuse it in its middle.

        One that `asks` its person when the slot is held may take minutes.
        """
        lasts = OFFER_LASTS if asks else BOOKING_LASTS
        return await self._claim(WARM_BOOKING if warm else COLD_BOOKING, lasts=lasts)

    async def errand(self, *, cost: int) -> int:
        """Requests for reading, confirming or cancelling, out of the reserve too; raises Wait as `booking` does."""
        return await self._claim(cost, lasts=ERRAND_LASTS)

    async def settle(self, *, granted: int, used: int, budget: Budget | None) -> None:
        """Give back what was not asked, and believe what the City's headers said last.

        Without Redis nothing is granted either, so that what was not settled harms nobody.
        """

        def change(spent: Spent | None) -> tuple[Spent, None]:
            return pacing.settled(
                spent, granted=granted, used=used, budget=budget, owner=self.owner, now=self.clock()
            ), None

        try:
            await self._change(change)
        except Wait:
            log.warning("lane.unsettled", lane=self.lane)

    async def bury(self, dead: Callable[[str], bool]) -> None:
        """End what was granted to owners that are `dead`; without Redis it ends in its time."""

        def change(spent: Spent | None) -> tuple[Spent, int]:
            before = spent or pacing.fresh(self.clock())
            after = pacing.without(before, dead, now=self.clock())
            return after, len(before.grants) - len(after.grants)

        with contextlib.suppress(Wait):
            if ended := await self._change(change):
                log.warning("lane.buried", lane=self.lane, grants=ended)

    async def opens_in(self, *, least: int = LEAST_WARM, dense: bool = False) -> timedelta:
        """How long until a look may begin; nothing when it may now. Raises Wait when Redis does not answer."""
        if quiet := self._quiet_for():
            return quiet
        decision = pacing.for_look(
            await self._kept(),
            wanted=least,
            least=least,
            reserve=self.reserve,
            lasts=LOOK_LASTS,
            window=self.window,
            dense=dense,
            now=self.clock(),
        )
        return decision.wait or timedelta()

    async def spent(self) -> Spent:
        """Where the lane stands now, for the operator."""
        return pacing.cleared(await self._kept(), now=self.clock())

    async def close(self) -> None:
        await self.redis.aclose()

    @property
    def _key(self) -> str:
        return key_of(self.lane)

    def quiet_lately(self, *, within: timedelta) -> bool:
        """Whether these are the lane's quiet hours, or were so short a time ago."""
        hours, now = self.quiet_hours, self.clock()
        return hours is not None and bool(hours.left(now) or hours.left(now - within))

    def _quiet_for(self) -> timedelta:
        return self.quiet_hours.left(self.clock()) if self.quiet_hours else timedelta()

    async def _claim(self, cost: int, *, lasts: timedelta) -> int:
        return await self._grant(
            lambda spent: pacing.for_booking(spent, cost=cost, lasts=lasts, owner=self.owner, now=self.clock())
        )

    async def _grant(self, decide: Callable[[Spent | None], Decision]) -> int:
        def change(spent: Spent | None) -> tuple[Spent, Decision]:
            decision = decide(spent)
            return decision.spent, decision

        decision = await self._change(change)
        if decision.wait is None:
            return decision.granted
        if decision.for_silence:
            raise Wait("The lane keeps silent until the City's counter has cleared.", retry_in=decision.wait)
        raise Wait("What the lane has left is granted to others, who may give it back.", retry_in=decision.wait)

    async def _kept(self) -> Spent | None:
        try:
            return self._read(await self.redis.get(self._key))
        except (RedisError, OSError) as error:
            raise _out_of_reach(error) from error

    async def _change(self, change: Callable[[Spent | None], tuple[Spent, T]]) -> T:
        """Read, decide, write; anew whenever another worker wrote in between."""
        try:
            while True:
                raw = await self.redis.get(self._key)
                before = self._read(raw)
                after, result = change(before)
                if after == before or await self._swapped(raw or b"", _written(after)):
                    return result
        except (RedisError, OSError) as error:
            raise _out_of_reach(error) from error

    async def _swapped(self, before: bytes | str, after: str) -> bool:
        milliseconds = int(KEPT.total_seconds() * 1000)
        return bool(await self.redis.eval(_SWAP, 1, self._key, before, after, milliseconds))

    def _read(self, raw: bytes | str | None) -> Spent | None:
        return read(raw, lane=self.lane, now=self.clock())


def connect(
    redis_url: str,
    *,
    lane: str,
    reserve: int,
    window: timedelta = pacing.WINDOW,
    quiet_hours: QuietHours | None = None,
    owner: str = "",
) -> Pacer:
    """`owner` names the process (workers.succession), so that others can tell when it is no more."""
    connected = Redis.from_url(redis_url)
    return Pacer(connected, lane=lane, reserve=reserve, window=window, quiet_hours=quiet_hours, owner=owner)


def key_of(lane: str) -> str:
    return f"mta:lane:{lane}"


def read(raw: bytes | str | None, *, lane: str, now: datetime) -> Spent | None:
    """What no version of ours has written is taken for a round that is used up just now: silence mends it."""
    if raw is None:
        return None
    try:
        return _spent(json.loads(raw))
    except (ValueError, KeyError, TypeError, OverflowError):
        log.warning("lane.unreadable", lane=lane)
        return Spent(count=pacing.DEFAULT_LIMIT, last_at=now, began_at=now)


def _out_of_reach(error: Exception) -> Wait:
    return Wait(f"The lane's budget is out of reach ({type(error).__name__}).")


def _spent(kept: dict[str, Any]) -> Spent:
    """Also as it was written before rounds had a beginning."""
    return Spent(
        count=kept["count"],
        last_at=_moment(kept["last"]),
        limit=kept["limit"],
        began_at=_moment(kept.get("began") or kept["last"]),
        grants=tuple(Grant(size, ends_at=_moment(ends), owner=owner) for size, ends, owner in kept.get("grants", ())),
        dense=kept.get("dense", False),
    )


def _written(spent: Spent) -> str:
    return json.dumps(
        {
            "count": spent.count,
            "limit": spent.limit,
            "last": spent.last_at.timestamp(),
            "began": spent.began_at.timestamp() if spent.began_at else None,
            "grants": [(grant.size, grant.ends_at.timestamp(), grant.owner) for grant in spent.grants],
            "dense": spent.dense,
        }
    )


def _moment(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, tz=UTC)
