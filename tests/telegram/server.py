"""The Bot API of the practice city, judged by aiogram: a request that no bot should make fails the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rehearsal.telegram.server import Telegram
from tests.telegram.oracle import Oracle

__all__ = ["Telegram", "serving"]


@asynccontextmanager
async def serving() -> AsyncIterator[Telegram]:
    telegram = Telegram(judge=Oracle())
    await telegram.start()
    try:
        yield telegram
    finally:
        await telegram.stop()
