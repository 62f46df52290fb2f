"""/privacy: what is kept, everything as a file, the mandates taken back."""

import json
from pathlib import Path
from typing import Any

import pytest

from models import bookings, disclosure, mandates, retention, watches
from models.database import Session
from models.watch import WatchState
from rehearsal.telegram.client import Shown, User
from tests.bot.conftest import RunningBot
from tests.bot.privacy_cast import HELD, at_privacy, booked, contact
from tests.models_cast import AUTH_KEY, TO_CONFIRMED

WORDS = {
    "de": ("Ihre Daten", "Alles als Datei", "Einwilligung und Aufträge", "Aufträge zurücknehmen", "Ja, zurücknehmen"),
    "en": (
        "Your data",
        "Everything as a file",
        "Consent and mandates",
        "Take the mandates back",
        "Yes, take them back",
    ),
}


def file_of(user: User, name: str) -> Shown:
    return next(one for one in user.screen() if one.file_name.endswith(name))


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_what_is_kept_is_said_with_its_time(bot: RunningBot, language: str) -> None:
    anna = await bot.member(language_code=language)

    await anna.send("/privacy")

    shown = await anna.sees(WORDS[language][0])
    for days in (retention.KEYS, retention.CONTACTS, retention.NOTICES, retention.EVENTS):
        unit = {"de": "Tage", "en": "days"}[language] if days.days > 1 else {"de": "Tag", "en": "day"}[language]
        assert f"{days.days} {unit}" in shown.text
    assert [len(row) for row in shown.buttons] == [1, 1, 1], "one large button a row"


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_everything_comes_as_a_file_and_the_pictures_too(bot: RunningBot, tmp_path: Path, language: str) -> None:
    anna, theirs = await at_privacy(bot, tmp_path, *TO_CONFIRMED, language=language)

    await anna.click(WORDS[language][1])
    await anna.settled()

    given: dict[str, Any] = json.loads(file_of(anna, ".json").content)
    [person] = given["persons"]
    assert person["contact"]["mail"] == contact("Adelheid").mail
    assert given["telegram_id"] == anna.id
    assert (len(person["watch"]), len(person["booking"]), person["hold"][0]["display_number"]) == (1, 1, "A77")
    assert AUTH_KEY not in json.dumps(given)
    assert file_of(anna, "termin.png").content == b"termin.png"
    assert file_of(anna, "termin.ics").content == b"termin.ics"
    assert str(theirs.booking.office_id) in given["names"]["offices"]


async def test_every_section_of_the_file_is_explained(bot: RunningBot, tmp_path: Path) -> None:
    anna, theirs = await at_privacy(bot, tmp_path, *TO_CONFIRMED)
    await anna.click("Alles als Datei")
    await anna.settled()

    given = json.loads(file_of(anna, ".json").content)

    [explained, *sections] = given
    kept = await bot.act(lambda session: disclosure.export_chat(session, bot.keyring, theirs.chat_id))
    assert set(given[explained]) == {*sections, *kept["persons"][0]}
    assert all(given[explained].values())


async def test_another_chats_people_are_in_nobodys_file(bot: RunningBot, tmp_path: Path) -> None:
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    await booked(bot, anna, tmp_path, *TO_CONFIRMED)
    await bert.send("/privacy")
    await bert.sees("steht noch für niemanden")

    await bert.click("Alles als Datei")
    await bert.settled()

    assert "Zwickelsdorfer" not in file_of(bert, ".json").content.decode()
    assert [one.file_name for one in bert.screen() if one.file_name.endswith(".png")] == []


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_mandates_are_taken_back_without_forgetting_anybody(
    bot: RunningBot, tmp_path: Path, language: str
) -> None:
    _, _, to_consent, to_revoke, yes = WORDS[language]
    anna, held = await at_privacy(bot, tmp_path, *HELD, language=language)
    await anna.click(to_consent)
    shown = await anna.sees("2026-11")
    assert "book in my name" in shown.text
    assert "Adelheid" in shown.text

    await anna.click(to_revoke)
    await anna.click(yes)
    await anna.settled()

    def state(session: Session) -> tuple[object, ...]:
        watch, booking = watches.get(session, held.booking.watch_id), bookings.get(session, held.booking.id)
        valid = mandates.valid(session, held.person_id, now=bot.parts.now())
        return watch.state, watch.ended_reason, booking.cancel_asked_at is not None, valid

    assert await bot.database.read(state) == (WatchState.ENDED, "mandate-revoked", True, None)
    assert await bot.chat(anna) is not None
    await anna.click("1pvhome")
    await anna.click(to_consent)
    await anna.settled()
    assert to_revoke not in str(anna)


async def test_a_confirmed_appointment_stays_when_the_mandate_goes(bot: RunningBot, tmp_path: Path) -> None:
    anna, theirs = await at_privacy(bot, tmp_path, *TO_CONFIRMED)
    await anna.click("Einwilligung und Aufträge")
    await anna.click("Aufträge zurücknehmen")
    await anna.click("Ja, zurücknehmen")

    assert "geht jetzt an die Stadt zurück" not in (await anna.sees("zurückgenommen")).text

    row = await bot.database.read(lambda session: bookings.get(session, theirs.booking.id))
    assert (row.cancel_asked_at, row.screenshot_path != "") == (None, True)
