"""The operator in chat: how everything stands, and the kill switch."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.looks import Answer
from core.slots import utc_now
from models import halting, halts, lanes, looks, targets
from models.chat import Role
from models.database import Session
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.operator_cast import OPERATOR_COMMANDS, operator
from tests.bot.outbox_cast import person_of, watch
from tests.bot.privacy_cast import HELD, booked
from tests.models_cast import LICENCE, PASSPORT, looked
from tests.telegram.server import Telegram

STATUS = {
    "de": ("Stand um", "Ausgang main: offen", "0 von 60 gestellt", "Redis antwortet.", "Neu laden", "Einzeln ansehen"),
    "en": ("State at", "Lane main: open", "0 of 60 made", "Redis answers.", "Refresh", "One by one"),
}


@pytest.mark.parametrize("language", sorted(STATUS))
async def test_everything_stands_on_one_screen(bot: RunningBot, tmp_path: Path, language: str) -> None:
    title, lane, budget, redis, refresh, one_by_one = STATUS[language]
    boss, anna = await operator(bot, language_code=language), await bot.member("Anna")
    theirs = await booked(bot, anna, tmp_path, *HELD)

    def look(session: Session) -> None:
        looks.record(session, theirs.booking.target_id, "main", looked(Answer.NONE, at=utc_now() - timedelta(hours=2)))

    await bot.act(look)

    await boss.send("/status")

    shown = await boss.sees(title)
    for words in (lane, budget, redis, str(theirs.booking.id)):
        assert words in shown.text
    assert "Adelheid" not in shown.text
    await boss.click(one_by_one)
    assert "Reisepass" in (await boss.sees({"de": "2 Stunden", "en": "2 hours"}[language])).text
    await boss.click(refresh)
    await boss.settled()
    assert len(boss.bot_said()) == 1, "the same message each time"


async def test_trouble_is_told_with_its_end(bot: RunningBot) -> None:
    boss = await operator(bot)
    person = await person_of(bot, boss)
    target_id = (await watch(bot, person)).target_id

    def close(session: Session) -> None:
        lane = lanes.ensure(session, "main")
        lane.trouble, lane.trouble_count, lane.breaker_until = "blocked", 1, utc_now() + timedelta(hours=1)
        target = targets.get(session, target_id)
        target.blind_since, target.blind_count = utc_now(), 3

    await bot.act(close)

    await boss.send("/status")

    shown = await boss.sees("ruht bis")
    assert "gesperrt" in shown.text
    assert "davon blind: 1" in shown.text
    await boss.click("Einzeln ansehen")
    await boss.sees("3-mal")


async def test_without_redis_that_is_what_is_said(bot: RunningBot) -> None:
    boss = await operator(bot)
    bot.parts.queue.broker.client.connection_pool.disconnect()
    bot.parts.queue.broker.client.connection_pool.connection_kwargs["path"] = "/nowhere"

    await boss.send("/status")

    shown = await boss.sees("Redis antwortet nicht")
    assert "unbekannt" in shown.text


async def test_many_targets_are_paged(bot: RunningBot) -> None:
    boss = await operator(bot)
    person = await person_of(bot, boss)

    def many(session: Session) -> None:
        made = [targets.join(session, [PASSPORT.__class__(9000 + number)], captcha=False) for number in range(30)]
        for one in made:
            one.next_look_at = utc_now()

    await watch(bot, person)
    await bot.act(many)
    await boss.send("/status")
    await boss.click("Einzeln ansehen")
    await boss.sees("Seite 1 von 3")
    await boss.click("Weiter")
    await boss.sees("Seite 2 von 3")
    await boss.click("Weiter")

    shown = await boss.sees("Seite 3 von 3")

    assert "Weiter" not in str(shown.buttons)


async def test_all_lanes_are_paused_and_go_on_again(bot: RunningBot) -> None:
    boss = await operator(bot)
    await bot.act(lambda session: lanes.ensure(session, "other"))

    await boss.send("/pause")
    await boss.click("Alles anhalten")
    await boss.sees("bis Sie mit /resume fortfahren")
    await boss.click("Ja, anhalten")
    await boss.sees("Alles ist angehalten")

    def paused(session: Session) -> list[bool]:
        return [one.paused for one in lanes.list(session)]

    assert await bot.database.read(paused) == [True, True]
    await boss.send("/resume")
    await boss.click("Alles weiter")
    await boss.sees("Es wird wieder nachgesehen")
    assert await bot.database.read(paused) == [False, False]


@pytest.mark.parametrize(
    ("asked", "label", "service_id"),
    [
        ("/pause", "Reisepass", PASSPORT.service_id),
        ("/pause führerschein", "Führerschein abholen", LICENCE.service_id),
    ],
)
async def test_one_service_rests_by_button_or_by_words(
    bot: RunningBot, asked: str, label: str, service_id: int
) -> None:
    boss = await operator(bot)
    await watch(bot, await person_of(bot, boss))

    await boss.send(asked)
    await boss.click(label)
    await boss.click("Ja, anhalten")
    await boss.sees(f"Angehalten: {label}")

    [halt] = await bot.database.read(halts.list)
    chat = (await bot.chat(boss)) or pytest.fail("no chat")
    assert (halt.service_id, await bot.database.read(lambda session: halting.whose(session, halt))) == (
        service_id,
        f"chat {chat.id}",
    )
    await boss.send("/status")
    await boss.sees("Einzelne Leistungen")
    await boss.send("/resume")
    await boss.click(label)
    await boss.sees(f"wieder nachgesehen: {label}")
    assert list(await bot.database.read(halts.list)) == []


async def test_what_no_service_is_called_is_said(bot: RunningBot) -> None:
    boss = await operator(bot, language_code="en")

    await boss.send("/pause <b>xyz")
    await boss.sees("No service fits “<b>xyz”")
    await boss.click("No")
    await boss.sees("stays as it is")
    await boss.send("/resume")
    await boss.sees("Nothing is paused")
    await boss.send("/pause")
    await boss.click("Pause everything")
    assert "out of date" in (await boss.press("1oppause:99:1")).text

    assert list(await bot.database.read(halts.list)) == []


@pytest.mark.parametrize("command", OPERATOR_COMMANDS)
async def test_nobody_else_learns_that_it_exists(bot: RunningBot, telegram: Telegram, command: str) -> None:
    anna, stranger = await bot.member("Anna"), telegram.user("Mallory")

    for one, heard in ((anna, "nicht verstanden"), (stranger, "Einladungscode")):
        await one.send(command)
        await one.sees(heard)
        await one.send("/help")
        await one.settled()
        assert command not in " ".join(one.bot_said())


async def test_in_a_group_nobody_is_an_operator(bot: RunningBot, telegram: Telegram) -> None:
    boss = await operator(bot)
    group = telegram.group("Familie", boss)
    here = boss.at(group)
    await here.send(f"/start {await bot.invite()}")
    await here.click("Weiter")
    await here.click("Ja, einverstanden")

    await here.send("/status")

    await here.sees("nicht verstanden")


async def test_an_operators_code_makes_no_operators_of_a_group(bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    here = anna.at(telegram.group("Familie", anna))
    code = await bot.invite(role=Role.OPERATOR, uses=1)

    await here.send(f"/start {code}")
    await here.sees("Dieser Code gilt nicht")
    await anna.send(code)

    await anna.sees("Willkommen")
    chat = await bot.chat(anna)
    assert chat is not None
    assert chat.role is Role.OPERATOR


async def menu_of(telegram: Telegram, user: User) -> list[str]:
    key = f"setMyCommands:de@{user.id}"
    assert await telegram.store.until(lambda: key in telegram.store.settled, within=10)
    return [one["command"] for one in telegram.store.settled[key]["commands"]]


async def test_the_menu_of_operators_alone_has_their_commands(bot: RunningBot, telegram: Telegram) -> None:
    boss = await operator(bot)

    assert {f"/{one}" for one in await menu_of(telegram, boss)} >= set(OPERATOR_COMMANDS)
    everybody = [one["command"] for one in telegram.store.settled["setMyCommands:de"]["commands"]]
    assert not {f"/{one}" for one in everybody} & set(OPERATOR_COMMANDS)


async def test_who_comes_in_as_an_operator_gets_their_menu_and_who_is_none_any_more_loses_it(
    bot: RunningBot, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.profile.OPERATORS_EVERY", timedelta(milliseconds=50))
    await bot.restart()
    anna = telegram.user("Anna")
    await anna.send(await bot.invite(role=Role.OPERATOR))
    await anna.click("Weiter")
    await anna.click("Ja, einverstanden")

    assert "status" in await menu_of(telegram, anna)
    await anna.send("/privacy")
    await anna.click("Alles löschen")
    await anna.click("Ja, löschen")
    await anna.sees("Gelöscht.")

    def is_gone() -> bool:
        return f"setMyCommands:de@{anna.id}" not in telegram.store.settled

    assert await telegram.store.until(is_gone, within=10)
