"""MTA as it runs in life: Redis, worker, scheduler and bot, each a process that can be killed and started again."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
from sqlalchemy import update
from sqlmodel import col

from console import roles
from console.journal import Journal
from core.bookings import BookingState
from core.slots import BERLIN, utc_now
from models import bookings, invitations
from models.booking import Booking
from models.chat import Role
from models.database import Database, Session
from models.keyring import Keyring
from rehearsal.serving import serving as city_serving
from rehearsal.settings import CitySettings, Dialect
from tests.conversations import cast
from tests.models_cast import KEY, opened
from tests.rehearsal_fixtures import Visitor
from tests.telegram.server import Telegram, serving
from workers import queue

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
ROLES: Final = ("redis", "worker", "scheduler", "bot")
PATIENCE: Final = 40.0  # seconds, for what takes a few on a quiet machine
STOPS_WITHIN: Final = 70.0
CODE: Final = "QRSTUVWXYZ"


@dataclass
class Machine:
    """`home` is its data folder. Rows are read and moved past the processes through `database`."""

    home: Path
    city: Visitor
    telegram: Telegram
    database: Database
    environment: Mapping[str, str]
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    @property
    def keyring(self) -> Keyring:
        return Keyring.from_text(KEY)

    async def start(self, *names: str) -> None:
        for name in names:
            journal = Journal(self._log(name))
            with self._log(name).open("ab") as out:
                self.processes[name] = await asyncio.create_subprocess_exec(
                    *("setpriv", "--pdeathsig", "KILL", *roles.command(name)),
                    cwd=ROOT,
                    env=dict(self.environment),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                )
            await self._ready(name, journal)

    async def kill(self, name: str) -> None:
        """As the kernel does it, with no time for a last word."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        if name == "redis":  # it has a child, which hears of it
            await self._redis_is_gone()

    async def restart(self, name: str) -> None:
        await self.kill(name)
        await self.start(name)

    async def stop(self) -> list[str]:
        """In the mirror order of the start; which of them did not end well."""
        unwell = []
        for name in reversed(ROLES):
            if (process := self.processes.pop(name, None)) is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOPS_WITHIN)
            except TimeoutError:
                process.kill()
            if process.returncode != 0:
                unwell.append(f"{name} ended with {process.returncode}")
        return unwell

    async def live_at(self, *moments: datetime) -> list[str]:
        """The City's own word for each appointment at these moments that is not deleted."""
        starts = {int(one.timestamp()) for one in moments}
        every = await self.city.look("appointments")
        return [str(one["status"]) for one in every if one["start"] in starts and one["status"] != "deleted"]

    async def read(self, work: Callable[[Session], T]) -> T:
        return await self.database.read(work)

    async def act(self, work: Callable[[Session], Any]) -> Any:
        return await self.database.act(work)

    async def eventually(self, fact: Callable[[Session], T], *, within: float = PATIENCE) -> T:
        """What the rows say once they say anything."""
        deadline = time.monotonic() + within
        while not (found := await self.database.read(fact)):
            assert time.monotonic() < deadline, f"{fact} gave {found!r} for {within} s"
            await asyncio.sleep(0.1)
        return found

    async def free(self, office: int, *moments: datetime) -> None:
        """The City has these to give away."""
        added = await self.city.order("slots", add=[{"office": office, "time": one.isoformat()} for one in moments])
        assert added["added"] == len(moments)

    async def newest(self, *states: BookingState) -> int:
        """The number of the newest booking in one of these states, once there is one."""

        def read(session: Session) -> int:
            return max((one.id for one in bookings.list(session) if one.state in states), default=0)

        return await self.eventually(read)

    async def changes(self, booking_id: int, **values: object) -> None:
        """Moves a row's dates, as time would."""
        these = update(Booking).where(col(Booking.id) == booking_id).values(values)
        await self.act(lambda session: session.exec(these))

    def logged(self) -> dict[str, str]:
        """What each process has written, all its lives together."""
        return {name: self._log(name).read_text("utf-8", "replace") for name in ROLES if self._log(name).exists()}

    def faults(self, *, allowed: tuple[str, ...] = ()) -> list[str]:
        """Errors and personal data in the logs, except lines with an allowed word; `allowed` is for what was broken."""
        found = []
        for name, written in self.logged().items():
            if "Traceback" in written:
                found.append(f"{name}: a traceback: {written[written.index('Traceback') :][:1500]}")
            lines = [line for line in written.splitlines() if not any(word in line for word in allowed)]
            found += [f"{name}: {line[:600]}" for line in lines if _is_error(line)]
            found += [f"{name}: personal data: {line[:600]}" for line in lines if self._tells(line)]
        return found

    def _tells(self, line: str) -> bool:
        secret = self.telegram.token.partition(":")[2]
        return bool(cast.names_in(line)) or any(word in line for word in (secret, CODE, cast.PHONE, KEY))

    def _log(self, name: str) -> Path:
        return self.home / f"{name}.out"

    async def _redis_is_gone(self) -> None:
        socket = queue.embedded_url(self.home).removeprefix("unix://")
        with contextlib.suppress(OSError):
            while True:
                _, writer = await asyncio.open_unix_connection(socket)
                writer.close()
                await asyncio.sleep(0.02)

    async def _ready(self, name: str, journal: Journal) -> None:
        deadline = time.monotonic() + PATIENCE
        while not journal.tells(f"{name}.ready"):
            ended = self.processes[name].returncode is not None
            late = ended or time.monotonic() > deadline
            assert not late, f"{name}:\n" + "\n".join(journal.lines()[-12:])
            await asyncio.sleep(0.05)


