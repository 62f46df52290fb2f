"""What retention names is forgotten once a day: rows in the database, and the files that go with them."""

import asyncio
from datetime import datetime

import structlog

from models import kept_files, retention
from models.database import Database

EVERY = retention.SWEPT

log = structlog.get_logger()


async def forget(database: Database, *, now: datetime) -> None:
    """The rows go first: a crash in between leaves a file that nothing names, never a row whose file is missing."""
    files = await database.act(lambda session: retention.sweep(session, now=now))
    await asyncio.to_thread(kept_files.delete, files)
    log.info("retention.swept", files=len(files))
