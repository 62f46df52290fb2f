"""The outbox over a real Bot API: at least once and told once, in order, within the limits, whatever goes wrong."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.slots import utc_now
from models import bookings, chats
from models.chat import ChatSettings
from models.database import Session
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import (
    all_told,
    alone,
    booking,
    in_an_hour,
    person_of,
    watch,
    write,
)
from tests.jobs_fixtures import until
from tests.telegram.server import Telegram


async def test_a_result_is_told_at_once(bot: RunningBot) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)

    began = asyncio.get_running_loop().time()
    await write(bot, person, "slots.found", about=await watch(bot, person), count=3)
    shown = await anna.sees("3 passende Termine sind frei")

    assert asyncio.get_running_loop().time() - began < 1, "long before the sweep"
    assert "Dienstag, 1. Dezember 2026, 08:30 Uhr" in shown.text
    await all_told(bot)
    assert len(anna.bot_said()) == 1


async def test_without_redis_the_sweep_tells_it(bot: RunningBot) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)
    bot.database._heard = None

    await write(bot, person, "watch.ended", reason="deadline")

    await anna.sees("Die Suche ist beendet")
    await all_told(bot)


async def test_a_booking_is_one_message_edited_in_place_with_its_files(bot: RunningBot, tmp_path: Path) -> None:
    anna = await bot.member(language_code="en")
    person = await person_of(bot, anna)
    row = await booking(bot, person)
    picture, entry = tmp_path / "termin.png", tmp_path / "termin.ics"
    picture.write_bytes(b"a picture")
    entry.write_bytes(b"BEGIN:VCALENDAR")

    await write(bot, person, "booking.preconfirmed", about=row, until=in_an_hour())
    await anna.sees("is set aside")

    def confirmed(session: Session) -> None:
        mine = bookings.get(session, row.id)
        mine.screenshot_path, mine.calendar_path = str(picture), str(entry)

    await bot.act(confirmed)
    await write(bot, person, "booking.confirmed", about=row, number="S12")
    await anna.sees("For your calendar")
    await all_told(bot)

    message, shot, calendar = anna.screen()
    assert (message.edited, "Its number: S12" in message.text) == (True, True)
    assert [(one.file_name, one.content) for one in (shot, calendar)] == [
        ("termin.png", b"a picture"),
        ("termin.ics", b"BEGIN:VCALENDAR"),
    ]


async def test_what_must_be_heard_comes_anew_and_takes_the_place_of_the_old(bot: RunningBot) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)
    row = await booking(bot, person)

    for kind in ("booking.preconfirmed", "booking.reminder", "booking.expired"):
        await write(bot, person, kind, about=row, until=in_an_hour(), final=False, reason="expired")
        await all_told(bot)

    assert await anna.store.until(lambda: len(anna.screen()) == 1, within=10)
    [only] = anna.screen()
    assert (only.edited, "ist verfallen" in only.text) == (False, True)


async def test_news_come_in_the_order_they_were_written(bot: RunningBot, telegram: Telegram) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)
    rows = [await watch(bot, person) for _ in range(5)]
    chat = (await bot.chat(anna)) or pytest.fail("no chat")
    await bot.act(lambda session: chats.choose(session, chat.id, ChatSettings(digest=False), now=utc_now()))
    await bot.keep_limits()

    for number, row in enumerate(rows, start=2):
        await write(bot, person, "slots.found", about=row, count=number)

    texts = await anna.hears(5)
    assert [text[0] for text in texts] == ["2", "3", "4", "5", "6"]
    assert telegram.faults.limits.violations == []


async def test_quiet_hours_hold_back_all_but_what_has_a_deadline(idle_bot: RunningBot) -> None:
    night = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    clock = [night]
    await idle_bot.restart(now=lambda: clock[0])
    anna = await idle_bot.member()
    person = await person_of(idle_bot, anna)
    chat = (await idle_bot.chat(anna)) or pytest.fail("no chat")
    quiet = ChatSettings.model_validate({"quiet_from": "22:00", "quiet_to": "07:00"})
    await idle_bot.act(lambda session: chats.choose(session, chat.id, quiet, now=utc_now()))
    mine, row = await watch(idle_bot, person), await booking(idle_bot, person)

    await write(idle_bot, person, "slots.found", about=mine, count=2)
    await write(idle_bot, person, "booking.offer", about=row, until=(night + timedelta(minutes=9)).isoformat())
    await anna.sees("zurückgelegt")
    [held] = await until(lambda: alone(idle_bot))
    assert (held.kind, held.next_try_at) == ("slots.found", datetime(2026, 11, 25, 6, 0, tzinfo=UTC))
    clock[0] = datetime(2026, 11, 25, 6, 0, 1, tzinfo=UTC)

    await anna.sees("2 passende Termine")
    assert len(anna.bot_said()) == 2


async def test_a_family_hears_who_it_is_about(bot: RunningBot) -> None:
    anna = await bot.member()
    for name in ("Anna", "Ben <i>"):
        person = await person_of(bot, anna, name)
    await write(bot, person, "watch.ended", reason="deadline")

    assert (await anna.sees("beendet")).text.startswith("Für Ben <i>:")


async def test_an_offer_whose_time_is_over_says_so(bot: RunningBot) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)
    row = await booking(bot, person)

    await write(bot, person, "booking.offer", about=row, until=(utc_now() - timedelta(minutes=1)).isoformat())

    assert "schon vorbei" in (await anna.sees("zurückgelegt")).text


async def test_nobody_gets_what_is_somebody_elses(bot: RunningBot, telegram: Telegram) -> None:
    users = [await bot.member(name) for name in ("Anna", "Bert", "Cleo")]
    people = [await person_of(bot, user, user.account.first_name) for user in users]
    for number, person in enumerate(people):
        await write(bot, person, "slots.found", about=await watch(bot, person), count=number + 11)
    await all_told(bot)

    assert [user.bot_said()[0][:2] for user in users] == ["11", "12", "13"]
    assert [len(telegram.calls("sendMessage", chat=user.id)) for user in users] == [1, 1, 1]
