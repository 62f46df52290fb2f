"""A sign of life once a day for those who wait long and heard nothing since midnight: what their looks came to."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlmodel import Session

from core import vigil
from core.slots import BERLIN
from models import bookings, looks, notices, slots_seen, targets, watches
from models.database import Database
from models.looks import Tally
from models.notices import Draft
from models.watch import Watch

DAY = timedelta(days=1)
AT_ONCE = 1000  # the others follow with the next minutes, so that no minute is long


async def tell(database: Database, *, now: datetime, at_once: int = AT_ONCE) -> None:
    """From six in the evening on. What is to be said is read and counted first, so that nobody waits to write."""
    if now.astimezone(BERLIN).time() < vigil.SIGN_OF_LIFE:
        return
    drafts = await database.read(lambda session: due(session, now=now, limit=at_once))
    if drafts:
        await database.act(lambda session: notices.write_all(session, drafts, now=now))


def due(session: Session, *, now: datetime, limit: int) -> Sequence[Draft]:
    """For each open watch older than a day whose person was told nothing about it since midnight, up to a number."""
    midnight = datetime.combine(now.astimezone(BERLIN).date(), time(), BERLIN)
    waiting = watches.untold(session, since=midnight, opened_before=now - DAY, limit=limit)
    if not waiting:
        return ()
    tallies = looks.tallies(session, since=now - DAY)
    seen = slots_seen.since(session, {watch.target_id for watch in waiting}, since=now - DAY)
    by_target = {target_id: vigil.by_day(sightings) for target_id, sightings in seen.items()}
    last_good = {target.id: target.last_good_at for target in targets.list(session)}
    return [
        _draft(
            watch,
            tallies.get(watch.target_id, Tally()),
            by_target.get(watch.target_id, {}),
            last_good=last_good[watch.target_id],
            before=bookings.earlier_than(session, watch),
            today=midnight,
        )
        for watch in waiting
    ]


def _draft(
    watch: Watch,
    tally: Tally,
    seen: vigil.ByDay,
    *,
    last_good: datetime | None,
    before: datetime | None,
    today: datetime,
) -> Draft:
    fitted = vigil.fitted(seen, watch.rules, office_ids=watch.office_ids, since=watch.since, before=before)
    return Draft(
        person_id=watch.person_id,
        watch_id=watch.id,
        kind="watch.still_looking",
        facts={
            "looks": tally.made,
            "blind": tally.blind,
            "fitted": fitted,
            "others": sum(map(len, seen.values())) - fitted,
            "last_good": last_good.isoformat() if last_good else None,
        },
        dedupe=f"watch.still_looking:{watch.id}:{today:%Y-%m-%d}",
    )
