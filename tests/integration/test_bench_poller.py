"""The simple poller that MTA is compared with, at both generations of the City's API."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

from bench.poller import ADDRESS, Poller
from bench.population import target
from core.slots import BERLIN, Slot
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import ABMELDUNG, KFZ, OpenCity, Visitor

AT_ONE_OFFICE = target(str(ABMELDUNG), 1, KFZ)


async def offer(city: Visitor, *hours: int) -> list[Slot]:
    day = (datetime.now(BERLIN) + timedelta(days=2)).date()
    slots = [Slot(datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN), KFZ) for hour in hours]
    await city.order("slots", add=[{"office": KFZ, "time": slot.unix} for slot in slots])
    return slots


async def polled(city: Visitor, *, people: int) -> None:
    """Until everybody is served, or nothing comes of it for long enough."""
    poller = Poller(city.url, AT_ONE_OFFICE, str(city.dialect), people=people)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            await poller.run(first_in=0)


async def test_it_books_whatever_is_free_for_the_next_in_its_list(open_city: OpenCity) -> None:
    for dialect in Dialect:
        city = await open_city(dialect, start=datetime.now(UTC), moods=("none",))
        slots = await offer(city, 9, 11)

        await polled(city, people=2)

        got = await city.look("appointments")
        assert [one["status"] for one in got] == ["preconfirmed", "preconfirmed"]
        assert {one["start"] for one in got} == {slot.unix for slot in slots}
        assert [one["email"] for one in got] == ["poller0@example.org", "poller1@example.org"]
        assert {one["client"] for one in await city.look("requests")} == {ADDRESS}


async def test_nothing_free_is_taken_for_what_it_is(open_city: OpenCity) -> None:
    for dialect in Dialect:
        city = await open_city(dialect, start=datetime.now(UTC), moods=("none",))

        await polled(city, people=1)

        assert await city.look("appointments") == []


async def test_the_citys_limit_ends_its_minute(open_city: OpenCity) -> None:
    city = await open_city(Dialect.AUG, start=datetime.now(UTC), moods=("none",), rate_limit=6)
    await offer(city, 9, 10, 11)

    await polled(city, people=3)

    assert [one["status"] for one in await city.look("appointments")].count("preconfirmed") == 1
    assert [one["status"] for one in await city.look("requests")].count(429) == 1
