"""Job: ask the City what it offers, when nobody has done so within a day or somebody waits for it."""

from datetime import timedelta

from core.footprint import Purpose
from core.slots import utc_now
from models import catalogs, lanes
from models.database import Session
from workers import metering
from workers.runtime import Runtime

COST = 3  # requests at most, of the page that is opened for it
ASKED_LATELY = timedelta(minutes=10)  # many may wait for the same
PAGE = "catalog"  # the pool's key


async def catalog(runtime: Runtime) -> None:
    """Raises Wait while the lane keeps silent; nothing is asked while it is closed, since the scheduler sends again."""
    if not await runtime.database.read(lambda session: _is_due(session, runtime)):
        return
    async with metering.errand(runtime, cost=COST) as asked, runtime.pool.lease(PAGE) as lease:
        with asked.on(lease, Purpose.CATALOG):
            seen = await runtime.portal.catalog(lease)
    await runtime.database.act(
        lambda session: catalogs.keep(session, runtime.site_url, seen.dialect, seen.catalog, now=utc_now())
    )


def _is_due(session: Session, runtime: Runtime) -> bool:
    now, fetched = utc_now(), catalogs.fetched_at(session, runtime.site_url)
    lately = catalogs.is_fresh(fetched, now=now, within=ASKED_LATELY)
    return not lately and lanes.open_at(session, runtime.lane, now=now)
