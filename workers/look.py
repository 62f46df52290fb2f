"""Job: look at a target and act on what was seen."""

from sqlmodel import Session

from core.slots import utc_now
from core.wishes import WishRules
from models import targets, watches
from models.target import Target
from workers import looking
from workers.runtime import Runtime


async def look(runtime: Runtime, target_id: int) -> None:
    found = await runtime.database.act(lambda session: _wanted(session, target_id))
    if found is None:
        return
    target, rules = found
    async with runtime.pool.lease(target.key) as lease:
        seen = await runtime.portal.look(
            lease, target.core, takes_day=lambda day: any(one.takes_day(day) for one in rules)
        )
    booking_ids = await runtime.database.act(
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
    for booking_id in booking_ids:
        runtime.queue.book(booking_id)


def _wanted(session: Session, target_id: int) -> tuple[Target, list[WishRules]] | None:
    """The target with the rules of those who wait on it; None when nobody does any more."""
    waiting = watches.open_for(session, target_id)
    if not waiting:
        return None
    return targets.get(session, target_id), [watch.wish_rules for watch in waiting]
