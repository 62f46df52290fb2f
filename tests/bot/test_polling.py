"""Polling as people feel it: who is slow holds up nobody else, and a line that was cut is no silence."""

import asyncio
import time

import pytest

from bot import polling
from bot.context import Talk
from bot.conversation import Command, Conversation
from bot.markup import Html
from rehearsal.telegram.faults import broken, hung_up
from rehearsal.telegram.judging import Refusal
from tests.bot.conftest import RunningBot
from tests.telegram.server import Telegram

WITHOUT_A_THOUGHT = 1.0  # seconds


@pytest.fixture
def let_go() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def bot(idle_bot: RunningBot, let_go: asyncio.Event) -> RunningBot:
    async def is_slow(talk: Talk) -> None:
        await let_go.wait()
        await talk.remark(Html("at last"))

    idle_bot.more = (Conversation(commands=(Command("slow", is_slow),)),)
    await idle_bot.start()
    return idle_bot


async def test_who_is_slow_holds_up_nobody_else(bot: RunningBot, telegram: Telegram, let_go: asyncio.Event) -> None:
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    await anna.send("/slow")
    await telegram.store.until(lambda: telegram.calls("getUpdates"), within=5)

    waits = []
    for number in range(1, 6):  # while it may yet be confirmed as done, and when that was given up
        began = time.monotonic()
        await bert.send("/help")
        await bert.hears(number)
        waits.append(time.monotonic() - began)
        await asyncio.sleep(polling.PATIENCE.total_seconds() / 4)
    let_go.set()

    assert max(waits) < WITHOUT_A_THOUGHT
    await anna.sees("at last")
    assert anna.bot_said() == ["at last"]


async def test_what_was_under_way_at_a_kill_comes_again_and_what_was_done_behind_it_does_not(
    bot: RunningBot, let_go: asyncio.Event
) -> None:
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    await anna.send("/slow")
    await bert.send("/help")
    await bert.hears(1)
    await bot.kill()
    let_go.set()

    await bot.start()

    await anna.sees("at last")
    await bert.settled()
    assert (len(anna.bot_said()), len(bert.bot_said())) == (1, 1)


@pytest.mark.parametrize("refusal", [hung_up(), broken(), Refusal("Internal Server Error", code=500)])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates"])
async def test_a_tap_and_a_word_are_answered_though_telegram_stumbles(
    bot: RunningBot, telegram: Telegram, method: str, refusal: Refusal
) -> None:
    anna = await bot.member()
    await anna.send("/language")
    await anna.sees("Deutsch")
    telegram.plan(method, refusal)

    await anna.click("English", within=5)
    await anna.send("/help")

    await anna.sees("What I understand", within=5)
    await anna.settled()
    assert len(anna.bot_said()) == 2


async def test_taps_and_words_of_a_chat_may_overtake_each_other(bot: RunningBot, telegram: Telegram) -> None:
    """A webhook is brought the one beside the other."""
    anna = await bot.member()
    await anna.send("/language")
    await anna.sees("Deutsch")
    await anna.settled()
    async with telegram.outage():
        tap = asyncio.create_task(anna.click("English"))
        await telegram.store.until(lambda: telegram.store.updates, within=5)
        await anna.send("/help")
        telegram.store.updates.reverse()
        newest = telegram.store.updates[0]["update_id"]

    await tap
    await anna.settled()
    await anna.sees("I speak English")
    chat = (await bot.chat(anna)) or pytest.fail("no chat")
    assert len(anna.bot_said()) == 2
    assert chat.last_update_id == newest
