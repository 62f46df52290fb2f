"""Telegram and the bot, each served on this machine, and talking to each other."""

import os
from collections.abc import AsyncIterator

import pytest

from tests.telegram.server import Telegram, serving

os.environ["PTB_TIMEDELTA"] = "true"  # as the bot's entry point does


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with serving() as telegram:
        yield telegram
