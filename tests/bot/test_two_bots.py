"""Two bots at once: on one database one works and the other waits; with only the token in common, it is told."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, MutableMapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import application, conversations
from bot.messenger import Messenger
from bot.outbox import Outbox
from bot.settings import BotSettings
from config import settings
from config.settings import Settings
from console import checks
from console.checks import Finding, Level
from core.slots import utc_now
from models.database import Database
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot, parts_of
from tests.bot.outbox_cast import all_told, person_of, watch, write
from tests.jobs_fixtures import until
from tests.models_cast import KEY, opened
from tests.telegram.server import Telegram

PEOPLE = 6
PUBLIC = "https://bot.example.org"


@pytest.fixture
def another_database(rows: Database, fresh_file: Path) -> Iterator[Database]:
    """The same rows, opened by somebody else."""
    del rows
    with contextlib.closing(opened(f"sqlite:///{fresh_file}")) as database:
        yield database


@pytest.fixture
async def another(another_database: Database, telegram: Telegram, fresh_redis_url: str) -> AsyncIterator[RunningBot]:
    parts = parts_of(another_database, telegram, redis_url=fresh_redis_url, now=utc_now)
    made = RunningBot(replace(parts, owner="another"), fresh_redis_url, telegram)
    yield made
    await made.stop()
    parts.queue.close()


@contextlib.asynccontextmanager
async def waiting(bot: RunningBot) -> AsyncIterator[None]:
    """It is started, and comes to nothing yet."""
    with capture_logs() as said:
        starting = asyncio.create_task(bot.start())
        await until(lambda: _waits(said))
    assert "stop one" in next(one["hint"] for one in said if one["event"] == "bot.waits")
    yield
    await starting


def by_webhook(chosen: BotSettings, telegram: Telegram) -> BotSettings:
    """The same address for both, as behind a web server."""
    if not telegram.behind:
        with socket.create_server(("127.0.0.1", 0)) as free:
            telegram.behind[PUBLIC] = f"http://127.0.0.1:{free.getsockname()[1]}"
    listen = telegram.behind[PUBLIC].removeprefix("http://")
    return replace(chosen, webhook=f"{PUBLIC}/hook", webhook_secret=SecretStr("s3cret"), webhook_listen=listen)


async def talk(users: list[User], *, before: int = 0) -> None:
    for user in users:
        await user.send("/help")
    for user in users:
        await user.hears(before + 1)


async def test_the_second_bot_waits_and_nothing_is_told_twice(
    bot: RunningBot, another: RunningBot, telegram: Telegram
) -> None:
    users = [await bot.member(f"No. {number}") for number in range(PEOPLE)]
    people = [await person_of(bot, user, f"No. {number}") for number, user in enumerate(users)]

    async with waiting(another):
        await talk(users)
        for person in people:
            await write(bot, person, "slots.found", about=await watch(bot, person), count=3)
        await all_told(bot)
        for user in users:
            assert len(user.bot_said()) == 2, "one answer and one notice"
        assert telegram.refused("getUpdates") == [], "only one polls"
        await bot.stop()


@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_the_second_bot_takes_over_and_nothing_is_lost(
    idle_bot: RunningBot, another: RunningBot, telegram: Telegram, end: str, way: str
) -> None:
    bot = idle_bot
    for one in (bot, another) if way == "webhook" else ():
        one.parts = replace(one.parts, settings=by_webhook(one.parts.settings, telegram))
    await bot.start()
    users = [await bot.member(f"No. {number}") for number in range(PEOPLE)]
    async with waiting(another):
        await talk(users)
        for user in users:
            await user.send("/help")
        await getattr(bot, end)()

    for user in users:
        await user.hears(2)
    await users[0].settled()
    await talk(users, before=2)
    assert [len(user.bot_said()) for user in users] == [3] * PEOPLE


@pytest.mark.usefixtures("bot")
async def test_one_that_waits_can_be_stopped(another: RunningBot) -> None:
    stop = asyncio.Event()
    with capture_logs() as said:
        running = asyncio.create_task(application.run(another.parts, redis_url=another.redis_url, stop=stop))
        await until(lambda: _waits(said))
        stop.set()
        await asyncio.wait_for(running, 5)


async def test_two_outboxes_on_the_same_rows_tell_each_notice_once(
    idle_bot: RunningBot, another: RunningBot, telegram: Telegram
) -> None:
    """As in the moment in which a post was lost, and its next holder is there already."""
    users = [await idle_bot.member(f"No. {number}") for number in range(PEOPLE)]
    people = [await person_of(idle_bot, user, f"No. {number}") for number, user in enumerate(users)]
    async with application.build(idle_bot.parts.settings) as made, AsyncExitStack() as stack:
        both = [
            Outbox(one.parts, Messenger(made.bot, patient=False), conversations.table()) for one in (idle_bot, another)
        ]
        for one in both:
            await stack.enter_async_context(one.working())
        for count in (11, 12, 13):
            written = [
                await write(idle_bot, person, "slots.found", about=await watch(idle_bot, person), count=count)
                for person in people
            ]
            await asyncio.gather(*(one.hears(written) for one in both))
            await all_told(idle_bot)

    assert [[text[:2] for text in user.bot_said()] for user in users] == [["11", "12", "13"]] * PEOPLE
    assert len(telegram.calls("sendMessage")) == 3 * PEOPLE


@pytest.fixture
async def rival(
    telegram: Telegram, fresh_redis_url: str, migrated_file: Path, tmp_path: Path
) -> AsyncIterator[RunningBot]:
    """It has our token, and rows of its own."""
    elsewhere = copyfile(migrated_file, tmp_path / "elsewhere.sqlite3")
    with contextlib.closing(opened(f"sqlite:///{elsewhere}")) as database:
        parts = parts_of(database, telegram, redis_url=fresh_redis_url, now=utc_now)
        made = RunningBot(parts, fresh_redis_url, telegram)
        yield made
        await made.stop()
        parts.queue.close()


@pytest.fixture
def chosen(telegram: Telegram, fresh_file: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of an operator who has the bot's rows."""
    monkeypatch.setenv("MTA_DATA_DIR", str(fresh_file.parent))
    monkeypatch.setenv("MTA_ENCRYPTION_KEYS", KEY)
    return settings.load(telegram_token=telegram.token, telegram_api=telegram.url)


async def test_with_only_the_token_in_common_the_operator_is_told(
    bot: RunningBot, rival: RunningBot, chosen: Settings
) -> None:
    assert (await checks.telegram(chosen)).level is Level.OK
    with capture_logs() as said:
        await rival.start()
        [finding] = await until(lambda: _warned(chosen))
        await rival.stop()

    assert finding.found.endswith("; 0 min ago another program took updates with this token")
    assert "/revoke" in finding.mend
    assert any("another process polls" in one.get("hint", "") for one in said)
    anna = await bot.member()
    await anna.send("/help")
    await anna.sees("Das verstehe ich", within=40)


async def _waits(said: Sequence[MutableMapping[str, Any]]) -> bool:
    return "bot.waits" in [one["event"] for one in said]


async def _warned(chosen: Settings) -> Sequence[Finding]:
    finding = await checks.telegram(chosen)
    return [finding] if finding.level is Level.WARN else []
