"""News that turns a message silently, since papers come with it: it is heard all the same, and once only."""

from pathlib import Path

import pytest

from models import bookings, chats, deliveries
from models.booking import Booking
from models.database import Session
from rehearsal.telegram.client import User
from rehearsal.telegram.faults import flood
from rehearsal.telegram.judging import Refusal
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told, booking, in_an_hour, person_of, untold, write
from tests.bot.visits_cast import booked, catalog, in_days, know, tell
from tests.telegram.server import Telegram

REFUSED = Refusal("Bad Request: file must be non-empty")


async def waiting(bot: RunningBot, user: User) -> tuple[int, Booking]:
    """Somebody's booking that waits for the link, and whose message says so; with their number."""
    person = await person_of(bot, user)
    row = await booking(bot, person)
    await write(bot, person, "booking.preconfirmed", about=row, until=in_an_hour())
    await user.sees("vorgemerkt")
    await all_told(bot)
    return person, row


async def keeps(bot: RunningBot, row: Booking, *, picture: Path | None = None, calendar: Path | None = None) -> None:
    for path in (picture, calendar):
        if path is not None:
            path.write_bytes(b"kept")

    def keep(session: Session) -> None:
        mine = bookings.get(session, row.id)
        mine.screenshot_path, mine.calendar_path = str(picture or ""), str(calendar or "")

    await bot.act(keep)


async def is_started_again(bot: RunningBot, user: User) -> None:
    await bot.kill()
    chat = (await bot.chat(user)) or pytest.fail("no chat")
    await bot.act(lambda session: deliveries.release(session, chat.id, owner=chats.get(session, chat.id).leased_by))
    await bot.start()


def sent(telegram: Telegram, user: User) -> int:
    return len(telegram.calls("sendMessage", chat=user.id))


@pytest.mark.parametrize(
    ("kind", "words"), [("booking.confirmed", "Der Termin ist gebucht"), ("booking.cancelled", "ist abgesagt")]
)
async def test_without_papers_it_comes_as_a_new_message_aloud(
    bot: RunningBot, telegram: Telegram, kind: str, words: str
) -> None:
    anna = await bot.member()
    person, row = await waiting(bot, anna)
    [before] = anna.screen()

    await write(bot, person, kind, about=row, number="S12", reason="cancelled-by-person")
    shown = await anna.sees(words)
    await all_told(bot)

    assert (shown.silent, shown.edited, shown.id != before.id) == (False, False, True)
    assert [one.id for one in anna.screen()] == [shown.id], "one message about it"
    assert telegram.calls("editMessageText", chat=anna.id) == [], "it is not turned first"


@pytest.mark.parametrize("gone", [True, False])
async def test_papers_that_cannot_be_read_are_as_none(bot: RunningBot, tmp_path: Path, *, gone: bool) -> None:
    anna = await bot.member()
    person, row = await waiting(bot, anna)
    picture = tmp_path / "termin.png"
    await keeps(bot, row, picture=picture)
    if gone:
        picture.unlink()
    else:
        picture.write_bytes(b"")

    await write(bot, person, "booking.confirmed", about=row, number="S12")
    shown = await anna.sees("Der Termin ist gebucht")
    await all_told(bot)

    assert (shown.silent, shown.edited) == (False, False)


async def test_papers_that_telegram_does_not_take_make_it_come_aloud_after_all(
    bot: RunningBot, telegram: Telegram, tmp_path: Path
) -> None:
    anna = await bot.member()
    person, row = await waiting(bot, anna)
    await keeps(bot, row, picture=tmp_path / "termin.png", calendar=tmp_path / "termin.ics")
    for method, times in (("sendPhoto", 1), ("sendDocument", 2)):
        for _ in range(times):
            telegram.plan(method, REFUSED)

    await write(bot, person, "booking.confirmed", about=row, number="S12")
    await all_told(bot)

    [shown] = anna.screen()
    assert "Der Termin ist gebucht" in shown.text
    assert (shown.silent, shown.edited) == (False, False)
    telegram.misses.clear()


async def test_the_first_paper_that_is_taken_rings(bot: RunningBot, telegram: Telegram, tmp_path: Path) -> None:
    await know(bot, catalog())
    anna = await bot.member()
    row = await booked(bot, await person_of(bot, anna), at=in_days(9))
    await keeps(bot, row, calendar=tmp_path / "termin.ics")
    await tell(bot, row, "booking.preconfirmed", until=in_an_hour())
    await anna.sees("vorgemerkt")
    telegram.plan("sendVenue", Refusal("Bad Request: venue is strange"))

    await tell(bot, row, "booking.confirmed")
    await all_told(bot)

    message, entry = anna.screen()
    assert (message.edited, entry.file_name, entry.silent) == (True, "termin.ics", False)
    telegram.misses.clear()


async def test_a_kill_after_it_was_told_aloud_does_not_tell_it_again(bot: RunningBot, telegram: Telegram) -> None:
    anna = await bot.member()
    person, row = await waiting(bot, anna)
    telegram.plan("deleteMessage", flood(600))

    await write(bot, person, "booking.confirmed", about=row, number="S12")
    await anna.sees("Der Termin ist gebucht")
    assert await telegram.store.until(lambda: telegram.refused("deleteMessage"), within=10)
    before = sent(telegram, anna)
    await is_started_again(bot, anna)
    await all_told(bot)

    assert (sent(telegram, anna), await untold(bot)) == (before, [])


async def test_a_kill_before_papers_that_are_lost_then_makes_it_heard_once(
    bot: RunningBot, telegram: Telegram, tmp_path: Path
) -> None:
    anna = await bot.member()
    person, row = await waiting(bot, anna)
    entry = tmp_path / "termin.ics"
    await keeps(bot, row, calendar=entry)
    telegram.plan("sendDocument", flood(600))
    before = sent(telegram, anna)

    await write(bot, person, "booking.confirmed", about=row, number="S12")
    assert (await anna.sees("Der Termin ist gebucht")).edited
    assert await telegram.store.until(lambda: telegram.refused("sendDocument"), within=10)
    entry.unlink()
    await is_started_again(bot, anna)
    await all_told(bot)

    [shown] = anna.screen()
    assert (shown.silent, shown.edited, sent(telegram, anna)) == (False, False, before + 1)
