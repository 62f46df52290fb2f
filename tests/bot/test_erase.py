"""Deleting from the chat: what the City holds is said first and given back, and afterwards nothing is left."""

from pathlib import Path

import pytest

from core.bookings import BookingState
from models import bookings, chats, decisions, erasures
from models.database import Session
from tests.bot.conftest import RunningBot
from tests.bot.privacy_cast import HELD, at_privacy, booked, is_gone, lies_about, moved, waiting_to_be_forgotten
from tests.jobs_fixtures import messages, until
from tests.models_cast import TO_CONFIRMED
from tests.telegram.server import Telegram

NAMES = ("Adelheid", "Zwickelsdorfer", "zwickel.example.org")
WORDS = {
    "de": ("Alles löschen", "Ja, löschen", "Erst absagen, dann löschen", "Nur hier löschen", "Gelöscht."),
    "en": ("Delete everything", "Yes, delete", "Cancel first, then delete", "Delete here only", "Deleted."),
}


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_everything_is_gone_after_two_taps(bot: RunningBot, tmp_path: Path, language: str) -> None:
    erase, yes, *_, done = WORDS[language]
    anna, theirs = await at_privacy(bot, tmp_path, BookingState.LOST, language=language)

    await anna.click(erase)
    await anna.click(yes)

    shown = await anna.sees(done)
    assert shown.buttons == ()
    assert "/start" in shown.text
    assert (await bot.chat(anna), theirs.folder.exists()) == (None, False)
    assert lies_about(tmp_path, *NAMES, str(anna.id)) == []
    left = await bot.database.read(lambda session: chats.get(session, theirs.chat_id))
    assert (left.sealed_id, left.mark, left.consent_at) == (None, None, None)
    await anna.send("/start")
    await anna.sees("Einladungscode" if language == "de" else "invitation code")


async def test_what_the_city_holds_is_said_before(bot: RunningBot, tmp_path: Path) -> None:
    anna, _ = await at_privacy(bot, tmp_path, *TO_CONFIRMED)

    await anna.click("Alles löschen")

    shown = await anna.sees("Bei der Stadt bestehen diese Termine")
    assert "Terminnummer A77" in shown.text
    assert "115" in shown.text
    assert [row[0] for row in shown.buttons] == ["Erst absagen, dann löschen", "Nur hier löschen", "Nicht löschen"]
    await anna.click("Nicht löschen")
    await anna.sees("Ihre Daten")
    assert await bot.chat(anna) is not None


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_here_only_leaves_the_appointment_and_says_so(bot: RunningBot, tmp_path: Path, language: str) -> None:
    erase, _, _, only_here, done = WORDS[language]
    anna, theirs = await at_privacy(bot, tmp_path, *TO_CONFIRMED, language=language)
    await anna.click(erase)

    await anna.click(only_here)

    assert "A77" in (await anna.sees(done)).text
    await is_gone(bot, anna)
    row = await bot.database.read(lambda session: bookings.get(session, theirs.booking.id))
    assert (row.state, row.over_at is not None, row.cancel_asked_at) == (BookingState.CONFIRMED, True, None)
    assert lies_about(tmp_path, *NAMES) == []


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_an_appointment_is_given_back_first_and_a_restart_forgets_nothing(
    bot: RunningBot, tmp_path: Path, language: str
) -> None:
    erase, _, cancel_first, _, done = WORDS[language]
    anna, theirs = await at_privacy(bot, tmp_path, *TO_CONFIRMED, language=language)
    await anna.click(erase)

    await anna.click(cancel_first)
    await anna.settled()

    assert [one.args for one in messages(bot.redis_url, "booking")] == [(theirs.booking.id,)]
    assert await bot.chat(anna) is not None
    await bot.kill()
    await moved(bot, theirs.booking, BookingState.CANCELLED)
    await bot.start()
    await is_gone(bot, anna)
    assert "A77" in (await anna.sees(done)).text
    assert (lies_about(tmp_path, *NAMES), theirs.folder.exists()) == ([], False)


