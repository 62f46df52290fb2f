"""What a job asks of the City: granted by the lane before, counted as it happens, settled and written down after."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from browser_profiles.lease import Lease
from core.errors import Transient
from core.footprint import Purpose
from core.looks import Budget
from core.slots import utc_now
from models import footprints
from portal.portal import Portal
from workers.booking import CITY_JOB
from workers.pacer import Wait
from workers.runtime import Runtime

MARGIN = timedelta(minutes=1)  # between the end of a silence and a deadline, for the queue and the page

log = structlog.get_logger()


@dataclass(slots=True)
class Asked:
    """What was asked under one grant, on whatever pages, by what it was for."""

    portal: Portal
    requests: Counter[Purpose] = field(default_factory=Counter)
    received: Counter[Purpose] = field(default_factory=Counter)
    budget: Budget | None = None

    @contextmanager
    def on(self, lease: Lease, purpose: Purpose) -> Iterator[None]:
        """Count what this page asks meanwhile, however it ends."""
        meter = self.portal.meter(lease)
        try:
            yield
        finally:
            self.requests[purpose] += meter.requests
            self.received[purpose] += meter.received
            self.budget = meter.budget or self.budget

    def note(self, session: Session, *, lane: str, now: datetime) -> None:
        for purpose, requests in self.requests.items():
            footprints.add(
                session, lane=lane, purpose=purpose, requests=requests, received=self.received[purpose], now=now
            )


@asynccontextmanager
async def errand(runtime: Runtime, *, cost: int, until: datetime | None = None) -> AsyncIterator[Asked]:
    """Ask the City with a grant of at most `cost` requests; raises Wait when the lane keeps silent.

    What must be done before `until` and could not wait for the silence's end is done without a grant: the City refuses
    what is too much, and a refusal costs nobody anything, while a deadline that passes costs the appointment.
    """
    async with settled(runtime, await _granted(runtime, cost=cost, until=until)) as asked:
        yield asked


@asynccontextmanager
async def patiently(runtime: Runtime, *, cost: int, until: datetime) -> AsyncIterator[Asked]:
    """As `errand`, for what only this run can do: a silence that ends well before `until` is waited out."""
    while True:
        try:
            granted = await _granted(runtime, cost=cost, until=until)
        except Wait as wait:
            await asyncio.sleep(wait.retry_in.total_seconds())
        else:
            break
    async with settled(runtime, granted) as asked:
        yield asked


@asynccontextmanager
async def aside(runtime: Runtime, *, cost: int) -> AsyncIterator[Asked]:
    """As `errand`, for what may as well be asked later, or never: it begins as a look may, and spares the reserve."""
    async with settled(runtime, await runtime.pacer.look(wanted=cost, least=cost)) as asked:
        yield asked


@asynccontextmanager
async def settled(runtime: Runtime, granted: int) -> AsyncIterator[Asked]:
    """Settle with the lane what was really asked, and write it down, however it ends."""
    asked = Asked(runtime.portal)
    try:
        yield asked
    finally:
        await runtime.pacer.settle(granted=granted, used=asked.requests.total(), budget=asked.budget)
        await _write_down(runtime, asked)


async def _granted(runtime: Runtime, *, cost: int, until: datetime | None) -> int:
    try:
        return await runtime.pacer.errand(cost=cost)
    except Wait as wait:
        if until is None or not _too_late_after(wait, until, now=utc_now()):
            raise
        log.warning("lane.not_waited_for", lane=runtime.lane, silence=wait.retry_in.total_seconds())
        return 0


def _too_late_after(wait: Wait, until: datetime, *, now: datetime) -> bool:
    """Whether waiting would miss a deadline that is not over yet; the City's clean-up is up to a minute late."""
    return now + wait.retry_in + MARGIN > until and now < until + CITY_JOB


async def _write_down(runtime: Runtime, asked: Asked) -> None:
    """What was asked was asked: a database that is out of reach must not make it look otherwise."""
    if not asked.requests.total():
        return
    try:
        await runtime.database.act(lambda session: asked.note(session, lane=runtime.lane, now=utc_now()))
    except Transient as error:
        log.warning("footprint.unwritten", requests=asked.requests.total(), reason=type(error).__name__)
