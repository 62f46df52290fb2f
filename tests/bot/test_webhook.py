"""The webhook: Telegram brings updates to it, and nobody else can."""

import asyncio
import socket
from dataclasses import replace

import httpx
import pytest
from pydantic import SecretStr

from bot.settings import BotSettings
from core.errors import ConfigError
from tests.bot.conftest import RunningBot
from tests.telegram.server import Telegram

SECRET = "a-secret_of-the-webhook"
PUBLIC = "https://bot.example.org"


@pytest.fixture
async def bot(idle_bot: RunningBot, telegram: Telegram) -> RunningBot:
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    telegram.behind[PUBLIC] = f"http://{listen}"
    settings = replace(
        idle_bot.parts.settings,
        webhook=f"{PUBLIC}/telegram",
        webhook_secret=SecretStr(SECRET),
        webhook_listen=listen,
    )
    await idle_bot.restart(settings=settings)
    return idle_bot


async def test_updates_come_by_the_webhook_and_through_a_restart(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/help")
    await anna.sees("Das verstehe ich")
    await bot.stop()
    await anna.send("/language")

    await bot.start()

    await anna.sees("Ich spreche mit Ihnen Deutsch")
    assert len(anna.bot_said()) == 2


async def test_one_who_polls_afterwards_takes_the_webhook_away(bot: RunningBot, telegram: Telegram) -> None:
    anna = await bot.member()

    await bot.restart(settings=replace(bot.parts.settings, webhook=""))
    await anna.send("/help")

    await anna.sees("Das verstehe ich")
    assert telegram.store.settled["webhook"] is None


@pytest.mark.parametrize(
    ("path", "headers", "content", "status"),
    [
        ("/telegram", {}, b"{}", 401),
        ("/telegram", {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, b"{}", 401),
        ("/elsewhere", {"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"{}", 404),
        ("/telegram", {"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"no json", 400),
        ("/telegram", {"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"[1]", 400),
        ("/telegram", {"X-Telegram-Bot-Api-Secret-Token": SECRET}, b'{"update_id": 1}', 200),
        ("/telegram", {"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"x" * 1_100_000, 413),
    ],
    ids=["without", "wrong", "path", "words", "list", "right", "huge"],
)
async def test_nobody_else_is_heard(
    bot: RunningBot, path: str, headers: dict[str, str], content: bytes, status: int
) -> None:
    host, port = bot.parts.settings.listen
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"http://{host}:{port}{path}", headers=headers, content=content)
        looked = await client.get(f"http://{host}:{port}{path}", headers=headers)

    assert answer.status_code == status
    assert looked.status_code in (401, 404)


async def test_what_is_no_http_is_hung_up_on(bot: RunningBot) -> None:
    reader, writer = await asyncio.open_connection(*bot.parts.settings.listen)
    writer.write(b"\x16\x03\x01 this is TLS\r\n\r\n")
    async with asyncio.timeout(5):
        assert b"200" not in await reader.read()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"token": SecretStr("")}, "MTA_TELEGRAM_TOKEN is empty"),
        ({"webhook": "http://bot.example.org"}, "https://"),
        ({"webhook": PUBLIC}, "MTA_TELEGRAM_WEBHOOK_SECRET"),
        ({"webhook": PUBLIC, "webhook_secret": SecretStr("spaces are not allowed")}, "MTA_TELEGRAM_WEBHOOK_SECRET"),
        ({"webhook": PUBLIC, "webhook_secret": SecretStr(SECRET), "webhook_listen": "8443"}, "HOST:PORT"),
    ],
)
def test_settings_that_cannot_work_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        BotSettings(**{"token": SecretStr("1:x"), **changes})  # type: ignore[arg-type]  # made of parts
