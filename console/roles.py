"""mta worker, scheduler, bot: one role as this very process, for machines where each role runs by itself."""

import os
import sys

from config import settings
from config.settings import Settings
from console import store
from core.errors import ConfigError
from workers.queue import QueueUnreachable


def worker() -> None:
    """Work through the queue: look, book, confirm, reconcile."""
    _become("worker")


def scheduler() -> None:
    """Send what is due to the workers, and nothing else."""
    _become("scheduler")


def bot() -> None:
    """Talk to people on Telegram, and tell them what must be told."""
    if not settings.load().telegram_token.get_secret_value():
        raise ConfigError("MTA_TELEGRAM_TOKEN is empty. BotFather gives a token to whoever makes a bot there.")
    _become("bot")


def _become(role: str) -> None:
    require_redis(settings.load())
    os.execv(sys.executable, command(role))  # noqa: S606 - no shell is wanted


def require_redis(chosen: Settings) -> None:
    """Raise QueueUnreachable unless Redis answers now; later it may come and go."""
    with store.reached(chosen) as queue:
        if queue.answers():
            return
    if chosen.redis_url.get_secret_value():
        raise QueueUnreachable("No Redis answers at MTA_REDIS_URL. Start it, or correct or empty MTA_REDIS_URL.")
    raise QueueUnreachable("No Redis runs in the data folder. Start everything with: mta up, or set MTA_REDIS_URL.")


def command(role: str) -> list[str]:
    return [sys.executable, "-m", "bot"] if role == "bot" else [sys.executable, "-m", "workers", role]
