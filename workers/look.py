"""Job: look at a target and act on what was seen."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from core.errors import MtaError
from core.looks import Answer, Look
from core.slots import utc_now
from core.wishes import WishRules
from models import lanes, targets, watches
from models.target import Target
from workers import looking, sight
from workers.pacer import Wait
from workers.queue import LOOK_CLAIM
from workers.runtime import Runtime

LIMIT = timedelta(seconds=100)
USUAL = 30  # requests of a look, where the lane has them: the page, and the times of a month's working days
JITTER = 3.0  # seconds; so that workers that wait for the same silence do not all come at once


async def look(runtime: Runtime, target_id: int) -> None:
    run = runtime.run_name()
    found = await runtime.database.act(lambda session: _wanted(session, target_id, lane=runtime.lane, run=run))
    if found is None:
        return
    target, rules = found
    try:
        granted = await runtime.pacer.look(wanted=USUAL)
    except Wait as wait:
        due = utc_now() + wait.retry_in + timedelta(seconds=runtime.rng.uniform(0, JITTER))
        await runtime.database.act(lambda session: targets.postpone(session, target_id, owner=run, until=due))
        return
    seen = await _seen(runtime, target, rules, most=granted)
    await runtime.pacer.settle(granted=granted, used=seen.requests, budget=seen.budget)
    outcome = await runtime.database.act(
        lambda session: looking.absorb(
            session,
            targets.get(session, target_id),
            seen,
            lane=runtime.lane,
            pace=runtime.pace,
            now=utc_now(),
            rng=runtime.rng,
        )
    )
    sight.report(outcome.alarm)
    if outcome.doubted:
        await runtime.pool.discard(target.key, reason="doubted")
    for booking_id in outcome.booking_ids:
        runtime.queue.book(booking_id)


async def _seen(runtime: Runtime, target: Target, rules: Sequence[WishRules], *, most: int) -> Look:
    """A look that could not even be made is an answer too: it counts as blind, not as nothing free."""
    started_at = utc_now()
    try:
        async with asyncio.timeout(LIMIT.total_seconds()), runtime.pool.lease(target.key) as lease:
            return await runtime.portal.look(
                lease, target.core, takes_day=lambda day: any(one.takes_day(day) for one in rules), most=most
            )
    except MtaError as error:
        return _failed(started_at, str(error))
    except TimeoutError:
        return _failed(started_at, f"The look took longer than {LIMIT.total_seconds():.0f} s.")


def _failed(started_at: datetime, detail: str) -> Look:
    return Look(answer=Answer.FAILED, started_at=started_at, finished_at=utc_now(), detail=detail)


def _wanted(session: Session, target_id: int, *, lane: str, run: str) -> tuple[Target, list[WishRules]] | None:
    """The target, leased to this run, with the rules of those who wait on it.

    None when nobody does any more, or when the lane was closed after the message was sent.
    """
    waiting = watches.open_for(session, target_id)
    targets.lease(session, target_id, owner=run, until=utc_now() + LOOK_CLAIM)
    if not waiting or not lanes.open_at(session, lane, now=utc_now()):
        targets.release_lease(session, target_id, owner=run)  # whoever comes next must not wait for it
        return None
    return targets.get(session, target_id), [watch.rules for watch in waiting]
