"""Whom the operator has barred: they see what is kept of them, take it along and delete it, and do nothing else."""

import json
from pathlib import Path

import pytest

from bot import conversations
from bot.handlers import erase, privacy
from bot.rights import Right
from core.bookings import BookingState
from core.slots import utc_now
from models import bookings, chats, decisions, erasures
from models.database import Session
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.privacy_cast import HELD, Booked, booked, contact, is_gone, lies_about, moved
from tests.jobs_fixtures import until
from tests.models_cast import TO_CONFIRMED

WORDS = {
    "de": ("gesperrt", "Ihre Daten", "Alles als Datei", "Alles löschen", "Ja, löschen", "Gelöscht."),
    "en": ("closed this chat", "Your data", "Everything as a file", "Delete everything", "Yes, delete", "Deleted."),
}


async def barred(bot: RunningBot, folder: Path, *states: BookingState, language: str = "de") -> tuple[User, Booked]:
    anna = await bot.member(language_code=language)
    theirs = await booked(bot, anna, folder, *states)
    await bot.act(lambda session: chats.bar(session, theirs.chat_id, now=utc_now()))
    return anna, theirs


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_what_is_kept_can_be_taken_along_and_deleted(bot: RunningBot, tmp_path: Path, language: str) -> None:
    closed, yours, to_export, to_erase, yes, done = WORDS[language]
    anna, _ = await barred(bot, tmp_path, BookingState.LOST, language=language)
    await anna.send("/wish")
    assert "/privacy" in (await anna.sees(closed)).text

    await anna.send("/privacy")
    shown = await anna.sees(yours)
    assert [row[0] for row in shown.buttons] == [to_export, to_erase]
    await anna.click(to_export)
    await anna.settled()
    file = next(one for one in anna.screen() if one.file_name.endswith(".json"))
    assert json.loads(file.content)["persons"][0]["contact"]["mail"] == contact("Adelheid").mail
    await anna.click(to_erase)
    await anna.click(yes)

    await anna.sees(done)
    assert await bot.chat(anna) is None
    assert lies_about(tmp_path, "Zwickelsdorfer", str(anna.id)) == []


@pytest.mark.parametrize("words", ["/watches", "/appointments", "/settings", "/language", "/start", "/help", "Hallo"])
async def test_all_else_stays_closed(bot: RunningBot, tmp_path: Path, words: str) -> None:
    anna, _ = await barred(bot, tmp_path, BookingState.LOST)

    await anna.send(words)

    assert (await anna.sees("gesperrt")).buttons == ()
    assert len(anna.bot_said()) == 1


def test_only_these_taps_and_this_command_are_open_to_them() -> None:
    every = conversations.table()

    assert {one for one in every.taps if one.right is Right.OWN} == {
        erase.Overview, privacy.Export, erase.Ask, erase.Erase, erase.Withdraw,
    }  # fmt: skip
    assert [one.name for one in every.commands.values() if one.right is Right.OWN] == ["privacy"]


async def test_forged_taps_lead_to_the_closed_door(bot: RunningBot, tmp_path: Path) -> None:
    anna, theirs = await barred(bot, tmp_path, BookingState.LOST)
    bert = await bot.member("Bert")
    his = await booked(bot, bert, tmp_path, BookingState.LOST, name="Bertram")
    await anna.send("/privacy")
    await anna.sees("Ihre Daten")

    assert (await anna.press(f"1pvdoit:{his.person_id}:0")).alert
    assert (await anna.press(f"1pverase:{his.person_id}")).alert
    await anna.press(f"1sresume:{theirs.booking.watch_id}")

    await anna.sees("gesperrt")
    assert await bot.act(lambda session: chats.stands_for(session, his.chat_id, his.person_id))
    assert await bot.act(lambda session: erasures.of_chat(session, his.chat_id)) == []


async def test_what_is_under_way_is_given_back_first(bot: RunningBot, tmp_path: Path) -> None:
    anna, theirs = await barred(bot, tmp_path, *HELD)
    await anna.send("/privacy")
    await anna.click("Alles löschen")
    await anna.click("Ja, löschen")
    await anna.sees("Ich lösche, sobald")

    await moved(bot, theirs.booking, BookingState.RELEASED)

    await is_gone(bot, anna)
    await anna.sees("Gelöscht.")


async def test_who_thinks_again_is_promised_no_new_wishes(bot: RunningBot, tmp_path: Path) -> None:
    anna, _ = await barred(bot, tmp_path, *HELD)
    await anna.send("/privacy")
    await anna.click("Alles löschen")
    await anna.click("Ja, löschen")

    await anna.click("Doch nicht löschen")

    assert "Wünsche" not in (await anna.sees("Gut, ich lösche nicht")).text


async def test_no_reason_is_promised_that_nobody_writes_to_them(bot: RunningBot, tmp_path: Path) -> None:
    anna, theirs = await barred(bot, tmp_path, *TO_CONFIRMED)
    await anna.send("/privacy")
    await anna.click("Alles löschen")
    await anna.click("Erst absagen, dann löschen")
    await anna.sees("Ich lösche, sobald")

    def refuse(session: Session) -> None:
        assert decisions.is_to_cancel(session, theirs.booking.id) == "cancelled-by-person"
        bookings.get(session, theirs.booking.id).cancel_asked_at = None

    await bot.act(refuse)

    assert "geschrieben" not in (await anna.sees("Es ist noch nichts gelöscht")).text
    await until(lambda: bot.database.read(lambda session: not erasures.waiting(session)))
