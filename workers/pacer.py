"""The lane's budget, shared in Redis by all workers of the lane: nobody asks the City without a grant from here."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, WatchError

from core import pacing
from core.errors import Transient
from core.looks import Budget
from core.pacing import Decision, Spent
from core.slots import utc_now

log = structlog.get_logger()

KEPT = timedelta(minutes=10)  # far longer than silence: who finds nothing may begin a round
LEAST = 8  # requests of the shortest look from a cold page: page, captcha, days, a day's times
WARM_BOOKING = 6  # from a page at the calendar to preconfirmed
COLD_BOOKING = 12  # from a page that must be opened first

T = TypeVar("T")


class Wait(Transient):
    """The lane's budget is used up for now; `retry_in` is when it will have cleared."""


@dataclass(frozen=True, slots=True)
class Pacer:
    """Grants are made and given back in one step each, so that two workers never get the same requests."""

    redis: Redis
    lane: str
    reserve: int
    clock: Callable[[], datetime] = utc_now

    async def look(self, *, wanted: int, least: int = LEAST) -> int:
        """The requests that a look may make; raises Wait when it must not begin."""
        return await self._grant(
            lambda spent: pacing.for_look(
                spent, wanted=max(wanted, least), least=least, reserve=self.reserve, now=self.clock()
            )
        )

    async def booking(self, *, warm: bool) -> int:
        """What a booking costs, out of the reserve too; raises Wait when the City would refuse it in its middle."""
        cost = WARM_BOOKING if warm else COLD_BOOKING
        return await self._grant(lambda spent: pacing.for_booking(spent, cost=cost, now=self.clock()))

    async def settle(self, *, granted: int, used: int, budget: Budget | None) -> None:
        """Give back what was not asked, and believe what the City's headers said last.

        Without Redis nothing is granted either, so that what was not settled harms nobody.
        """

        def change(spent: Spent | None) -> tuple[Spent, None]:
            return pacing.settled(spent, granted=granted, used=used, budget=budget, now=self.clock()), None

        try:
            await self._change(change)
        except Wait:
            log.warning("lane.unsettled", lane=self.lane)

    async def spent(self) -> Spent:
        """Where the lane stands now, for the operator."""
        return pacing.cleared(_read(await self.redis.get(self._key)), now=self.clock())

    async def close(self) -> None:
        await self.redis.aclose()

    @property
    def _key(self) -> str:
        return f"mta:lane:{self.lane}"

    async def _grant(self, decide: Callable[[Spent | None], Decision]) -> int:
        def change(spent: Spent | None) -> tuple[Spent, Decision]:
            decision = decide(spent)
            return decision.spent, decision

        decision = await self._change(change)
        if decision.wait is not None:
            raise Wait("The lane keeps silent until the City's counter has cleared.", retry_in=decision.wait)
        return decision.granted

    async def _change(self, change: Callable[[Spent | None], tuple[Spent, T]]) -> T:
        """Read, decide, write; anew whenever another worker wrote in between."""
        try:
            async with self.redis.pipeline() as pipe:
                while True:
                    await pipe.watch(self._key)
                    after, result = change(_read(await pipe.get(self._key)))
                    pipe.multi()  # type: ignore[no-untyped-call]  # redis-py gives it no type
                    pipe.set(self._key, _written(after), px=KEPT)
                    try:
                        await pipe.execute()
                    except WatchError:
                        continue
                    return result
        except (RedisError, OSError) as error:
            raise Wait(f"The lane's budget is out of reach ({type(error).__name__}).") from error

    async def errand(self, *, cost: int) -> int:
        """Requests for reading, confirming or cancelling, out of the reserve too; raises Wait as `booking` does."""
        return await self._grant(lambda spent: pacing.for_booking(spent, cost=cost, now=self.clock()))


def connect(redis_url: str, *, lane: str, reserve: int) -> Pacer:
    return Pacer(Redis.from_url(redis_url), lane=lane, reserve=reserve)


def _read(raw: bytes | str | None) -> Spent | None:
    if raw is None:
        return None
    kept = json.loads(raw)
    return Spent(count=kept["count"], last_at=datetime.fromtimestamp(kept["last"], tz=UTC), limit=kept["limit"])


def _written(spent: Spent) -> str:
    return json.dumps({"count": spent.count, "limit": spent.limit, "last": spent.last_at.timestamp()})
