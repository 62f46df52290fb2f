"""The test's own Bot API, as the bot's library sees it: what it takes, what it refuses, and how it waits."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from rehearsal.telegram.faults import flood
from tests.telegram.server import Telegram


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    quick = HTTPXRequest(read_timeout=5, httpx_kwargs={"trust_env": False})
    polling = HTTPXRequest(read_timeout=5, httpx_kwargs={"trust_env": False})
    url = telegram.url
    async with Bot(telegram.token, f"{url}/bot", f"{url}/file/bot", request=quick, get_updates_request=polling) as bot:
        yield bot


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"No. {n}", callback_data=one)] for n, one in enumerate(data)])


async def test_updates_come_again_until_they_are_confirmed(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    await anna.send("/start now")

    [first], [again] = [await bot.get_updates(timeout=0) for _ in range(2)]
    after = await bot.get_updates(offset=first.update_id + 1, timeout=0)

    assert first.update_id == again.update_id
    assert first.message is not None
    assert (first.message.text, [one.type for one in first.message.entities]) == ("/start now", ["bot_command"])
    assert after == ()


async def test_a_poll_waits_for_what_comes(telegram: Telegram, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.store.until(lambda: telegram._poller, within=5)
    assert not waiting.done()

    await telegram.user("Anna").send("hello")

    [update] = await waiting
    assert update.message is not None
    assert update.message.text == "hello"


async def test_of_two_pollers_the_first_is_sent_away(telegram: Telegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.store.until(lambda: telegram._poller, within=5)

    await bot.get_updates(timeout=0)

    with pytest.raises(Conflict):
        await first


async def test_only_the_kinds_that_were_asked_for_come(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    await bot.get_updates(timeout=0, allowed_updates=["message"])

    sent = await anna.send("hello")
    await anna.edit(sent, "hello there")

    assert [one.edited_message for one in await bot.get_updates(timeout=0)] == [None]


async def test_a_message_is_edited_in_place_and_its_buttons_are_tapped(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    sent = await bot.send_message(anna.id, "<b>One</b> &lt;3", parse_mode="HTML", reply_markup=keyboard("a:1"))
    await bot.edit_message_text("Two", anna.id, sent.message_id, reply_markup=keyboard("a:2", "b"))
    tapping = asyncio.create_task(anna.click("No. 0"))
    [update] = await bot.get_updates(timeout=5)
    assert update.callback_query is not None
    await update.callback_query.answer("done", show_alert=True)

    assert (await tapping).text == "done"
    assert update.callback_query.data == "a:2"
    [shown] = anna.screen()
    assert (shown.text, shown.buttons, shown.edited) == ("Two", (("No. 0",), ("No. 1",)), True)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("Two", anna.id, sent.message_id, reply_markup=keyboard("a:2", "b"))
    await bot.delete_message(anna.id, sent.message_id)
    assert anna.screen() == []
    with pytest.raises(BadRequest, match="not found"):
        await bot.edit_message_text("Three", anna.id, sent.message_id)


async def test_files_go_both_ways(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    await bot.send_photo(anna.id, b"a screenshot", caption="Booked", filename="termin.png")
    await bot.send_document(anna.id, b"BEGIN:VCALENDAR", filename="termin.ics")
    await anna.send_document("mail.eml", b"From: the City")
    [update] = await bot.get_updates(timeout=0)
    assert update.message is not None
    assert update.message.document is not None
    file = await bot.get_file(update.message.document.file_id)

    assert await file.download_as_bytearray() == b"From: the City"
    assert [(one.file_name, one.content) for one in anna.screen()[:2]] == [
        ("termin.png", b"a screenshot"),
        ("termin.ics", b"BEGIN:VCALENDAR"),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "x" * 4097}, "too long"),
        ({"text": " "}, "empty"),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "end tag"),
        ({"text": "<h1>a</h1>", "parse_mode": "HTML"}, "Unsupported start tag"),
        ({"text": "a", "reply_markup": keyboard("x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": keyboard(*map(str, range(101)))}, "BUTTONS_TOO_MUCH"),
        ({"text": "a", "api_kwargs": {"colour": "red"}}, "no field colour"),
    ],
)
async def test_what_the_bot_api_would_refuse_is_refused(
    telegram: Telegram, bot: Bot, given: dict[str, object], said: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){said}"):
        await bot.send_message(telegram.user("Anna").id, **given)  # type: ignore[arg-type]  # wrong on purpose


async def test_emoji_count_as_telegram_counts_them(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    await bot.send_message(anna.id, "😀" * 2048)
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(anna.id, "😀" * 2049)


async def test_who_cannot_be_reached_is_told_apart(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Familie", anna)
    new = telegram.migrate(group)
    await anna.block()

    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(anna.id, "hello")
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group, "hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(42, "hello")
    assert moved.value.new_chat_id == new


async def test_a_flood_and_an_outage_come_when_they_are_planned(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    telegram.plan("sendMessage", flood(7), chat=anna.id)
    with pytest.raises(RetryAfter) as flooded:
        await bot.send_message(anna.id, "hello")
    async with telegram.outage():
        with pytest.raises(NetworkError):
            await bot.send_message(anna.id, "hello")
    async with telegram.broken():
        with pytest.raises(NetworkError):
            await bot.send_message(anna.id, "hello")

    await bot.send_message(anna.id, "hello")

    assert str(flooded.value).startswith("Flood control exceeded. Retry in 0:00:07")
    assert [one.chat_id for one in telegram.calls("sendMessage")] == [anna.id]


async def test_limits_are_counted_when_they_are_on(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    telegram.faults.limits.on = True
    for number in range(3):
        await bot.send_message(anna.id, str(number))
    with pytest.raises(RetryAfter):
        await bot.send_message(anna.id, "too quick")
    assert telegram.faults.limits.violations == [f"sendMessage to {anna.id}"]


async def test_a_webhook_gets_each_update_once_it_says_yes(telegram: Telegram, bot: Bot) -> None:
    anna = telegram.user("Anna")
    await bot.set_webhook("https://bot.example.org/hook", secret_token="s3cret")
    with pytest.raises(Conflict):
        await bot.get_updates(timeout=0)

    got: list[tuple[str, str]] = []

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        got.append((head.split()[1], head.partition("secret-token: ")[2].split()[0]))
        status = "503 Later" if len(got) == 1 else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        telegram.behind["https://bot.example.org"] = f"http://127.0.0.1:{port}"
        await anna.send("hello")
        await anna.settled()

    assert got == [("/hook", "s3cret")] * 2


async def test_another_bots_token_opens_nothing(telegram: Telegram) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{telegram.url}/bot1:wrong/getMe")
    assert (answer.status_code, answer.json()["ok"]) == (401, False)
