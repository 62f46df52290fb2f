"""People who tap and type at random, many at once, against the real bot: what must hold whatever they do.

`python -m tests.conversations.talker --conversations 1000 --seed 1` prints what was done and what was wrong.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from structlog.testing import capture_logs

from bot import application, conversations, errors
from bot.conversation import Table as Conversations
from bot.dispatch import LIMIT
from bot.limits import Limits
from core.looks import Dialect
from core.slots import utc_now
from models import catalogs, chats
from models.chat import Role
from models.database import Session
from portal import contract, contract_catalog
from rehearsal.catalog import load_catalog
from rehearsal.settings import Dialect as Spoken
from rehearsal.shapes import offices_and_services
from tests.bot.conftest import CODE, SITE, RunningBot, parts_of
from tests.contract_cast import reply
from tests.conversations import news, promises
from tests.conversations.cast import Guest
from tests.conversations.moves import FIDGETY, STEADY, Table
from tests.models_cast import opened
from tests.services import redis_server
from tests.telegram.server import Telegram, serving

AT_ONCE = 100
SLOWEST = 5  # answers that are named
PATIENCE = LIMIT.total_seconds() + 5  # the bot gives an answer up after that long, and it must get there
STRANGERS = 0.2  # of all, who begin at the door
STARTS_WITHIN = 30.0
KNOWN = 0.5  # of those who are let in, who wait for an appointment already, and who go where the buttons lead
OPERATORS = 0.05
GONE = ("message to edit not found", "message to delete not found")  # tapped on while another took its place
NOT_LIMITED = 10_000.0  # Telegram's limits have tests of their own, and are slow


@dataclass
class Summary:
    conversations: int
    seconds: float = 0.0
    moves: int = 0
    taps: int = 0
    messages: int = 0
    edits: int = 0
    waits: dict[str, float] = field(default_factory=dict)  # for an answer, in seconds
    slowest: list[tuple[float, str]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    never_tapped: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Figures in one line of JSON, and below it what was wrong."""
        figures = {name: value for name, value in vars(self).items() if name != "wrong"}
        return "\n".join([json.dumps(figures | {"wrong": len(self.wrong)}), *self.wrong])


class TalkedTo(RunningBot):
    """The bot in this process, in no hurry to keep limits that nobody enforces here."""

    @property
    def table(self) -> Conversations:
        return conversations.table((*conversations.EVERY, *self.more))

    async def start(self) -> None:
        self._stop, ready = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(
            application.run(
                self.parts,
                redis_url=self.redis_url,
                stop=self._stop,
                table=self.table,
                ready=ready,
                limits=Limits(a_second=NOT_LIMITED, burst=NOT_LIMITED),
            )
        )
        await asyncio.wait_for(ready.wait(), STARTS_WITHIN)


async def talk(
    bot: TalkedTo, *, people: int, moves: int, seed: int, commands: Sequence[str] = (), patience: float = PATIENCE
) -> Summary:
    """So many people make so many moves each, all at random and all by the seed; all commands unless some are named."""
    began = time.monotonic()
    summary = Summary(people)
    table = Table(random.Random(seed), bot, patience=patience)
    table.commands = commands or (*bot.table.commands, "nothing", f"start {CODE}")
    await bot.invite(uses=people * moves)
    guests = [await _guest(bot, number, random.Random(f"{seed}:{number}")) for number in range(people)]
    room = asyncio.Semaphore(AT_ONCE)
    with overheard() as said:
        async with asyncio.TaskGroup() as group:
            for guest in guests:
                group.create_task(_talks(table, guest, room, moves=moves))
        await promises.settle(bot)
        table.wrong += await promises.broken(bot, guests)
        table.wrong += await promises.broken_at_the_end(bot, guests)
    table.wrong += said
    _count(summary, bot.telegram, table)
    tapped = {data.partition(":")[0].lstrip("1") for one in guests for data in one.tapped}
    summary.never_tapped = sorted({one.word for one in bot.table.taps} - tapped)
    summary.rows = await promises.rows(bot)
    summary.moves = sum(len(one.moves) for one in guests)
    summary.seconds = round(time.monotonic() - began, 1)
    return summary


