"""mta up: everything on one machine, until it is stopped."""

import asyncio
import contextlib
import signal
from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr
from rich.text import Text

from config import settings
from config.settings import Settings
from console import outbox, printing, roles, store
from console.journal import Journal
from console.store import Store
from console.supervisor import Role, Supervisor, supervised
from core.slots import utc_now
from models.notice import Notice

HIDDEN: Final = "…"


def up() -> None:
    """Run Redis (if none is configured), worker, scheduler, bot and outbox; Ctrl-C stops them in order."""
    chosen = settings.load()
    if chosen.redis_url.get_secret_value():
        roles.require_redis(chosen)
    first = not chosen.data_dir.exists()
    with store.opened(chosen) as kept:  # the newest tables, before any role needs them
        _introduce(chosen, first=first)
        asyncio.run(_run(kept, chosen))


async def _run(kept: Store, chosen: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with supervised(heard=_heard) as supervisor:
        running = asyncio.create_task(_start_and_deliver(supervisor, kept, chosen))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in (running, stopped):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def _start_and_deliver(supervisor: Supervisor, kept: Store, chosen: Settings) -> None:
    for role in machine_roles(chosen):
        await supervisor.start(role)
    printing.say("Running. Add wishes with: mta watch add …   Stop with Ctrl-C.")
    await outbox.deliver(kept, chosen, tell=_tell)


def machine_roles(chosen: Settings, environment: Mapping[str, str] | None = None) -> list[Role]:
    """In the order they start: Redis unless one is configured, the worker, the scheduler, the bot if it has a token."""
    logs = chosen.data_dir / "logs"
    of_our_own = [] if chosen.redis_url.get_secret_value() else ["redis"]
    talking = ["bot"] if chosen.telegram_token.get_secret_value() else []
    return [
        _role(name, Journal(logs / f"{name}.log"), Journal(logs / f"{name}.out"), environment or {})
        for name in (*of_our_own, "worker", "scheduler", *talking)
    ]


def _role(name: str, journal: Journal, output: Journal, environment: Mapping[str, str]) -> Role:
    return Role(
        name=name,
        command=roles.command(name),
        output=output,
        journal=journal,
        environment={**environment, "MTA_LOG_TO_FILES": "true"},
        ready=lambda: journal.tells(f"{name}.ready"),
        starts_within=60.0,
    )


def effective(chosen: Settings) -> list[tuple[str, str, str]]:
    """Variable, value without secrets, meaning."""
    return [
        (f"MTA_{name.upper()}", _shown(getattr(chosen, name)), field.description or "")
        for name, field in type(chosen).model_fields.items()
    ]


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return HIDDEN if value.get_secret_value() else ""
    text = "" if value is None else str(value)
    return HIDDEN if "@" in text and "://" in text else text  # an address with a password in it


def _introduce(chosen: Settings, *, first: bool) -> None:
    if first:
        printing.say(f"First start. Rows, keys, pictures and logs live in {chosen.data_dir.resolve()}.")
        printing.say("Keep that folder private, and keep its key file: without it, nobody's details can be read again.")
        printing.say(f"MTA looks at {chosen.site_url}")
        printing.say(f"The captcha box is ticked by: {chosen.captcha} (MTA_CAPTCHA).")
    printing.table(("setting", "value", ""), effective(chosen))


def _heard(role: str, what: str) -> None:
    printing.remark(f"{printing.to_the_millisecond(utc_now())}  {role} {what}")


def _tell(notice: Notice, sentence: str) -> None:
    head = Text(f"\nTo person {notice.person_id}", style="bold").append(f"  ({notice.kind})", style="dim")
    printing.screen().print(head)
    printing.say(sentence)
