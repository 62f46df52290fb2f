"""What a bench plays on: the practice city in a process of its own, and the roles of one machine beside it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet
from sqlmodel import Session

from bench import city
from bench.city import Truth
from config import settings as process_settings
from config.settings import Settings
from console import one_look, roles, store
from console.journal import Journal
from console.practice import address_in
from console.store import Store
from console.supervisor import Role, Supervisor, supervised
from core.catalog import Catalog
from core.errors import BadInput
from models import watches
from rehearsal.settings import CitySettings

STOPS_WITHIN: Final = 15.0  # seconds
PAUSE: Final = 1.0  # seconds before a killed role is started again, as mta up does the first time
STARTS_WITHIN: Final = 60.0
NO_LIMIT: Final = 1_000_000
MOST_WATCHES: Final = 20_000
ENDLESS: Final = "P1D"  # a round without a silence, where the City has no limit


@dataclass(frozen=True, slots=True)
class Scenery:
    """`database_url` empty: SQLite in `folder`, which must be new. `reservation_minutes` is how long the City holds.

    `rate_limit` is the City's, requests of an address without a silence; usually lifted.
    """

    folder: Path
    dialect: str
    frontend: Path | None
    seed: int
    database_url: str = ""
    workers: int = 1
    moods: tuple[str, ...] = ()
    reservation_minutes: float = 1.0
    look_every: str = "PT3S"
    pages: int = 4
    timing: str = "brisk"
    rate_limit: int = NO_LIMIT

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def city(self) -> CitySettings:
        return CitySettings.model_validate(
            {
                "dialect": self.dialect,
                "frontend": self.frontend,
                "seed": self.seed,
                "moods": self.moods,
                "rate_limit": self.rate_limit,
                "captcha_cost": 1,
                "reservation_minutes": self.reservation_minutes,
                "mail_delay": 0.02,
            }
        )


class Crew:
    """The roles by name; how often each has said that it is ready."""

    def __init__(self, members: list[Role]) -> None:
        self.members = members

    def readied(self, name: str) -> int:
        lines = next(one.output for one in self.members if one.name == name).lines()
        return sum(f"{name.rstrip('0123456789')}.ready" in line for line in lines)

    async def until_readied(self, name: str, times: int) -> None:
        """Wait until it has said so more than `times` times."""
        async with asyncio.timeout(STARTS_WITHIN):
            while await asyncio.to_thread(self.readied, name) <= times:  # noqa: ASYNC110 - a log wakes nobody
                await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Stage:
    settings: Settings
    kept: Store
    truth: Truth
    crew: Crew
    catalog: Catalog


@asynccontextmanager
async def town(scenery: Scenery) -> AsyncIterator[Truth]:
    """The City alone, in a process of its own."""
    async with supervised(heard=deaf, restarts=False, stops_within=STOPS_WITHIN) as apart:
        place = city.role(scenery.city(), scenery.logs)
        await apart.start(place)
        truth = Truth(address_in(place.output))
        try:
            yield truth
        finally:
            await truth.close()


@asynccontextmanager
async def staged(scenery: Scenery) -> AsyncIterator[Stage]:
    """Everything started and ready; all of it is a child of this process and ends with the block, the City last."""
    async with town(scenery) as truth:
        own, environment = own_settings(scenery, truth.url)
        crew = Crew(_members(scenery, environment))
        with store.opened(own) as kept:
            await kept.database.read(_refuse_used)
            async with supervised(heard=deaf, stops_within=STOPS_WITHIN, longest_pause=PAUSE) as supervisor:
                redis, *others = crew.members
                await supervisor.start(redis)
                catalog, _ = await asyncio.gather(
                    one_look.catalog_of(kept, own, refresh=True), _start(supervisor, others)
                )
                yield Stage(own, kept, truth, crew, catalog)


async def _start(supervisor: Supervisor, members: Sequence[Role]) -> None:
    await asyncio.gather(*(supervisor.start(member) for member in members))


def own_settings(scenery: Scenery, site_url: str) -> tuple[Settings, dict[str, str]]:
    """As values for this process and as variables for the roles."""
    given = own_values(scenery, site_url)
    return process_settings.load(**given), {f"MTA_{name.upper()}": value for name, value in given.items()}


def own_values(scenery: Scenery, site_url: str) -> dict[str, str]:
    """The bench's own settings, whatever .env says."""
    return {
        "site_url": site_url,
        "data_dir": str(scenery.folder),
        "database_url": scenery.database_url,
        "redis_url": "",
        "encryption_keys": Fernet.generate_key().decode(),
        "captcha": "browser",
        "timing": scenery.timing,
        "look_interval": scenery.look_every,
        **({"look_window": ENDLESS} if scenery.rate_limit == NO_LIMIT else {}),
        "quiet_hours": "",
        "max_pages": str(scenery.pages),
        "watches": str(MOST_WATCHES),
        "lane": "main",
        "proxy": "",
        "imap_url": "",
        "telegram_token": "",
        "log_to_files": "false",
        "traces": "false",
    }


def _members(scenery: Scenery, environment: dict[str, str]) -> list[Role]:
    workers = ["worker"] if scenery.workers == 1 else [f"worker{number + 1}" for number in range(scenery.workers)]
    return [member(name, scenery.logs, environment) for name in ("redis", *workers, "scheduler")]


def member(name: str, logs: Path, environment: dict[str, str]) -> Role:
    kind, output = name.rstrip("0123456789"), Journal(logs / f"{name}.out")
    return Role(
        name=name,
        command=roles.command(kind),
        output=output,
        environment=environment,
        ready=lambda: output.tells(f"{kind}.ready"),
        starts_within=STARTS_WITHIN,
    )


def _refuse_used(session: Session) -> None:
    if watches.list(session):
        raise BadInput("This database has watches in it.", field="database", hint="Give an empty one of its own.")


def deaf(_role: str, _what: str) -> None:
    return