async def _guest(bot: RunningBot, number: int, rng: random.Random) -> Guest:
    language = rng.choice(("de", "de", "en", "fr"))
    if rng.random() < STRANGERS:
        return Guest(number, bot.telegram.user("Stranger", language_code=language))
    guest = Guest(number, await bot.member("Somebody", language_code="en" if language == "fr" else language))
    if rng.random() < OPERATORS:
        guest.operates = True
        await bot.act(lambda session: _put_in_charge(session, bot, guest))
    guest.steady = rng.random() < KNOWN
    if rng.random() < KNOWN:
        await news.waits_for_something(bot, guest, rng)
    return guest


def _put_in_charge(session: Session, bot: RunningBot, guest: Guest) -> None:
    chat = chats.find(session, bot.keyring, guest.user.chat_id)
    assert chat is not None
    chat.role = Role.OPERATOR


async def _talks(table: Table, guest: Guest, room: asyncio.Semaphore, *, moves: int) -> None:
    rng = random.Random(f"{table.rng.random()}")
    mine = replace(table, rng=rng)  # `seen` and `wrong` stay those of all
    choices, weights = zip(*(STEADY if guest.steady else FIDGETY), strict=True)
    async with room:
        await guest.user.send(rng.choice((f"/start {CODE}", "/start", "/wish", "/help")))
        for _ in range(moves):
            await rng.choices(choices, weights)[0](mine, guest)


def _count(summary: Summary, telegram: Telegram, table: Table) -> None:
    summary.taps = len(telegram.calls("answerCallbackQuery"))
    summary.messages = len(telegram.calls("sendMessage", "sendPhoto", "sendDocument", "sendVenue"))
    summary.edits = len(telegram.calls("editMessageText"))
    summary.waits = _spread([seconds for seconds, _ in table.waits])
    summary.slowest = [(round(seconds, 1), move) for seconds, move in sorted(table.waits, reverse=True)[:SLOWEST]]
    summary.wrong = sorted(set(table.wrong), key=table.wrong.index)
    refused = [one for one in telegram.misses if not one.endswith(GONE)]
    summary.wrong += [f"Telegram would refuse: {one}" for one in refused]
    telegram.misses.clear()


def _spread(waits: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(waits, n=100, method="inclusive") if len(waits) > 1 else [0.0] * 99
    spread = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "longest": max(waits, default=0.0)}
    return {name: round(seconds, 2) for name, seconds in spread.items()}


@contextmanager
def overheard() -> Iterator[list[str]]:
    """What the log says of errors meanwhile, ours and the libraries'."""
    found: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                found.append(f"{record.name}: {record.getMessage()[:300]}{_cause(record)}")

    ear = Ear()
    logging.getLogger().addHandler(ear)
    try:
        with capture_logs() as events:
            yield found
    finally:
        logging.getLogger().removeHandler(ear)
    bad = [one for one in events if one["log_level"] in ("error", "critical") or one["event"] in promises.UNANSWERED]
    found.extend(sorted({json.dumps({**one, "number": ""}, default=str) for one in bad}))


def _cause(record: logging.LogRecord) -> str:
    """What was raised and where, without its words, which may be a person's."""
    error = record.exc_info[1] if record.exc_info else None
    return f" ({type(error).__name__} at {errors.where(error)})" if error is not None else ""


@asynccontextmanager
async def stage(redis_url: str, folder: Path) -> AsyncIterator[TalkedTo]:
    """Telegram, the rows with the City's catalogue, and the bot between them."""
    database = opened(f"sqlite:///{folder / 'mta.sqlite3'}")
    with contextlib.closing(database):
        database.migrate()
        said = json.dumps(offices_and_services(load_catalog(), Spoken.AUG))
        catalog = contract.read_catalog(reply(contract_catalog.ENDPOINT, said))[0]
        await database.act(lambda session: catalogs.keep(session, SITE, Dialect.AUG, catalog, now=utc_now()) and None)
        async with serving() as telegram:
            parts = parts_of(database, telegram, redis_url=redis_url, now=utc_now)
            bot = TalkedTo(parts, redis_url, telegram)
            await bot.start()
            try:
                yield bot
            finally:
                await bot.stop()
                parts.queue.close()


async def _alone(people: int, moves: int, seed: int) -> Summary:
    with redis_server() as redis_url, tempfile.TemporaryDirectory() as folder:
        async with stage(redis_url, Path(folder)) as bot:
            return await talk(bot, people=people, moves=moves, seed=seed)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--conversations", type=int, default=1000)
    asked.add_argument("--moves", type=int, default=40)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    os.environ["PTB_TIMEDELTA"] = "true"
    summary = asyncio.run(_alone(given.conversations, given.moves, given.seed))
    sys.stdout.write(f"{summary}\n")
    return 1 if summary.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