def at(days: int, hour: int = 9) -> datetime:
    """So many days from today, in Munich."""
    day = (utc_now() + timedelta(days=days)).astimezone(BERLIN)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def _is_error(line: str) -> bool:
    try:
        fact = json.loads(line)
    except ValueError:
        return bool(line.strip()) and "rror" in line
    return isinstance(fact, dict) and fact.get("level") in ("error", "critical")


@asynccontextmanager
async def running(home: Path, *, dialect: Dialect, smtp: str | None = None, **settings: str) -> AsyncIterator[Machine]:
    """A city, Telegram, and all roles, of which none is left behind."""
    async with AsyncExitStack() as stack:
        wanted = CitySettings(dialect=dialect, mail_delay=timedelta(0), captcha_cost=2, rate_limit=10_000, smtp=smtp)
        city = await stack.enter_async_context(city_serving(wanted))
        client = httpx.AsyncClient(base_url=city.url, timeout=30, trust_env=False)
        visitor = Visitor(city, await stack.enter_async_context(client))
        telegram = await stack.enter_async_context(serving())
        database = stack.enter_context(contextlib.closing(opened(f"sqlite:///{home / 'mta.sqlite3'}")))
        await asyncio.to_thread(database.migrate)
        made = Machine(home, visitor, telegram, database, _environment(home, visitor, telegram, settings))
        await _invite(made)
        stack.push_async_callback(made.stop)
        await made.start(*ROLES)
        yield made


def _environment(home: Path, city: Visitor, telegram: Telegram, more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MTA_")}
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "MTA_DATA_DIR": str(home),
        "MTA_SITE_URL": f"{city.url}/",
        "MTA_ENCRYPTION_KEYS": KEY,
        "MTA_REDIS_URL": "",
        "MTA_TIMING": "brisk",
        "MTA_CAPTCHA": "browser",
        "MTA_LOOK_INTERVAL": "PT2S",
        "MTA_LOOK_WINDOW": "PT5M",
        "MTA_QUIET_HOURS": "",
        "MTA_TELEGRAM_TOKEN": telegram.token,
        "MTA_TELEGRAM_API": telegram.url,
        "MTA_LOG_LEVEL": "info",
        **more,
    }


async def _invite(made: Machine) -> None:
    until = utc_now() + timedelta(days=1)
    await made.act(
        lambda session: invitations.make(
            session, made.keyring, CODE, role=Role.PERSON, uses=100, until=until, now=utc_now()
        )
    )
