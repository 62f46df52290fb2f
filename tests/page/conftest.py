"""A walker before the practice page of each generation, where nothing is free but what the test offers."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from browser_profiles.pool import Pool
from rehearsal.settings import Dialect
from tests.page.walker import Walker
from tests.rehearsal_fixtures import OpenCity

expect.set_options(timeout=20_000)


@pytest.fixture(params=list(Dialect), ids=str)
async def walker(request: pytest.FixtureRequest, open_city: OpenCity, pool: Pool) -> AsyncIterator[Walker]:
    city = await open_city(request.param, start=None, rate_limit=10_000, moods=("none",))
    async with pool.lease(city.url) as lease:
        yield Walker(lease.page, city)
        lease.retire("done")
