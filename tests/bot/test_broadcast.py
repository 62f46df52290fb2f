"""A word to everybody: previewed, sent once to each chat, in their language, within their quiet hours."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.slots import BERLIN, utc_now
from models import broadcasts, chats
from models.chat import ChatSettings
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.operator_cast import operator
from tests.bot.outbox_cast import all_told, alone, person_of, untold
from tests.jobs_fixtures import until
from tests.telegram.server import Telegram

OUTAGE = {
    "de": (
        "Vorlage: Stadt antwortet nicht",
        "Sie geht an 1 Chat.",
        "Senden",
        "Unterwegs an 1 Chat.",
        "antwortet zurzeit",
    ),
    "en": ("Template: City does not answer", "It goes to 1 chat.", "Send", "On its way to 1 chat.", "at present"),
}


async def settings(bot: RunningBot, user: User, chosen: ChatSettings) -> None:
    chat = (await bot.chat(user)) or pytest.fail("no chat")
    await bot.act(lambda session: chats.choose(session, chat.id, chosen, now=bot.parts.now()))


def quiet_now() -> ChatSettings:
    local = utc_now().astimezone(BERLIN)
    return ChatSettings(
        quiet_from=(local - timedelta(hours=2)).time().replace(microsecond=0),
        quiet_to=(local + timedelta(hours=2)).time().replace(microsecond=0),
    )


@pytest.mark.parametrize("language", sorted(OUTAGE))
async def test_a_template_is_seen_before_it_is_sent(bot: RunningBot, language: str) -> None:
    template, goes_to, send, on_its_way, words = OUTAGE[language]
    boss = await operator(bot, language_code=language)
    await boss.send("/broadcast")

    await boss.click(template)

    assert words in (await boss.sees(goes_to)).text
    await boss.click(send)
    await boss.sees(on_its_way)
    await all_told(bot)
    assert words in boss.bot_said()[-1]


async def test_each_active_chat_gets_it_once_in_its_language(bot: RunningBot) -> None:
    boss, family = await operator(bot), await bot.member("Anna")
    alone, blocked = await bot.member("Bob", language_code="en"), await bot.member("Cleo")
    for name in ("Anna", "Bert"):
        await person_of(bot, family, name)
    await blocked.block()
    await blocked.settled()
    await boss.send("/broadcast")
    await boss.click("Vorlage: Störung behoben")
    await boss.sees("Sie geht an 3 Chats")

    await boss.double_click("Senden")
    await all_told(bot)
    await bot.restart()

    await boss.click("Wie weit?")
    await boss.sees("Angekommen: bei 3 von 3.")
    assert family.bot_said() == ["Die Störung ist vorbei. Ich sehe wieder nach wie zuvor."], "and not for Anna alone"
    assert alone.bot_said() == ["The trouble is over. I look again as before."]
    assert blocked.bot_said() == []


async def test_their_own_words_arrive_as_they_are_and_act_on_nothing(bot: RunningBot) -> None:
    boss, anna = await operator(bot), await bot.member("Anna")
    await boss.send("/broadcast")
    await boss.sees("Wählen Sie eine Vorlage")
    await boss.send("first")
    await boss.sees("first")
    said = "Am <b>Samstag</b> & Sonntag {name}\n\nruht der Bot \u202e😀"

    await boss.send(said)
    shown = await boss.sees("Samstag")
    await boss.click("Senden")
    await all_told(bot)

    heard = "Nachricht der Person, die diesen Bot betreibt:\nAm <b>Samstag</b> & Sonntag {name}\n\nruht der Bot 😀"
    assert anna.bot_said() == [heard]
    assert heard in shown.text


async def test_quiet_hours_hold_it_back_unless_it_is_urgent(bot: RunningBot) -> None:
    boss, anna = await operator(bot), await bot.member("Anna")
    await settings(bot, anna, quiet_now())
    await boss.send("/broadcast")
    await boss.click("Vorlage: Arbeiten am Bot")
    assert "bekommt sie danach" in (await boss.sees("Sie geht an 2")).text
    await boss.click("Senden")
    [held] = await until(lambda: alone(bot))
    assert held.next_try_at is not None
    assert anna.bot_said() == []

    bot.parts = replace(bot.parts, now=lambda: utc_now() + broadcasts.PAUSE)
    await bot.restart()
    await boss.send("/broadcast")
    await boss.click("Vorlage: Störung behoben")
    await boss.click("Auch in Ruhezeiten sofort")
    await boss.sees("auch in Ruhezeiten")
    await boss.click("Senden")

    await anna.sees("Die Störung ist vorbei")


async def test_two_in_a_row_are_refused_and_nothing_is_lost(bot: RunningBot) -> None:
    boss = await operator(bot)
    for words in ("one", "two"):
        await boss.send("/broadcast")
        await boss.settled()
        await boss.send(words)
        await boss.sees(words)
        await boss.click("Senden")

    await boss.sees("Minuten geht es wieder")
    await all_told(bot)
    assert len([text for text in boss.bot_said() if text.endswith("betreibt:\ntwo")]) == 0


async def test_what_is_no_text_or_too_long_is_refused_kindly(bot: RunningBot) -> None:
    boss = await operator(bot, language_code="en")
    await boss.send("/broadcast")
    await boss.sees("Choose a template")

    await boss.send_photo()
    await boss.sees("as a plain message")
    await boss.send("x" * 1001)
    await boss.sees("1000 characters at most")
    await boss.click("Do not send")
    left = await boss.sees("nothing was sent")
    await boss.press("1opsend:abcdefgh", message_id=left.id)
    await boss.sees("nothing left to send")

    assert list(await untold(bot)) == []


async def test_who_is_no_operator_any_more_sends_nothing(bot: RunningBot, telegram: Telegram) -> None:
    boss, anna = await operator(bot), await bot.member("Anna")
    await boss.send("/broadcast")
    await boss.sees("Wählen Sie eine Vorlage")
    await boss.send("soon")
    await boss.sees("soon")
    await bot.restart(settings=replace(bot.parts.settings, operators=frozenset()))

    assert "gilt nicht mehr" in (await boss.press("1opurgent:1")).text
    await boss.send("evil")
    await boss.sees("nicht verstanden")

    assert (anna.bot_said(), telegram.calls("sendMessage", chat=anna.id)) == ([], [])
