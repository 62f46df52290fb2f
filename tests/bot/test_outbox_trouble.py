"""The outbox when Telegram, the person or the process is in the way: nothing lost, order kept, no flood after."""

import asyncio
from pathlib import Path

import pytest

from models import bookings, chats, deliveries, watches
from models.database import Session
from models.watch import WatchState
from rehearsal.telegram.faults import flood
from rehearsal.telegram.judging import Refusal
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import (
    all_told,
    alone,
    booking,
    in_an_hour,
    is_blocked,
    person_of,
    untold,
    watch,
    write,
)
from tests.jobs_fixtures import until
from tests.telegram.server import Telegram


async def test_a_flood_is_waited_out_as_telegram_asks(bot: RunningBot, telegram: Telegram) -> None:
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    people = [await person_of(bot, anna, "Anna"), await person_of(bot, bert, "Bert")]
    telegram.plan("sendMessage", flood(2), chat=anna.id)
    began = asyncio.get_running_loop().time()

    for person in people:
        await write(bot, person, "watch.ended", reason="deadline")
    await bert.sees("beendet")
    others = asyncio.get_running_loop().time() - began
    await anna.sees("beendet")

    assert others < 2 <= asyncio.get_running_loop().time() - began
    assert len(telegram.refused("sendMessage")) == 1


async def test_who_blocked_the_bot_waits_paused_and_hears_it_all_later(bot: RunningBot) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)
    mine = await watch(bot, person)
    anna.account.has_blocked = True

    await write(bot, person, "slots.found", about=mine, count=2)
    await until(lambda: is_blocked(bot, anna))
    paused = await bot.database.read(lambda session: watches.get(session, mine.id))
    assert (paused.state, paused.ended_reason) == (WatchState.PAUSED, "chat-blocked")
    await write(bot, person, "slots.found", about=mine, count=5)
    await anna.unblock()

    await anna.sees("5 passende Termine")
    await all_told(bot)
    assert len(anna.bot_said()) == 1
    assert (await bot.database.read(lambda session: watches.get(session, mine.id))).state is WatchState.OPEN


async def test_a_group_is_followed_to_where_telegram_moved_it(bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Familie", anna)
    here = anna.at(group)
    await here.send(f"/start {await bot.invite()}")
    await here.click("Weiter")
    await here.click("Ja, einverstanden")
    await here.settled()
    person = await person_of(bot, here)
    there = anna.at(telegram.migrate(group))

    await write(bot, person, "watch.ended", reason="deadline")

    await there.sees("beendet")
    await all_told(bot)


async def test_an_outage_loses_nothing_and_is_no_flood_afterwards(bot: RunningBot, telegram: Telegram) -> None:
    await bot.keep_limits()
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    first, second = await person_of(bot, anna, "Anna"), await person_of(bot, bert, "Bert")
    searches, row = [await watch(bot, first) for _ in range(3)], await booking(bot, first)
    async with telegram.outage():
        for number in range(20):
            await write(bot, first, "slots.found", about=searches[number % 3], count=number + 2)
        for kind in ("booking.preconfirmed", "booking.reminder", "booking.expired"):
            await write(bot, first, kind, about=row, until=in_an_hour(), final=False, reason="expired")
        await write(bot, second, "watch.ended", reason="deadline")
        await asyncio.sleep(0.5)  # some tries in vain
        assert len(await untold(bot)) == 24

    await all_told(bot, within=40)

    said = anna.bot_said()
    assert len(said) == 2
    assert [f"{number} passende Termine" in said[0] for number in (19, 20, 21)] == [True] * 3
    assert "ist verfallen" in said[1]
    assert len(bert.bot_said()) == 1
    assert telegram.faults.limits.violations == []


async def test_a_server_that_is_not_telegram_is_an_outage_too(bot: RunningBot, telegram: Telegram) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)
    async with telegram.broken():
        await write(bot, person, "watch.ended", reason="deadline")
        assert await telegram.store.until(lambda: telegram.refused("sendMessage"), within=10) or telegram.refused()

    await anna.sees("beendet")
    await all_told(bot)
    assert len(anna.bot_said()) == 1


async def test_a_kill_between_text_and_files_tells_neither_twice(
    bot: RunningBot, telegram: Telegram, tmp_path: Path
) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)
    row = await booking(bot, person)
    entry = tmp_path / "termin.ics"
    entry.write_bytes(b"BEGIN:VCALENDAR")

    def kept(session: Session) -> None:
        bookings.get(session, row.id).calendar_path = str(entry)

    await bot.act(kept)
    telegram.plan("sendDocument", flood(600))

    await write(bot, person, "booking.confirmed", about=row, number="S12")
    await anna.sees("gebucht")
    assert await telegram.store.until(lambda: telegram.refused("sendDocument"), within=10)
    await bot.kill()
    chat = (await bot.chat(anna)) or pytest.fail("no chat")
    await bot.act(lambda session: deliveries.release(session, chat.id, owner=chats.get(session, chat.id).leased_by))
    await bot.start()

    await anna.sees("Kalender")
    await all_told(bot)
    assert len(anna.bot_said()) == 2


async def test_what_telegram_does_not_take_is_given_up_and_holds_nothing_up(
    bot: RunningBot, telegram: Telegram
) -> None:
    anna = await bot.member()
    person = await person_of(bot, anna)
    telegram.plan("sendMessage", Refusal("Bad Request: strange"))

    await write(bot, person, "watch.ended", reason="deadline")
    await telegram.store.until(lambda: telegram.refused("sendMessage"), within=10)
    await write(bot, person, "watch.ended", reason="mandate")

    await anna.sees("Auftrag ist abgelaufen")
    [later] = await until(lambda: alone(bot))
    assert (later.attempts, later.next_try_at is not None) == (1, True)
    telegram.misses.clear()
