"""The scheduler: due targets become messages, each minute the unsettled are reconciled, overdue watches end.

It keeps nothing in memory: killed at any moment, its successor goes on from the rows.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlmodel import Session

from core.errors import Transient
from core.slots import utc_now
from models import events, lanes, notices, targets, watches
from models.database import Database
from workers import daily, forgetting, guard
from workers.queue import LOOK_CLAIM, Queue, QueueUnreachable

_NEVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`tick` is how often due rows are looked for; `claim` how long a claimed look may take before it is due again."""

    tick: timedelta = timedelta(seconds=1)
    claim: timedelta = LOOK_CLAIM
    reconcile: timedelta = timedelta(minutes=1)
    most_at_once: int = 5


async def run(
    database: Database,
    queue: Queue,
    *,
    lane: str,
    owner: str,
    rhythm: Rhythm,
    stop: asyncio.Event,
    reads_mailbox: bool = False,
    now: Callable[[], datetime] = utc_now,
) -> None:
    reconciled = mailed = swept = _NEVER
    while not stop.is_set():
        try:
            if now() - swept >= forgetting.EVERY:
                await forgetting.forget(database, now=now())
                swept = now()
            if not queue.answers():
                reconciled = _NEVER  # what was sent meanwhile is lost
            if now() - reconciled >= rhythm.reconcile:
                await mind(database, now=now())
                queue.reconcile()
                reconciled = now()
            await send_due(database, queue, lane=lane, owner=owner, rhythm=rhythm, now=now())
            if reads_mailbox:
                mailed = await send_mailbox(database, queue, mailed=mailed, now=now())
        except Transient as error:
            log.warning("scheduler.postponed", reason=type(error).__name__)
        await _rest(stop, rhythm.tick)


async def send_due(
    database: Database, queue: Queue, *, lane: str, owner: str, rhythm: Rhythm, now: datetime
) -> list[int]:
    """Claim the due targets and send a look for each; nothing while the lane is paused or its breaker is open.

    Raises QueueUnreachable; what could not be sent is due again.
    """
    due = await database.act(lambda session: _claim(session, lane=lane, owner=owner, rhythm=rhythm, now=now))
    sent: list[int] = []
    try:
        for target_id in due:
            queue.look(target_id)
            sent.append(target_id)
    except QueueUnreachable:
        await database.act(lambda session: _let_go(session, set(due) - set(sent), owner=owner))
        raise
    return sent


async def send_mailbox(database: Database, queue: Queue, *, mailed: datetime, now: datetime) -> datetime:
    """Have the mailbox read when a booking waits for its link and the last time (`mailed`) is long enough ago."""
    pause = await database.read(lambda session: guard.pause_between_readings(session, now=now))
    if pause is None or now - mailed < pause:
        return mailed
    queue.mailbox()
    return now


async def mind(database: Database, *, now: datetime) -> None:
    """What each minute brings, whether or not Redis can be reached."""
    await database.act(lambda session: end_overdue(session, now=now))
    await database.act(lambda session: guard.remind(session, now=now))
    await daily.tell(database, now=now)


def end_overdue(session: Session, *, now: datetime) -> None:
    for watch in watches.end_overdue(session, now=now):
        notices.write(
            session,
            person_id=watch.person_id,
            watch_id=watch.id,
            kind="watch.ended",
            facts={"reason": watch.ended_reason},
            dedupe=f"watch.ended:{watch.id}",
            now=now,
        )


def _claim(session: Session, *, lane: str, owner: str, rhythm: Rhythm, now: datetime) -> list[int]:
    if not lanes.open_at(session, lane, now=now):
        return []
    due = targets.claim_due(session, now=now, owner=owner, lease=rhythm.claim, limit=rhythm.most_at_once)
    for target in due:
        events.note(session, "look.due", now=now, target_id=target.id)
    return [target.id for target in due]


def _let_go(session: Session, target_ids: Iterable[int], *, owner: str) -> None:
    for target_id in target_ids:
        targets.release_lease(session, target_id, owner=owner)


async def _rest(stop: asyncio.Event, span: timedelta) -> None:
    try:
        async with asyncio.timeout(span.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
