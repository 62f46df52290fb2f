"""The City's catalogue as last fetched, read from the rows now and then and not for each message."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from core.catalog import Catalog
from models import catalogs
from models.database import Database, Session

KEEPS = timedelta(minutes=1)


class CatalogLoader:
    def __init__(self, database: Database, *, site_url: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._site_url = site_url
        self._now = now
        self._turn = asyncio.Lock()
        self._read_at: datetime | None = None
        self._catalog: Catalog | None = None

    async def __call__(self) -> Catalog | None:
        """None before anybody has asked the City for it."""
        async with self._turn:
            if self._catalog is None or self._read_at is None or self._now() - self._read_at >= KEEPS:
                self._catalog = await self._database.read(self._latest)
                self._read_at = self._now()
            return self._catalog

    def _latest(self, session: Session) -> Catalog | None:
        kept = catalogs.latest(session, self._site_url)
        return kept.catalog if kept else None
