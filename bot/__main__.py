"""Entry of the bot: python -m bot. Settings are read here and passed on."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

import structlog

from bot import application
from bot.catalog import CatalogLoader
from bot.configured import bot_settings
from bot.context import Parts
from config import logs, settings, telemetry, wiring
from config.settings import Settings
from core.errors import MtaError
from core.slots import utc_now
from workers import queue

ROLE = "bot"

log = structlog.get_logger()


def main() -> int:
    os.environ["PTB_TIMEDELTA"] = "true"  # the library's new type for spans, of which it warns until then
    logs.set_up(level="info", style="console")
    try:
        chosen = settings.load()
        logs.set_up(level=chosen.log_level, style=chosen.log_format, file=_log_file(chosen))
        telemetry.set_up(role=ROLE, folder=chosen.data_dir / "traces" if chosen.traces else None)
        asyncio.run(_run(chosen))
    except MtaError as error:
        log.warning("process.refused", role=ROLE, reason=str(error))
        return 1
    return 0


async def _run(chosen: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    redis_url = wiring.redis_url(chosen, embedded=queue.embedded_url(chosen.data_dir))
    made = parts(chosen, redis_url)
    try:
        await application.run(made, redis_url=redis_url, stop=stop)
    finally:
        made.queue.close()
        made.database.close()


def parts(chosen: Settings, redis_url: str) -> Parts:
    keyring = wiring.keyring(chosen)
    telegram = bot_settings(chosen)
    sending = queue.connect(redis_url)
    database = wiring.database(chosen, keyring, heard=wiring.heard(chosen, sending.announce))
    return Parts(
        database=database,
        keyring=keyring,
        queue=sending,
        settings=telegram,
        site_url=chosen.site_url,
        caps=wiring.caps(chosen),
        catalog=CatalogLoader(database, site_url=chosen.site_url, now=utc_now),
        now=utc_now,
        rng=random.Random(),
        owner=queue.process_name(),
        quiet_hours=chosen.quiet_hours,
        lane=chosen.lane,
    )


def _log_file(chosen: Settings) -> Path | None:
    return chosen.data_dir / "logs" / f"{ROLE}.log" if chosen.log_to_files else None


if __name__ == "__main__":
    sys.exit(main())
