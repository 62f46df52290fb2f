"""Notices to those without a chat, told at the terminal in each person's language. The bot tells all others."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session

from bot import texts
from config.settings import Settings
from console.store import Store, known_catalog
from core.slots import utc_now
from models import notices, people
from models.notice import Notice

EVERY = 0.5  # seconds
LEASE = timedelta(minutes=1)  # longer than printing ever takes; afterwards another deliverer may tell it

Tell = Callable[[Notice, str], None]


async def deliver(store: Store, settings: Settings, *, tell: Tell) -> None:
    """Tell what is due, for ever; a notice is marked told only after it was."""
    while True:
        await deliver_due(store, settings, tell=tell)
        await asyncio.sleep(EVERY)


async def deliver_due(store: Store, settings: Settings, *, tell: Tell) -> int:
    if not await store.database.read(lambda session: notices.due(session, utc_now(), 1)):
        return 0
    waiting = await store.database.act(lambda session: _claim(session, settings.site_url))
    for notice, sentence in waiting:
        tell(notice, sentence)
    await store.database.act(lambda session: _told(session, [notice.id for notice, _ in waiting]))
    return len(waiting)


def _claim(session: Session, site_url: str) -> list[tuple[Notice, str]]:
    catalog = known_catalog(session, site_url)
    return [
        (notice, texts.render(notice.kind, notice.facts, people.get(session, notice.person_id).language, catalog))
        for notice in notices.claim_due(session, utc_now(), lease=LEASE)
        if notice.person_id is not None
    ]


def _told(session: Session, notice_ids: list[int]) -> None:
    for notice_id in notice_ids:
        notices.told(session, notice_id, now=utc_now())
