"""A practice city with the City's page before it, and a portal that drives that page in real Chromium.

The page is the practice page, unless MTA_TEST_FRONTEND_FEB or MTA_TEST_FRONTEND_AUG names a folder with a built copy
of the City's own. The browser has no clock but the machine's, so these cities begin now.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from browser_profiles.lease import Lease
from browser_profiles.pool import Pool
from core import services
from core.contact import Contact
from core.slots import BERLIN, Slot, utc_now
from core.targets import Target
from portal.portal import Portal, PortalSettings
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import (
    ABMELDUNG,
    AUSWEIS,
    KFZ,
    ORLEANSPLATZ,
    PASING,
    WOHNSITZ,
    OpenCity,
    Visitor,
)

FRONTENDS = {one: os.environ.get(f"MTA_TEST_FRONTEND_{one.value.upper()}") for one in Dialect}
SIX_OFFICES = frozenset({102522, 102523, 102524, 102526, 54261, 10489})
ANNA = Contact(
    first_name="Änne-Marie",
    last_name="Oßwald",
    mail="aenne.osswald@example.org",
    phone="+4989123456",
    remarks="Rollstuhl",
)
PATIENCE = timedelta(seconds=20)


def target(*written: str | int, offices: frozenset[int] | set[int] = frozenset()) -> Target:
    return Target(services.parse_all(str(one) for one in written), frozenset(offices))


AT_ONE_OFFICE = target(WOHNSITZ, offices={ORLEANSPLATZ})
AT_SIX_OFFICES = target(WOHNSITZ, offices=SIX_OFFICES)
TWO_SERVICES = target(WOHNSITZ, AUSWEIS, offices={ORLEANSPLATZ, PASING})
WITHOUT_CAPTCHA = target(ABMELDUNG, offices={KFZ})


def in_days(days: int) -> date:
    return (utc_now().astimezone(BERLIN) + timedelta(days=days)).date()


def moment(days: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(in_days(days), time(hour, minute), BERLIN)


@dataclass(frozen=True)
class Town:
    """The city with its control routes, and the portal that knows nothing of them."""

    visitor: Visitor
    portal: Portal
    pool: Pool
    evidence: Path

    def lease(self, key: str = "") -> Any:
        return self.pool.lease(f"{self.visitor.url} {key}")

    def other_portal(self, **how: Any) -> Portal:
        return portal_for(self.visitor, self.evidence, **how)

    async def offer(self, office: int, *starts: datetime, minutes: int | None = None) -> None:
        slots = [{"office": office, "time": start.isoformat(), "minutes": minutes} for start in starts]
        assert (await self.visitor.order("slots", add=slots))["added"] == len(starts)

    async def truth(self, *offices: int) -> tuple[Slot, ...]:
        """Every free slot of these offices that takes one opening, as the city itself knows it."""
        free = [one for office in offices for one in await self.visitor.look("slots", office=str(office))]
        return tuple(sorted(Slot.from_unix(one["start"], office_id=one["office"]) for one in free))

    async def moods(self, *specs: str) -> None:
        await self.visitor.order("mood", moods=list(specs))

    async def also(self, *specs: str) -> None:
        await self.visitor.order("mood", add=list(specs))

    async def requests(self, endpoint: str | None = None) -> list[dict[str, Any]]:
        query = {"endpoint": endpoint} if endpoint else {}
        return list(await self.visitor.look("requests", **query))

    async def statuses(self) -> list[str]:
        return [one["status"] for one in await self.visitor.look("appointments")]

    async def confirm_link(self, contact: Contact = ANNA) -> str:
        mail = (await self.visitor.mails(to=contact.mail, count=1))[0]
        return str(next(link["url"] for link in mail["links"] if "/confirm/" in link["url"]))


OpenTown = Callable[..., Awaitable[Town]]


def portal_for(visitor: Visitor, evidence: Path, **how: Any) -> Portal:
    clock = {"clock": how.pop("clock")} if "clock" in how else {}
    chosen = {"site_url": f"{visitor.url}/", "captcha": "browser", "step_timeout": PATIENCE, **how}
    return Portal(PortalSettings(evidence_dir=evidence, **chosen), **clock)


@pytest.fixture(params=list(Dialect), ids=str)
def generation(request: pytest.FixtureRequest) -> Dialect:
    return Dialect(request.param)


@pytest.fixture
def practice_page(generation: Dialect) -> None:
    """For what only our own page can do."""
    if FRONTENDS[generation]:
        pytest.skip("the City's own page has no such mood")


@pytest.fixture
async def open_town(generation: Dialect, open_city: OpenCity, pool: Pool, tmp_path: Path) -> OpenTown:
    async def open_one(**settings: Any) -> Town:
        frontend = {"frontend": FRONTENDS[generation]} if FRONTENDS[generation] else {}
        chosen = {"start": None, "rate_limit": 1000, "moods": ("none",), **frontend, **settings}
        visitor = await open_city(generation, **chosen)
        return Town(visitor, portal_for(visitor, tmp_path), pool, tmp_path)

    return open_one


@pytest.fixture
async def town(open_town: OpenTown) -> Town:
    """Nothing is free here but what the test offers."""
    return await open_town()


@pytest.fixture
async def lease(town: Town) -> AsyncIterator[Lease]:
    async with town.lease() as lent:
        yield lent
        lent.retire("done")


@asynccontextmanager
async def thrown_away(town: Town) -> AsyncIterator[Lease]:
    async with town.lease("other") as lent:
        yield lent
        lent.retire("done")
