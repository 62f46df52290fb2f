"""The City's list of services is there for those who ask for it, and asked for no more often than need be."""

from datetime import datetime, timedelta

import pytest

from core.coverage import Span
from core.footprint import Purpose
from core.looks import Dialect
from core.slots import utc_now
from models import catalogs, footprints, lanes
from models.catalog_snapshot import CatalogSnapshot
from models.database import Database
from tests.city_cast import city
from tests.jobs_fixtures import LANE, ONE_DIALECT, Works, messages
from tests.models_cast import NOW
from workers import queue, scheduler
from workers.catalogue import ASKED_LATELY, COST

SITE = "http://city.example/"


async def ask(works: Works) -> CatalogSnapshot | None:
    works.runtime.queue.catalog()
    await works.rest()
    return await works.database.read(lambda session: catalogs.latest(session, works.runtime.site_url))


async def test_the_list_is_fetched_once_however_many_wait_for_it(works: Works) -> None:
    fetched = await ask(works)
    before = await works.town.requests("offices-and-services")

    again = await ask(works)

    assert fetched is not None
    assert again is not None
    assert str(fetched.dialect) == str(works.town.visitor.dialect)
    assert {one.name for one in fetched.catalog.services} == {one.name for one in city().services}
    assert again.fetched_at == fetched.fetched_at
    assert await works.town.requests("offices-and-services") == before
    day = Span(utc_now() - timedelta(days=1), utc_now())
    counted = await works.database.read(lambda session: footprints.of(session, day))
    asked = [one.requests for one in counted if one.purpose == Purpose.CATALOG]
    assert 1 <= sum(asked) <= COST


@ONE_DIALECT
async def test_an_older_list_is_fetched_anew(works: Works) -> None:
    old = utc_now() - ASKED_LATELY
    await works.database.act(
        lambda session: catalogs.keep(session, works.runtime.site_url, Dialect.AUG, city(), now=old)
    )

    fetched = await ask(works)

    assert fetched is not None
    assert fetched.fetched_at > old


@ONE_DIALECT
async def test_a_paused_lane_asks_for_nothing(works: Works) -> None:
    await works.database.act(lambda session: lanes.pause(session, LANE, reason="holidays"))

    assert await ask(works) is None
    assert await works.town.requests() == []


@pytest.mark.parametrize(
    ("fetched", "sent"), [(None, 1), (NOW - catalogs.FRESH, 1), (NOW - catalogs.FRESH + timedelta(seconds=1), 0)]
)
async def test_the_scheduler_sends_for_what_is_a_day_old(
    database: Database, fresh_redis_url: str, fetched: datetime | None, sent: int
) -> None:
    if fetched is not None:
        with database.transaction() as session:
            catalogs.keep(session, SITE, Dialect.AUG, city(), now=fetched)

    await scheduler.send_catalog(database, queue.connect(fresh_redis_url), SITE, now=NOW)

    assert [one.actor_name for one in messages(fresh_redis_url, "looking")] == ["catalog"] * sent
