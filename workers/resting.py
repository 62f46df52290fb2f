"""A lane that must rest: what an answer of the City means for it, and how the operator hears of that."""

import random
from datetime import datetime

import structlog
from sqlmodel import Session

from core.errors import Blocked, Maintenance, MtaError, Throttled
from core.looks import Answer
from core.slots import utc_now
from models import events, lanes
from workers.runtime import Runtime

_SAID_TO_ALL: dict[type[MtaError], Answer] = {
    Throttled: Answer.THROTTLED,
    Blocked: Answer.BLOCKED,
    Maintenance: Answer.MAINTENANCE,
}

log = structlog.get_logger()


def heard(
    session: Session,
    lane: str,
    answer: Answer,
    *,
    asked_at: datetime,
    now: datetime,
    rng: random.Random,
    target_id: int | None = None,
) -> None:
    """Close the lane, open it again, or leave it, by this answer to a question of `asked_at`."""
    breaker = lanes.answered(session, lane, answer, asked_at=asked_at, now=now, rng=rng, target_id=target_id)
    if breaker is None:
        return
    if breaker.until is None:
        events.note(session, "lane.recovered", now=now, lane=lane)
        log.info("lane.recovered", lane=lane)
        return
    kind = f"lane.{breaker.answer}" if answer is breaker.answer else "lane.unanswered"
    until = breaker.until.isoformat()
    events.note(session, kind, now=now, lane=lane, until=until, times=breaker.times)
    log.warning(kind, lane=lane, until=until, times=breaker.times)


async def refused(runtime: Runtime, error: MtaError) -> None:
    """What the City says to a booking's page it says to all of the lane's."""
    answer = _SAID_TO_ALL.get(type(error))
    if answer is None:
        return
    now = utc_now()
    await runtime.database.act(
        lambda session: heard(session, runtime.lane, answer, asked_at=now, now=now, rng=runtime.rng)
    )
