"""One visit of the City's page in this very process: a browser, a page, an answer. No queue, no worker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Protocol

from browser_profiles.pool import Lease, Pool
from config import wiring
from config.settings import Settings
from console.store import Store
from core.bookings import Appointment, HoldKey
from core.catalog import Catalog
from core.errors import SiteUnreachable
from core.footprint import Purpose
from core.looks import Look
from core.slots import BERLIN, utc_now
from core.targets import Target
from models import catalogs, footprints
from portal.portal import Portal

WHY_UNREACHABLE = "Check the network and MTA_SITE_URL with: mta doctor"


@asynccontextmanager
async def visiting(settings: Settings) -> AsyncIterator[tuple[Portal, Pool]]:
    """Raises BrowserMissing or BrowserIll."""
    pool = Pool(wiring.pool(settings))
    try:
        await pool.start()
        yield Portal(wiring.portal(settings)), pool
    finally:
        await pool.close()


@asynccontextmanager
async def counted(
    store: Store, settings: Settings, portal: Portal, lease: Lease, purpose: Purpose
) -> AsyncIterator[None]:
    """What is asked meanwhile belongs to the footprint, however it ends."""
    meter = portal.meter(lease)
    try:
        yield
    finally:
        await write_down(store, settings, meter, purpose)


class Asked(Protocol):
    """Requests, and the bytes of their answers' bodies."""

    @property
    def requests(self) -> int: ...

    @property
    def received(self) -> int: ...


async def write_down(store: Store, settings: Settings, meter: Asked, purpose: Purpose) -> None:
    await store.database.act(
        lambda session: footprints.add(
            session,
            lane=settings.lane,
            purpose=purpose,
            requests=meter.requests,
            received=meter.received,
            now=utc_now(),
        )
    )


async def catalog_of(store: Store, settings: Settings, *, refresh: bool = False) -> Catalog:
    """The kept catalogue if it is younger than a day, else the City's own, fetched by a browser and kept."""
    kept = await store.database.read(lambda session: catalogs.latest(session, settings.site_url))
    if kept is not None and not refresh and catalogs.is_fresh(kept.fetched_at, now=utc_now()):
        return kept.catalog
    async with visiting(settings) as (portal, pool), pool.lease("catalog") as lease:
        return await fetch(store, settings, portal=portal, lease=lease)


async def fetch(store: Store, settings: Settings, *, portal: Portal, lease: Lease) -> Catalog:
    """Raises what Portal.catalog raises; SiteUnreachable says which page it was."""
    try:
        async with counted(store, settings, portal, lease, Purpose.CATALOG):
            seen = await portal.catalog(lease)
    except SiteUnreachable as error:
        raise SiteUnreachable(f"{settings.site_url}: {error} {WHY_UNREACHABLE}") from error
    await store.database.act(
        lambda session: catalogs.keep(session, settings.site_url, seen.dialect, seen.catalog, now=utc_now())
    )
    return seen.catalog


async def appointment(store: Store, settings: Settings, key: HoldKey) -> Appointment | None:
    """What the City says of an appointment now; None if it says that there is none."""
    async with (
        visiting(settings) as (portal, pool),
        pool.lease("appointment") as lease,
        counted(store, settings, portal, lease, Purpose.READ),
    ):
        return await portal.read(lease, key)


async def look_once(portal: Portal, lease: Lease, target: Target, *, days: int | None) -> Look:
    """`days` limits whose times are asked: today and so many days after it."""
    last = utc_now().astimezone(BERLIN).date() + timedelta(days=days) if days is not None else None
    return await portal.look(lease, target, takes_day=lambda day: _within(day, last))


def _within(day: date, last: date | None) -> bool:
    return last is None or day <= last
