"""What stands around every conversation: rights, stale and forged buttons, drafts, restarts, and odd input."""

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot import conversations
from bot.rights import Right
from models import chats, drafts
from models.chat import ChatState
from tests.bot.conftest import RunningBot
from tests.bot.diary import DIARY
from tests.models_cast import ADA, NOW, watch_of
from tests.telegram.server import Telegram


@pytest.fixture
async def bot(idle_bot: RunningBot) -> RunningBot:
    idle_bot.more = (DIARY,)
    await idle_bot.start()
    return idle_bot


async def test_half_said_things_survive_a_restart_and_a_kill(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/diary")
    await anna.sees("Pages: none")
    await anna.send("one")
    await anna.sees("Pages: one")

    await bot.restart()
    await anna.send("two")
    await anna.sees("Pages: one, two")
    await anna.settled()
    await bot.kill()
    await anna.send("three")
    await bot.start()

    await anna.sees("Pages: one, two, three")
    await anna.settled()
    assert [one.buttons == () for one in anna.screen() if one.by_bot] == [True, True, True, False]


async def test_an_update_that_comes_again_is_dealt_with_once(bot: RunningBot, telegram: Telegram) -> None:
    anna = await bot.member()
    await anna.send("/diary")
    await anna.sees("Pages: none")
    await anna.send("one")
    await anna.sees("Pages: one")
    await anna.settled()
    await bot.stop()
    again = telegram.store.message(telegram.store.postings[anna.id][2], anna.account)
    last = (await bot.chat(anna)) or pytest.fail("no chat")
    telegram.store.updates.append({"update_id": last.last_update_id, "message": again})

    await bot.start()
    await anna.settled()

    assert anna.bot_said() == ["Pages: none", "Pages: one"]


async def test_cancel_drops_what_was_begun_and_says_so(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/cancel")
    await anna.sees("nichts angefangen")
    await anna.send("/diary")
    old = await anna.sees("Pages: none")

    await anna.send("/cancel")

    await anna.sees("Verworfen: Deutsch.")
    await anna.send("one")
    await anna.sees("nicht verstanden")
    toast = await anna.press("1more", message_id=old.id)
    assert (toast.alert, "gilt nicht mehr" in toast.text) == (True, True)


async def test_a_button_that_was_overtaken_is_stale_and_goes_away(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/diary")
    old = await anna.sees("Pages: none")
    await anna.send("one")
    await anna.sees("Pages: one")

    toast = await anna.press("1more", message_id=old.id)

    assert "gilt nicht mehr" in toast.text
    await anna.settled()
    assert [one.buttons for one in anna.screen() if one.id == old.id] == [()]
    await anna.click("More")
    await anna.sees("Pages: one, tap")


async def test_a_trembling_finger_taps_once_and_a_counter_counts_each(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/diary")

    await anna.double_click("Once")
    await anna.settled()
    assert anna.bot_said() == ["Pages: tap"]
    await anna.double_click("More")
    await anna.settled()

    assert anna.bot_said() == ["Pages: tap, tap, tap"]


@pytest.mark.parametrize(
    "data", ["", "x", "1more:1", "2more", "1nothing", "1person:2", "1watch:1", "1watch:99", "1all", "ü" * 30]
)
async def test_forged_data_opens_nothing(bot: RunningBot, data: str) -> None:
    anna = await bot.member()
    await bot.act(watch_of)
    await anna.send("/diary")
    await anna.sees("Pages: none")

    toast = await anna.press(data or " ")

    assert "gilt nicht mehr" in toast.text
    await anna.settled()
    assert anna.bot_said() == ["Pages: none"]


async def test_what_a_button_names_must_be_the_chats_own(bot: RunningBot) -> None:
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    chat = (await bot.chat(anna)) or pytest.fail("no chat")
    person = await bot.act(lambda session: chats.adopt(session, bot.keyring, chat.id, ADA, now=NOW).id)
    watch = await bot.act(lambda session: watch_of(session, person_id=person).id)
    for one in (anna, bert):
        await one.send("/diary")
        await one.sees("Pages")

    assert (await anna.press(f"1watch:{watch}")).text == "about ['watch_id']"
    assert (await anna.press(f"1person:{person}")).text == "about ['person_id']"
    for data in (f"1watch:{watch}", f"1person:{person}"):
        assert "gilt nicht mehr" in (await bert.press(data)).text


async def test_operators_are_those_the_settings_name(bot: RunningBot) -> None:
    anna, boss = await bot.member("Anna"), await bot.member("Boss")
    await bot.restart(settings=replace(bot.parts.settings, operators=frozenset({boss.id})))

    await boss.send("/all")
    await boss.click("All")
    await anna.send("/all")

    await anna.sees("nicht verstanden")
    await anna.send("/help")
    assert "/all" not in (await anna.sees("/cancel")).text


async def test_what_was_barred_in_the_middle_ends_there(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/diary")
    await anna.sees("Pages")
    chat = (await bot.chat(anna)) or pytest.fail("no chat")
    await bot.act(lambda session: chats.bar(session, chat.id, now=NOW))

    await anna.click("More")
    await anna.send("one")

    await anna.sees("gesperrt")
    assert await bot.act(lambda session: drafts.load(session, bot.keyring, chat.id, "language")) == {"pages": []}


async def test_a_bug_is_a_kind_sentence_with_a_number_and_a_log_without_names(bot: RunningBot) -> None:
    anna = await bot.member()

    with capture_logs() as logged:
        await anna.send("/broken")
        shown = await anna.sees("liegt nicht an Ihnen")

    [failure] = [one for one in logged if one["event"] == "bot.failed"]
    assert failure["number"] in shown.text
    assert failure["error"] == "ZeroDivisionError"
    assert "Anna" not in str(failure)
    assert any("diary.py" in one for one in failure["where"])


async def test_our_own_errors_speak_the_persons_language(bot: RunningBot) -> None:
    anna = await bot.member(language_code="en")
    await anna.send("/diary")
    await anna.sees("Pages")

    await anna.send_photo()

    await anna.sees("Something is missing here.")


async def test_odd_input_gets_a_kind_answer(bot: RunningBot) -> None:
    anna = await bot.member()
    sent = await anna.send("/nosuch")
    await anna.sees("nicht verstanden")
    for send in (anna.send_photo, anna.send_sticker):
        await send()
    await anna.send_location(48.1, 11.6)
    await anna.send_contact("+4989123")
    await anna.forward("from somebody else")
    await anna.send("x" * 4096)
    await anna.send("\u202e\u0000<b>&😀" * 100)
    await anna.send("/")
    await anna.send("/help@another_bot")
    await anna.edit(sent, "/start")
    await anna.hears(10, within=30)

    assert len([text for text in anna.bot_said() if "nicht verstanden" in text]) == 9
    assert "Änderungen an alten Nachrichten" in anna.bot_said()[-1]


async def test_very_long_names_and_right_to_left_ones_are_shown_whole_and_harmless(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/diary")
    await anna.sees("Pages")

    await anna.send("<i>\u05e9\u05dc\u202e</i>")
    await anna.sees("</i>")
    await anna.send("😀" * 2048)
    await anna.hears(3)

    plain, long = anna.bot_said()[1:]
    assert plain == "\u2068Pages: <i>\u05e9\u05dc</i>\u2069"
    assert long.endswith("😀…")


async def test_people_in_a_group_are_left_in_peace(bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    here = anna.at(telegram.group("Familie", anna))

    await here.send("what shall we eat?")
    await here.send(f"/start@mta_test_bot {await bot.invite()}")
    await here.sees("Willkommen")

    assert len(here.bot_said()) == 1


async def test_chats_do_not_wait_for_each_other(bot: RunningBot) -> None:
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    for _ in range(8):
        await anna.send("/help")

    async with asyncio.timeout(4):
        await bert.send("/help")
        await bert.sees("Das verstehe ich")


async def test_who_blocks_the_bot_and_comes_back_is_known(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.block()
    await anna.settled()
    assert ((await bot.chat(anna)) or pytest.fail("no chat")).state is ChatState.BLOCKED

    await anna.unblock()
    await anna.send("/help")

    await anna.sees("Das verstehe ich")
    assert ((await bot.chat(anna)) or pytest.fail("no chat")).state is ChatState.ACTIVE


async def test_a_group_that_telegram_moves_keeps_its_place(bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Familie", anna)
    await anna.at(group).send(f"/start {await bot.invite()}")
    await anna.at(group).sees("Willkommen")
    new = telegram.migrate(group)

    await anna.at(group).send("/start")
    await anna.settled()
    await anna.at(new).send("/start")

    await anna.at(new).sees("Willkommen")
    assert await bot.chat(anna.at(group)) is None


@pytest.mark.usefixtures("bot")
async def test_the_menu_is_written_in_both_languages(telegram: Telegram) -> None:
    done = await telegram.store.until(lambda: "setMyShortDescription:en" in telegram.store.settled, within=10)

    assert done
    commands = {code: telegram.store.settled[f"setMyCommands:{code}"]["commands"] for code in ("", "de", "en")}
    everybodys = [one.name for one in conversations.table().commands.values() if one.right is not Right.OPERATOR]
    assert [one["command"] for one in commands["de"]] == everybodys
    assert commands[""] == commands["en"] != commands["de"]
    assert "nicht" in telegram.store.settled["setMyDescription:de"]["description"].lower()
