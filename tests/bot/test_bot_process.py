"""The bot as the process that it is: killed, without Telegram, with a wrong token, and never telling its own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from models import chats
from rehearsal.telegram.faults import flood
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told, person_of, write
from tests.jobs_fixtures import until
from tests.telegram.server import Telegram

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(telegram: Telegram, fresh_redis_url: str, tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MTA_")}
    return kept | {
        "MTA_DATA_DIR": str(tmp_path),
        "MTA_ENCRYPTION_KEYS": "YWxsLXRlc3RzLXVzZS10aGlzLXZlcnkta2V5LTAwMDE=",
        "MTA_REDIS_URL": fresh_redis_url,
        "MTA_TELEGRAM_TOKEN": telegram.token,
        "MTA_TELEGRAM_API": telegram.url,
        "MTA_LOG_LEVEL": "debug",
    }


@asynccontextmanager
async def running(environment: Mapping[str, str], log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def read(log: Path) -> str:
    return log.read_text() if log.exists() else ""


async def says(log: Path, event: str) -> bool:
    return event in await asyncio.to_thread(read, log)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "bot.out"


async def test_a_killed_process_forgets_nothing_and_tells_nothing_twice(
    idle_bot: RunningBot, telegram: Telegram, environment: dict[str, str], log: Path
) -> None:
    anna = telegram.user("Anna")
    code = await idle_bot.invite()
    async with running(environment, log) as process:
        await anna.send(f"/start {code}")
        await anna.sees("Willkommen", within=40)
        await anna.click("Weiter")
        process.send_signal(signal.SIGKILL)
        await process.wait()
    await anna.send("/help")
    async with running(environment, log) as process:
        await anna.click("Ja, einverstanden", within=40)
        person = await person_of(idle_bot, anna)
        telegram.plan("*", flood(1), chat=anna.id)
        await write(idle_bot, person, "watch.ended", reason="deadline")
        await anna.sees("Suche ist beendet")
        await all_told(idle_bot)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0

    assert [text for text in anna.bot_said() if "beendet" in text] == [
        "Die Suche ist beendet: Die gesetzte Frist ist abgelaufen."
    ]
    written = read(log)
    assert "bot.ready" in written
    assert telegram.token not in written
    assert telegram.token.partition(":")[2] not in written
    assert "Anna" not in written


async def test_it_waits_for_telegram_and_stops_while_it_waits(
    telegram: Telegram, environment: dict[str, str], log: Path
) -> None:
    async with telegram.outage(), running(environment, log) as process:
        await until(lambda: says(log, "telegram.away"))
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0

    assert telegram.token.partition(":")[2] not in read(log)


async def test_a_token_that_telegram_does_not_know_is_a_sentence(environment: dict[str, str], log: Path) -> None:
    wrong = "987654321:AAnotTheRightTokenAtAll_0123456789abc"

    async with running(environment | {"MTA_TELEGRAM_TOKEN": wrong}, log) as process:
        assert await asyncio.wait_for(process.wait(), 60) == 1

    written = read(log)
    assert "Telegram does not know MTA_TELEGRAM_TOKEN" in written
    assert wrong.partition(":")[2] not in written
    assert "Traceback" not in written


async def test_a_second_poller_with_other_rows_is_told_so_and_the_first_goes_on(
    idle_bot: RunningBot, telegram: Telegram, environment: dict[str, str], log: Path, tmp_path: Path
) -> None:
    anna = telegram.user("Anna")
    await idle_bot.start()
    async with running(environment | {"MTA_DATA_DIR": str(tmp_path / "elsewhere")}, log):
        await anna.send("/start")
        await anna.sees("Einladungscode", within=40)
        assert await telegram.store.until(
            lambda: [one for one in telegram.refused("getUpdates") if one.refused == 409], within=40
        )

    await anna.send("/start")
    await anna.hears(2, within=60)
    assert await idle_bot.database.read(chats.list) == []


async def test_a_second_process_on_the_same_rows_waits_for_the_first(
    idle_bot: RunningBot, telegram: Telegram, environment: dict[str, str], log: Path
) -> None:
    anna = await idle_bot.member()
    await idle_bot.start()
    async with running(environment, log) as process:
        await until(lambda: says(log, "bot.waits"))
        await anna.send("/help")
        await anna.hears(1)
        await idle_bot.stop()

        await anna.send("/help")
        await anna.hears(2, within=20)

        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    assert telegram.refused("getUpdates") == []
    assert len(anna.bot_said()) == 2
