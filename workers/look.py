"""Job: look at a target, act on what was seen, and book the first slot at once on the page that saw it."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from browser_profiles.lease import Lease
from core.cadence import Cadence
from core.errors import MtaError
from core.footprint import Purpose
from core.looks import Answer, Look
from core.pacing import DEFAULT_LIMIT
from core.slots import utc_now
from core.wishes import WishRules
from models import lanes, targets, watches
from models.target import Target
from workers import blindness, expecting, looking
from workers.book import book
from workers.metering import Asked
from workers.pacer import LEAST, LEAST_WARM, Wait
from workers.queue import LOOK_CLAIM
from workers.runtime import Runtime

LIMIT = timedelta(seconds=100)
BOOKING_LIMIT = timedelta(seconds=150)
USUAL = 30  # requests of a look, where the lane has them: the page, and the times of a month's working days


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target with the rules of those who wait on it, and how many targets (`among`) anybody waits for.

    `cadence` is when new slots are expected for it; a `newcomer` is somebody who waits since its last look.
    """

    target: Target
    rules: tuple[WishRules, ...]
    among: int = 1
    cadence: Cadence = Cadence()  # noqa: RUF009  # frozen
    newcomer: bool = False

    def takes_day(self, day: date) -> bool:
        return any(one.takes_day(day) for one in self.rules)


async def look(runtime: Runtime, target_id: int) -> None:
    run = runtime.run_name()
    wanted = await runtime.database.act(
        lambda session: _wanted(session, target_id, lane=runtime.lane, site_url=runtime.site_url, run=run)
    )
    if wanted is None:
        return
    try:
        seen = await _seen(runtime, wanted)
    except Wait:
        await runtime.database.act(lambda session: _let_go(session, target_id, lane=runtime.lane, run=run))
        return
    outcome = await runtime.database.act(
        lambda session: looking.absorb(
            session,
            targets.locked(session, target_id),
            seen,
            lane=runtime.lane,
            pace=runtime.pace,
            cadence=wanted.cadence,
            now=utc_now(),
            rng=runtime.rng,
        )
    )
    blindness.report(outcome.alarm)
    if outcome.doubted:
        await runtime.pool.discard(wanted.target.key, reason="doubted")
    await _book(runtime, outcome.booking_ids)


async def _seen(runtime: Runtime, wanted: Wanted) -> Look:
    """A look that could not even be made is an answer too: it counts as blind, not as nothing free.

    Raises Wait, before anything was asked, when the lane has no request to spare.
    """
    started_at, asked = utc_now(), Asked(runtime.portal)
    try:
        async with asyncio.timeout(LIMIT.total_seconds()), runtime.pool.lease(wanted.target.key) as lease:
            seen = await _granted(runtime, lease, wanted, asked)
    except MtaError as error:
        return _failed(started_at, asked, str(error))
    except TimeoutError:
        return _failed(started_at, asked, f"The look took longer than {LIMIT.total_seconds():.0f} s.")
    if isinstance(seen, Wait):
        raise seen
    return seen


async def _granted(runtime: Runtime, lease: Lease, wanted: Wanted, asked: Asked) -> Look | Wait:
    """The look; or the wait, given back and not raised, since an error would throw the page away."""
    least = LEAST_WARM if runtime.portal.is_warm(lease, wanted.target.core) else LEAST
    share, dense = max(least, _share(runtime, wanted)), wanted.cadence.dense_at(utc_now())
    try:
        granted = await runtime.pacer.look(wanted=share, least=least, urgent=wanted.newcomer, dense=dense)
    except Wait as wait:
        return wait
    try:
        with asked.on(lease, Purpose.LOOK):
            return await runtime.portal.look(lease, wanted.target.core, takes_day=wanted.takes_day, most=granted)
    finally:
        await runtime.pacer.settle(granted=granted, used=asked.requests.total(), budget=asked.budget)


async def _book(runtime: Runtime, booking_ids: list[int]) -> None:
    """The first one here, where the page that saw the slot is; the others wherever a worker is free."""
    for booking_id in booking_ids[1:]:
        runtime.queue.book(booking_id)
    if booking_ids:
        async with asyncio.timeout(BOOKING_LIMIT.total_seconds()):
            await book(runtime, booking_ids[0])


def _failed(started_at: datetime, asked: Asked, detail: str) -> Look:
    """What was asked until then counts for the lane's budget all the same."""
    return Look(
        answer=Answer.FAILED,
        started_at=started_at,
        finished_at=utc_now(),
        requests=asked.requests.total(),
        received=asked.received.total(),
        budget=asked.budget,
        detail=detail,
    )


def _share(runtime: Runtime, wanted: Wanted) -> int:
    """Of a round's requests, so that one target with many days leaves the others theirs."""
    return min(USUAL, (DEFAULT_LIMIT - runtime.pacer.reserve) // wanted.among)


def _wanted(session: Session, target_id: int, *, lane: str, site_url: str, run: str) -> Wanted | None:
    """The target, leased to this run, with the rules of those who wait on it.

    None when nobody does any more, or when lane or service were closed after the message was sent.
    """
    waiting = watches.open_for(session, target_id)
    targets.lease(session, target_id, owner=run, until=utc_now() + LOOK_CLAIM)
    target = targets.get(session, target_id)
    wanted = waiting and not target.halted
    if not wanted or not lanes.admits(session, lane, target_id=target_id, lease=LOOK_CLAIM, now=utc_now()):
        targets.release_lease(session, target_id, owner=run)  # whoever comes next must not wait for it
        return None
    rules = tuple(watch.rules for watch in waiting)
    return Wanted(
        target,
        rules,
        among=max(1, targets.waited_for(session)),
        cadence=expecting.cadence(session, target, site_url=site_url, now=utc_now()),
        newcomer=target.last_look_at is None or any(watch.since > target.last_look_at for watch in waiting),
    )


def _let_go(session: Session, target_id: int, *, lane: str, run: str) -> None:
    """No look was made: the target stays due, and keeps its place before those who have waited less long."""
    targets.release_lease(session, target_id, owner=run)
    lanes.probe_over(session, lane, target_id=target_id)
