"""The scheduler: due targets become messages, each minute the unsettled are reconciled, overdue watches end.

It keeps nothing in memory: killed at any moment, its successor goes on from the rows.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlmodel import Session

from core.cadence import Cadence
from core.errors import Transient
from core.slots import utc_now
from models import catalogs, events, lanes, notices, targets, visits, watches
from models.database import Database
from models.notices import Draft
from workers import blindness, daily, expecting, forgetting, guard, visiting
from workers.pacer import Pacer
from workers.queue import LOOK_CLAIM, Queue, QueueUnreachable

_NEVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`tick` is how often due rows are looked for; `claim` how long a claimed look may take before it is due again.

    `most_at_once` are sent in one tick: a round's budget has room for so many looks from cold pages. `catalog` is how
    long the City's list may be on its way before it is asked for again. `verify` is the least time between two
    appointments that the City is asked about: shorter than a round's window, so that there is one in each.
    """

    tick: timedelta = timedelta(seconds=1)
    claim: timedelta = LOOK_CLAIM
    reconcile: timedelta = timedelta(minutes=1)
    most_at_once: int = 5
    catalog: timedelta = timedelta(minutes=15)
    verify: timedelta = timedelta(seconds=10)


async def run(
    database: Database,
    queue: Queue,
    pacer: Pacer,
    *,
    lane: str,
    owner: str,
    rhythm: Rhythm,
    stop: asyncio.Event,
    reads_mailbox: bool = False,
    site_url: str = "",
    cadence_of: Callable[[Session], Cadence] = expecting.lane_cadence,
    now: Callable[[], datetime] = utc_now,
) -> None:
    """`cadence_of` says when new slots are expected for any target that somebody waits for; it is asked each minute."""
    reconciled = mailed = swept = listed = verified = _NEVER
    cadence, away = Cadence(), False
    while not stop.is_set():
        try:
            if now() - swept >= forgetting.EVERY:
                await forgetting.forget(database, now=now())
                swept = now()
            away = await _is_away(database, queue, owner=owner, was_away=away)
            if away:
                reconciled = _NEVER  # what was sent meanwhile is lost
            if now() - reconciled >= rhythm.reconcile:
                await each_minute(database, queue, pacer, lane=lane, now=now())
                cadence, reconciled = await database.read(cadence_of), now()
            if site_url and now() - listed >= rhythm.catalog:
                await send_catalog(database, queue, site_url, now=now())
                listed = now()
            if not (away or cadence.hush(now())) and not await pacer.opens_in(dense=cadence.dense_at(now())):
                await send_due(database, queue, lane=lane, owner=owner, rhythm=rhythm, now=now())
                verified = await send_verify(database, queue, lane=lane, verified=verified, rhythm=rhythm, now=now())
            if reads_mailbox:
                mailed = await send_mailbox(database, queue, mailed=mailed, now=now())
        except Transient as error:
            log.warning("scheduler.postponed", reason=type(error).__name__)
        await _rest(stop, rhythm.tick)


async def _is_away(database: Database, queue: Queue, *, owner: str, was_away: bool) -> bool:
    """Whether Redis is. Once it is back, the looks that were sent before it went are due again."""
    if not queue.answers():
        return True
    if was_away:
        await database.act(lambda session: targets.sent_in_vain(session, owner=owner))
    return False


async def send_due(
    database: Database, queue: Queue, *, lane: str, owner: str, rhythm: Rhythm, now: datetime
) -> list[int]:
    """Claim the due targets and send a look for each; nothing while the lane is paused or rests, one to probe it.

    Raises QueueUnreachable; what could not be sent is due again.
    """
    due = await database.act(lambda session: _claim(session, lane=lane, owner=owner, rhythm=rhythm, now=now))
    sent: list[int] = []
    try:
        for target_id in due:
            queue.look(target_id)
            sent.append(target_id)
    except QueueUnreachable:
        await database.act(lambda session: _let_go(session, set(due) - set(sent), lane=lane, owner=owner))
        raise
    return sent


async def send_mailbox(database: Database, queue: Queue, *, mailed: datetime, now: datetime) -> datetime:
    """Have the mailbox read when a booking waits for its link and the last time (`mailed`) is long enough ago."""
    pause = await database.read(lambda session: guard.pause_between_readings(session, now=now))
    if pause is None or now - mailed < pause:
        return mailed
    queue.mailbox()
    return now


async def send_verify(
    database: Database, queue: Queue, *, lane: str, verified: datetime, rhythm: Rhythm, now: datetime
) -> datetime:
    """Have the City asked about the appointment that is to be reminded of next, after the looks: they come first."""
    if now - verified < rhythm.verify:
        return verified
    for booking_id in await database.read(lambda session: _to_verify(session, lane=lane, now=now)):
        queue.verify(booking_id)
    return now


async def send_catalog(database: Database, queue: Queue, site_url: str, *, now: datetime) -> None:
    """Have the City asked what it offers when its list is a day old, or nobody has it yet."""
    fetched = await database.read(lambda session: catalogs.fetched_at(session, site_url))
    if not catalogs.is_fresh(fetched, now=now):
        queue.catalog()


async def each_minute(database: Database, queue: Queue, pacer: Pacer, *, lane: str, now: datetime) -> None:
    """Raises QueueUnreachable once all is done that needs no Redis."""
    await mind(database, now=now)
    if not pacer.quiet_lately(within=blindness.UNSEEN_AFTER):
        await alarm(database, lane=lane, now=now)
    queue.reconcile()


async def mind(database: Database, *, now: datetime) -> None:
    """What each minute brings, whether or not Redis can be reached."""
    await database.act(lambda session: end_overdue(session, now=now))
    await database.act(lambda session: guard.remind(session, now=now))
    await visiting.tell(database, now=now)
    await daily.tell(database, now=now)


async def alarm(database: Database, *, lane: str, now: datetime) -> None:
    """Tell people and operator what has not been looked at for too long."""
    for one in await database.act(lambda session: blindness.overlooked(session, lane=lane, now=now)):
        blindness.report(one)


def end_overdue(session: Session, *, now: datetime) -> None:
    ended = [
        Draft(
            person_id=watch.person_id,
            watch_id=watch.id,
            kind="watch.ended",
            facts={"reason": watch.ended_reason},
            dedupe=f"watch.ended:{watch.id}",
        )
        for watch in watches.end_overdue(session, now=now)
    ]
    notices.write_all(session, ended, now=now)


def _claim(session: Session, *, lane: str, owner: str, rhythm: Rhythm, now: datetime) -> list[int]:
    room = lanes.room(session, lane, most=rhythm.most_at_once, now=now)
    due = targets.claim_due(session, now=now, owner=owner, lease=rhythm.claim, limit=room) if room else []
    sent = [
        target.id for target in due if lanes.admits(session, lane, target_id=target.id, lease=rhythm.claim, now=now)
    ]
    _let_go(session, {target.id for target in due} - set(sent), lane=lane, owner=owner)  # another's target probes
    events.note_all(session, "look.due", [{"target_id": target_id} for target_id in sent], now=now)
    return sent


def _let_go(session: Session, target_ids: Iterable[int], *, lane: str, owner: str) -> None:
    for target_id in target_ids:
        targets.release_lease(session, target_id, owner=owner)
        lanes.probe_over(session, lane, target_id=target_id)


def _to_verify(session: Session, *, lane: str, now: datetime) -> Sequence[int]:
    return visits.to_ask(session, now=now)[:1] if lanes.open_at(session, lane, now=now) else ()


async def _rest(stop: asyncio.Event, span: timedelta) -> None:
    try:
        async with asyncio.timeout(span.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
