"""A worker that looks a thousand times: python -m bench.mta_soak FILE. The file holds the bench.soak.Order as JSON.

The worker's own job with its queue's Redis, its lane's budget and its rows, called one after another. The City's limit
is in force: where the lane would keep silent for a minute, the City's clock and the worker's are moved on instead.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from bench.city import Truth
from bench.mta_looks import TOO_EARLY
from bench.peers import batches
from bench.population import settle, targets_of_the_city
from browser_profiles.pool import Pool
from config import logs, wiring
from config import settings as process_settings
from config.settings import Settings
from core.pacing import SILENCE
from core.slots import utc_now
from models import looks, targets
from models.target import Target
from portal.portal import Portal
from workers import pacer, queue
from workers.look import look
from workers.runtime import Pace, Runtime

MOST_SILENCES: Final = 5  # for one look
CLOSED_WITHIN: Final = 5.0  # seconds for pages that are being closed


class Stuck(Exception):
    """The lane let no look begin, however long it was silent."""


class Time:
    """The City's, which has been moved on."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._ahead = timedelta()
        self.silences = 0

    def now(self) -> datetime:
        return utc_now() + self._ahead

    async def be_silent(self) -> None:
        await self._truth.advance(SILENCE)
        self._ahead += SILENCE
        self.silences += 1


@dataclass(slots=True)
class Soak:
    runtime: Runtime
    time: Time
    wanted: list[Target]
    answers: Counter[str] = field(default_factory=Counter)
    _turn: Iterator[Target] = field(init=False)

    def __post_init__(self) -> None:
        self._turn = cycle(self.wanted)

    async def look(self, times: int) -> None:
        for _ in range(times):
            await self._one(next(self._turn))

    async def _one(self, target: Target) -> None:
        before = await self._looks(target)
        for _ in range(MOST_SILENCES):
            await look(self.runtime, target.id)
            if (after := await self._looks(target)) != before:
                self.answers[after[0]] += 1
                return
            await self.time.be_silent()
        raise Stuck(f"Target {target.id} was not looked at.")

    async def _looks(self, target: Target) -> tuple[str, int]:
        """The newest one's answer and number."""
        found = await self.runtime.database.read(lambda session: looks.latest(session, target.id, limit=1))
        return (str(found[0].answer), found[0].id) if found else ("", 0)

    async def pages(self) -> dict[str, int]:
        """As the pool counts them, and as the browser itself does."""
        async with asyncio.timeout(CLOSED_WITHIN + 1):
            for _ in range(int(CLOSED_WITHIN * 10)):
                counted = {"pool": self.runtime.pool.stats().open, "browser": await self._in_browser()}
                if counted["pool"] == counted["browser"]:
                    break
                await asyncio.sleep(0.1)
        return counted

    async def _in_browser(self) -> int:
        async with self.runtime.pool.lease(self.wanted[0].key) as lease:
            browser = lease.context.browser
            if browser is None:
                return 0
            devtools = await browser.new_browser_cdp_session()
            found = await devtools.send("Target.getTargets")
            await devtools.detach()
        return sum(one["type"] == "page" for one in found["targetInfos"])


@asynccontextmanager
async def soaking(order: dict[str, Any]) -> AsyncIterator[Soak]:
    chosen = process_settings.load(**order["settings"])
    keyring, truth = wiring.keyring(chosen), Truth(chosen.site_url)
    database, clock = wiring.database(chosen, keyring), Time(truth)
    wanted = targets_of_the_city(order["targets"])
    await database.act(
        lambda session: settle(session, keyring, wanted, count=len(wanted), rules=TOO_EARLY, now=utc_now())
    )
    runtime = Runtime(
        database=database,
        keyring=keyring,
        pool=Pool(wiring.pool(chosen)),
        portal=Portal(wiring.portal(chosen), clock=clock.now),
        queue=queue.connect(order["redis_url"]),
        pacer=_pacer(chosen, order["redis_url"], clock),
        pace=Pace(interval=chosen.look_interval, caps=wiring.caps(chosen)),
        site_url=chosen.site_url,
        lane=chosen.lane,
        owner="bench",
        artifacts=chosen.artifacts_dir,
        rng=random.Random(1),
    )
    await runtime.start()
    try:
        yield Soak(runtime, clock, list(await database.read(targets.list)))
    finally:
        await runtime.stop()
        await truth.close()
        database.close()


def _pacer(chosen: Settings, redis_url: str, clock: Time) -> pacer.Pacer:
    return replace(pacer.connect(redis_url, lane=chosen.lane, reserve=chosen.look_reserve), clock=clock.now)


async def main(order: dict[str, Any]) -> None:
    lines = await batches.spoken()
    async with soaking(order) as soak:
        batches.say(ready=True)
        while line := (await lines.readline()).decode().strip():
            await soak.look(int(line))
            pages, retired = await soak.pages(), dict(soak.runtime.pool.stats().retired_total)
            batches.say(answers=soak.answers, pages=pages, retired=retired, silences=soak.time.silences)


if __name__ == "__main__":
    logs.set_up(level="info", style="json")  # to standard error: standard output is for the answers
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