async def test_a_hold_is_released_first_and_then_all_goes_by_itself(bot: RunningBot, tmp_path: Path) -> None:
    anna, theirs = await at_privacy(bot, tmp_path, *HELD)
    await anna.click("Alles löschen")
    assert "reserviert" in (await anna.sees("Das läuft gerade noch")).text

    await anna.click("Ja, löschen")

    waiting = await anna.sees("Ich lösche, sobald nichts mehr läuft")
    assert waiting.buttons == (("Doch nicht löschen",),)
    assert lies_about(tmp_path, "adelheid") == [], "it is sealed"
    await anna.send("/privacy")
    await anna.settled()
    assert "Ich lösche, sobald" in anna.bot_said()[-1]
    await moved(bot, theirs.booking, BookingState.RELEASED)
    await anna.sees("Das hat die Stadt zurückgenommen")
    await is_gone(bot, anna)


async def test_a_wish_to_be_forgotten_can_be_withdrawn(bot: RunningBot, tmp_path: Path) -> None:
    anna, theirs = await waiting_to_be_forgotten(bot, tmp_path)

    await anna.click("Doch nicht löschen")

    await anna.sees("ich lösche nicht")
    await moved(bot, theirs.booking, BookingState.RELEASED)
    assert await bot.database.read(erasures.waiting) == []
    await anna.click("Zurück")
    await anna.sees("Ihre Daten")


async def test_what_the_city_refuses_is_told_and_nothing_is_forgotten(bot: RunningBot, tmp_path: Path) -> None:
    anna, theirs = await at_privacy(bot, tmp_path, *TO_CONFIRMED)
    await anna.click("Alles löschen")
    await anna.click("Erst absagen, dann löschen")
    await anna.sees("Ich lösche, sobald")

    def refuse(session: Session) -> None:
        assert decisions.is_to_cancel(session, theirs.booking.id) == "cancelled-by-person"
        bookings.get(session, theirs.booking.id).cancel_asked_at = None

    await bot.act(refuse)

    await anna.sees("Es ist noch nichts gelöscht")
    assert await bot.chat(anna) is not None
    assert await until(lambda: bot.database.read(lambda session: not erasures.waiting(session)))
    assert await anna.store.until(lambda: not any(one.buttons for one in anna.screen()), within=5)


async def test_one_of_a_family_goes_and_the_others_stay(bot: RunningBot, tmp_path: Path) -> None:
    anna = await bot.member()
    first = await booked(bot, anna, tmp_path, BookingState.LOST)
    second = await booked(bot, anna, tmp_path, BookingState.LOST, name="Bela")
    await anna.send("/privacy")

    await anna.click("Adelheid löschen")
    await anna.click("Ja, löschen")

    await anna.sees("über diese Person gespeichert war, ist fort")
    assert lies_about(tmp_path, "Adelheid") == []
    left = await bot.database.read(lambda session: chats.people_of(session, first.chat_id))
    assert [one.id for one in left] == [second.person_id]
    assert (first.folder.exists(), second.folder.exists()) == (False, True)
    await anna.send("/privacy")
    assert "Bela" in (await anna.sees("Ihre Daten")).text
    assert "Adelheid" not in anna.bot_said()[-1]


async def test_nobody_deletes_a_person_of_another_chat(bot: RunningBot, tmp_path: Path) -> None:
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    theirs = await booked(bot, anna, tmp_path, BookingState.LOST)
    await bert.send("/privacy")
    await bert.sees("Ihre Daten")

    for data in (f"1pverase:{theirs.person_id}", f"1pvdoit:{theirs.person_id}:0", f"1pvundo:{theirs.person_id}"):
        assert "gilt nicht mehr" in (await bert.press(data)).text

    assert [one.id for one in await bot.database.read(lambda session: chats.people_of(session, theirs.chat_id))] == [
        theirs.person_id
    ]


async def test_who_blocked_the_bot_meanwhile_is_forgotten_all_the_same(
    bot: RunningBot, telegram: Telegram, tmp_path: Path
) -> None:
    anna, theirs = await waiting_to_be_forgotten(bot, tmp_path)

    await anna.block()
    await moved(bot, theirs.booking, BookingState.RELEASED)

    await is_gone(bot, anna)
    assert telegram.calls("sendMessage", chat=anna.id) != []


async def test_that_it_is_done_is_said_after_an_outage(bot: RunningBot, telegram: Telegram, tmp_path: Path) -> None:
    anna, theirs = await waiting_to_be_forgotten(bot, tmp_path)

    async with telegram.outage():
        await moved(bot, theirs.booking, BookingState.RELEASED)
        await is_gone(bot, anna)

    await anna.sees("Gelöscht.", within=20)
