"""MTA's look as its job makes it: python -m bench.mta_looks FILE. The file holds a bench.looks.Order as JSON.

A page of the pool, the portal's answer, and everything that is written of it, in SQLite. What the queue adds is left
out: the claim of the target and the grant of the lane's budget.
"""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from pathlib import Path
from typing import Any, Final

from bench.peers import batches
from bench.peers.batches import Look, Meanwhile, NotSeen
from bench.population import settle, target
from browser_profiles.pool import Pool
from config import logs, wiring
from config import settings as process_settings
from core.looks import Look as Seen
from core.slots import utc_now
from core.wishes import HourRange, WishRules
from models import targets, watches
from portal.portal import Portal
from workers import looking
from workers.runtime import Pace

TOO_EARLY: Final = WishRules(hours=(HourRange(start=time(5), end=time(6)),))  # takes any day, and none of its times


@asynccontextmanager
async def mta(order: dict[str, Any]) -> AsyncIterator[Look]:
    """Somebody waits who wants other hours than those that are free: nothing is booked."""
    chosen = process_settings.load(**order["settings"])
    keyring, rng = wiring.keyring(chosen), random.Random(1)
    database = wiring.database(chosen, keyring)
    pool, portal = Pool(wiring.pool(chosen)), Portal(wiring.portal(chosen))
    pace = Pace(interval=chosen.look_interval, caps=wiring.caps(chosen))
    place = target(str(order["service"]), 1, order["office"])
    [target_id] = await database.act(
        lambda session: settle(session, keyring, [place], count=1, rules=TOO_EARLY, now=utc_now())
    )
    wanted = await database.read(lambda session: targets.get(session, target_id))
    rules = [one.rules for one in await database.read(lambda session: watches.open_for(session, target_id))]
    await pool.start()

    async def look(meanwhile: Meanwhile) -> None:
        async with pool.lease(wanted.key) as lease:
            seen = await portal.look(lease, wanted.core, takes_day=lambda day: any(one.takes_day(day) for one in rules))
            await meanwhile()
        await database.act(
            lambda session: looking.absorb(
                session,
                targets.locked(session, target_id),
                seen,
                lane=chosen.lane,
                pace=pace,
                now=utc_now(),
                rng=rng,
            )
        )
        _check(seen, order)

    try:
        yield look
    finally:
        await pool.close()
        database.close()


def _check(seen: Seen, order: dict[str, Any]) -> None:
    if not seen.sighted or [slot.unix for slot in seen.slots] != order["moments"]:
        raise NotSeen(f"MTA saw {len(seen.slots)} times: {seen.answer} {seen.detail}")


async def main(order: dict[str, Any]) -> None:
    async with mta(order) as look:
        await batches.serve(look)


if __name__ == "__main__":
    logs.set_up(level="info", style="json")  # to standard error: standard output is for the answers
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
