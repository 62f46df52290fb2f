"""What every job of a worker process shares, started once and stopped in mirror order."""

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from browser_profiles.pool import Pool
from core.cadence import Pace
from models.database import Database
from models.encryption import Keyring
from portal.mailbox import Mailbox
from portal.portal import Portal
from workers.cost import Cost
from workers.offers import Offers
from workers.pacer import Pacer
from workers.queue import Queue, QueueUnreachable

__all__ = ["Pace", "Runtime"]


@dataclass(frozen=True, slots=True)
class Runtime:
    database: Database
    keyring: Keyring
    pool: Pool
    portal: Portal
    queue: Queue
    pacer: Pacer
    pace: Pace
    site_url: str
    lane: str
    owner: str
    artifacts: Path
    rng: random.Random
    mailbox: Mailbox | None = None
    offers: Offers = field(default_factory=Offers)
    cost: Cost = field(default_factory=Cost)

    def run_name(self) -> str:
        """Names one run of a job in leases: two runs in the same process must not take each other's for their own."""
        return f"{self.owner}/{uuid4().hex[:12]}"

    async def start(self) -> None:
        """The first thing to do is to look after what a predecessor left; without Redis the scheduler says so later."""
        await self.pool.start()
        self.cost.begin(self.database, lane=self.lane)
        with contextlib.suppress(QueueUnreachable):
            await asyncio.to_thread(self.queue.reconcile)

    async def stop(self) -> None:
        await self.cost.stop()
        await self.offers.stop()
        await self.pool.close()
        await self.pacer.close()
