"""What the bench of telling plays on: Redis and the bot as processes of their own, the Bot API served in this one."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import stage
from bench.processes import descendants
from bench.stage import Crew, Scenery
from config import settings as process_settings
from config import wiring
from console import store
from console.supervisor import supervised
from models.database import Database
from models.keyring import Keyring
from rehearsal.telegram.server import Telegram
from workers import queue

SITE: Final = "http://city.example/"  # nobody asks it for anything here
PAUSE: Final = 1.0  # seconds before a killed bot is started again, as mta up does the first time


@dataclass(frozen=True, slots=True)
class Office:
    """`database` announces notices after their commit, as a worker's does."""

    telegram: Telegram
    database: Database
    keyring: Keyring
    crew: Crew


@asynccontextmanager
async def opened(folder: Path, *, seed: int) -> AsyncIterator[Office]:
    """Everything started and ready; all of it ends with the block."""
    telegram = Telegram()
    await telegram.start()
    try:
        given = _values(folder, telegram, seed=seed)
        own = process_settings.load(**given)
        environment = {f"MTA_{name.upper()}": value for name, value in given.items()}
        crew = Crew([stage.member(name, folder / "logs", environment) for name in ("redis", "bot")])
        keyring = wiring.keyring(own)
        sending = queue.connect(store.redis_url(own))
        database = wiring.database(own, keyring, heard=sending.announce)
        try:
            async with supervised(heard=stage.deaf, stops_within=stage.STOPS_WITHIN, longest_pause=PAUSE) as supervisor:
                for member in crew.members:
                    await supervisor.start(member)
                yield Office(telegram, database, keyring, crew)
        finally:
            database.close()
            sending.close()
    finally:
        await telegram.stop()


def kill_the_bot() -> bool:
    """With no last words; False when it does not run at this moment."""
    bots = [one for one in descendants(os.getpid()) if one.command[-2:] == ("-m", "bot")]
    for one in bots:
        os.kill(one.pid, signal.SIGKILL)
    return bool(bots)


def _values(folder: Path, telegram: Telegram, *, seed: int) -> dict[str, str]:
    scenery = Scenery(folder, "aug", frontend=None, seed=seed)
    return {
        **stage.own_values(scenery, SITE),
        "telegram_token": telegram.token,
        "telegram_api": telegram.url,
        "telegram_operators": "",
        "telegram_webhook": "",
        "log_format": "json",
        "log_level": "info",
    }
