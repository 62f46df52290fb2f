"""The operator and the people: invitations, and chats that are closed and let in again."""

import re
from datetime import timedelta

import pytest

from models import invitations
from models.chat import ChatState
from models.watch import WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.operator_cast import operator
from tests.bot.outbox_cast import person_of, watch
from tests.telegram.server import Telegram

INVITE = {
    "de": ("5 Menschen", "30 Tage", "Code machen", "30 Tage", "Gültig bis"),
    "en": ("5 people", "30 days", "Make a code", "30 days", "Valid until"),
}


@pytest.mark.parametrize("language", sorted(INVITE))
async def test_a_code_and_a_link_let_somebody_in(bot: RunningBot, telegram: Telegram, language: str) -> None:
    uses, days, make, said, valid = INVITE[language]
    boss, anna, bert = await operator(bot, language_code=language), telegram.user("Anna"), telegram.user("Bert")
    await boss.send("/invite")
    await boss.click(uses)
    await boss.click(days)
    assert said in (await boss.sees(uses)).text

    await boss.click(make)

    shown = await boss.sees(valid)
    code, link = re.findall(r"\b[2-9A-Z]{10}\b", shown.text)
    assert (code == link, f"https://t.me/mta_test_bot?start={code}" in shown.text, shown.buttons) == (True, True, ())
    [made] = await bot.database.read(lambda session: invitations.standing(session, now=bot.parts.now()))
    assert (made.uses_left, round((made.until - made.created_at) / timedelta(days=1))) == (5, 30)
    await anna.send(f"/start {code}")
    await anna.sees("Willkommen")
    await bert.send(code)
    await bert.sees("Willkommen")


async def test_codes_from_before_are_counted_and_none_is_made_by_forged_buttons(bot: RunningBot) -> None:
    boss = await operator(bot)
    await bot.invite()
    await boss.send("/invite")
    await boss.sees("Es gilt noch 1 Code")

    for data in ("1opmake:9999:7", "1opmake:1:0", "1opinv:0:0", "1opmake:1"):
        assert "gilt nicht mehr" in (await boss.press(data)).text
    await boss.click("Nicht einladen")

    await boss.sees("niemand eingeladen")
    assert len(await bot.database.read(lambda session: invitations.standing(session, now=bot.parts.now()))) == 1


async def chat_id(bot: RunningBot, user: User) -> int:
    return ((await bot.chat(user)) or pytest.fail("no chat")).id


async def state(bot: RunningBot, user: User) -> ChatState:
    return ((await bot.chat(user)) or pytest.fail("no chat")).state


BLOCK = {
    "de": ("Suchen: 1", "Sperren", "Ja, sperren", "ist gesperrt", "Freigeben", "wieder frei"),
    "en": ("searches: 1", "Block", "Yes, block", "is blocked", "Let in again", "may come in again"),
}


@pytest.mark.parametrize("language", sorted(BLOCK))
async def test_a_chat_is_closed_and_let_in_again(bot: RunningBot, language: str) -> None:
    line, block, sure, is_blocked, unblock, is_free = BLOCK[language]
    boss, anna = await operator(bot, language_code=language), await bot.member("Anna")
    made = await watch(bot, await person_of(bot, anna))
    await boss.send("/block")
    listed = await boss.sees("/block 12")
    assert "Anna" not in str(listed)

    await boss.click(line)
    await boss.click(block)
    await boss.click(sure)
    await boss.sees(is_blocked)

    assert await state(bot, anna) is ChatState.BLOCKED
    paused = await bot.database.read(lambda session: session.get_one(type(made), made.id).state)
    assert paused is WatchState.PAUSED
    await anna.send("/help")
    await anna.sees("gesperrt")
    await boss.send(f"/block {await chat_id(bot, anna)}")
    await boss.click(unblock)
    await boss.sees(is_free)
    assert await state(bot, anna) is ChatState.ACTIVE


async def test_nobody_blocks_themselves(bot: RunningBot) -> None:
    boss = await operator(bot)
    own = await chat_id(bot, boss)

    await boss.send("/block")
    await boss.sees("keinen Chat außer Ihrem")
    await boss.send(f"/block {own}")
    shown = await boss.sees(f"Chat Nr. {own}")

    assert shown.buttons == (("Zur Liste",),)
    assert "Ihr eigener Chat" in (await boss.press(f"1opbar:{own}:1")).text
    assert await state(bot, boss) is ChatState.ACTIVE


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "٣", "9" * 30])
async def test_a_chat_that_is_not_there_is_said_kindly(bot: RunningBot, number: str) -> None:
    boss = await operator(bot)

    await boss.send(f"/block {number}")

    await boss.sees("Nummer gibt es nicht")
    for data in ("1opbar:99:1", "1opunbar:99", "1opchat:99", f"1opchat:{'9' * 18}"):
        assert "gilt nicht mehr" in (await boss.press(data)).text


async def test_many_chats_are_paged(bot: RunningBot) -> None:
    boss = await operator(bot)
    for _ in range(9):
        await bot.member()

    await boss.send("/block")
    await boss.sees("Seite 1 von 2")
    await boss.click("Weiter")

    assert len((await boss.sees("Seite 2 von 2")).buttons) == 2
