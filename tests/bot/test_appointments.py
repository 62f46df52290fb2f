"""What is booked: the news of it with all that is needed, the reminders, and /appointments."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.texts import moment
from core.slots import utc_now
from core.visits import Reminder
from models import retention
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told, person_of
from tests.bot.visits_cast import CARD, NUMBER, PASSPORT, booked, catalog, in_days, know, tell, with_files
from tests.models_cast import PASING
from tests.telegram.server import Telegram

SAID = {
    "de": (
        "Der Termin ist gebucht",
        f"Terminnummer: {NUMBER}",
        "Leistung: Personalausweis, Reisepass",
        "Hinweis der Stadt\nEingang B, Zimmer 101.\nBitte <pünktlich>.",
        "Verbindlich steht es auf der Seite der Stadt: Personalausweis, Reisepass",
        "sagen Sie bitte ab",
        "lösche ich nach dem Besuch",
    ),
    "en": (
        "The appointment is booked",
        f"Its number: {NUMBER}",
        "For: Personalausweis, Reisepass",
        "Eingang B, Zimmer 101.",
        "The list that counts is on the City's page",
        "please cancel it",
        "I delete your details",
    ),
}


@pytest.mark.parametrize("language", sorted(SAID))
async def test_the_news_of_a_booking_has_all_that_is_needed(
    bot: RunningBot, telegram: Telegram, tmp_path: Path, language: str
) -> None:
    await know(bot, catalog())
    anna = await bot.member(language_code=language)
    booking = await booked(bot, await person_of(bot, anna), at=in_days(9), services=(PASSPORT, CARD))
    await with_files(bot, booking, tmp_path)

    await tell(bot, booking, "booking.confirmed")
    await all_told(bot)

    text, picture, place, entry = anna.screen()
    assert [one for one in SAID[language] if one not in text.text] == []
    assert "Ruppertstraße 19, 80337 München" in text.text
    assert moment(booking.starts_at, language) in text.text
    assert str(retention.forgotten_by(booking.starts_at).year) in text.text
    assert [one.file_name for one in (picture, entry)] == [f"{booking.id}.png", f"{booking.id}.ics"]
    assert [one.silent for one in (picture, place, entry)] == [False, True, True]
    links = [one["url"] for one in telegram.store.postings[anna.id][0].entities if one["type"] == "text_link"]
    assert links == [
        "https://www.openstreetmap.org/?mlat=48.12000&mlon=11.55000#map=18/48.12000/11.55000",
        "https://stadt.muenchen.de/service/info/1063441",
        "https://stadt.muenchen.de/service/info/1063475",
    ]
    venue = telegram.store.postings[anna.id][2].fields["venue"]
    assert (venue["title"], venue["location"]["latitude"]) == ("Bürgerbüro Ruppertstraße", 48.12)
    assert len(text.buttons) == 3


async def test_before_anybody_knows_the_catalogue_the_news_comes_all_the_same(bot: RunningBot) -> None:
    anna = await bot.member()
    booking = await booked(bot, await person_of(bot, anna), at=in_days(9))

    await tell(bot, booking, "booking.confirmed")

    shown = await anna.sees("Der Termin ist gebucht")
    assert "Stelle 10489" in shown.text
    assert "Seite zur Leistung" in shown.text


@pytest.mark.parametrize(
    ("kind", "words"), [(Reminder.TOMORROW, "Erinnerung an Ihren Termin"), (Reminder.SOON, "Bald ist Ihr Termin")]
)
async def test_a_reminder_takes_the_place_of_the_news_and_says_it_all_again(
    bot: RunningBot, kind: str, words: str
) -> None:
    await know(bot, catalog())
    anna = await bot.member()
    booking = await booked(bot, await person_of(bot, anna), at=in_days(1))
    await tell(bot, booking, "booking.confirmed")
    await anna.sees("Der Termin ist gebucht")

    await tell(bot, booking, str(kind), until=booking.starts_at.isoformat())
    shown = await anna.sees(words)
    await all_told(bot)

    assert (shown.edited, shown.silent) == (False, False)
    assert [one for one in SAID["de"][1:-1] if "Personalausweis" not in one and one not in shown.text] == []
    assert "lösche ich" not in shown.text, "only what is needed on the way"
    assert shown.buttons == (
        ("Unterlagen noch einmal schicken",),
        ("Termin absagen",),
        ("Alle meine Termine",),
    )
    assert "gebucht" not in "".join(anna.bot_said())


async def test_a_reminder_that_comes_too_late_is_not_told(bot: RunningBot) -> None:
    anna = await bot.member()
    booking = await booked(bot, await person_of(bot, anna), at=utc_now() + timedelta(minutes=5))

    await tell(bot, booking, "visit.soon", until=(utc_now() - timedelta(minutes=10)).isoformat())
    await all_told(bot)

    assert anna.bot_said() == []


async def test_the_list_leads_to_an_appointment_and_its_papers(bot: RunningBot, tmp_path: Path) -> None:
    await know(bot, catalog())
    anna = await bot.member(language_code="en")
    person = await person_of(bot, anna)
    later = await booked(bot, person, at=in_days(9), services=(CARD,), office_id=PASING)
    sooner = await booked(bot, person, at=in_days(2))
    await with_files(bot, sooner, tmp_path)

    await anna.send("/appointments")
    listed = await anna.sees("2 appointments are booked")
    assert [row[0] for row in listed.buttons] == [
        f"1. {moment(sooner.starts_at, 'en')}",
        f"2. {moment(later.starts_at, 'en')}",
    ]
    await anna.click("1. ")
    await anna.sees("Ruppertstraße 19")
    await anna.double_click("Send the papers")
    await anna.sees("For your calendar")
    await anna.settled()
    assert sum(one.file_name.endswith(".ics") for one in anna.screen()) == 1

    await anna.click("Back to all")
    await anna.click("2. ")
    shown = await anna.sees("Landsberger")
    assert "Look for an earlier one" in str(shown.buttons)
    assert (await anna.click("Send the papers")).alert, "they are not there, and it says so"


async def test_a_family_sees_whose_it_is_and_nobody_sees_anothers(bot: RunningBot) -> None:
    anna, mallory = await bot.member(), await bot.member("Mallory")
    for name in ("Anna", "Ben"):
        booking = await booked(bot, await person_of(bot, anna, name), at=in_days(len(name)))
    await booked(bot, await person_of(bot, mallory, "Mallory"), at=in_days(8))

    await anna.send("/appointments")
    listed = await anna.sees("2 Termine sind gebucht")
    await anna.click("1. ")
    assert (await anna.sees("Terminnummer")).text.startswith("Für Ben:")
    await mallory.send("/appointments")
    theirs = await mallory.sees("Ein Termin ist gebucht")

    assert ("1. Ben," in listed.text, "Ben" in theirs.text) == (True, False)
    for data in (f"1visit:{booking.id}", f"1papers:{booking.id}", f"1giveback:{booking.id}", f"1gbnow:{booking.id}"):
        assert "gilt nicht mehr" in (await mallory.press(data)).text


async def test_what_is_over_says_until_when_it_is_kept(bot: RunningBot) -> None:
    anna = await bot.member(language_code="en")
    booking = await booked(bot, await person_of(bot, anna), at=utc_now() - timedelta(days=2))

    await anna.send("/appointments")

    shown = await anna.sees("No appointment is booked")
    assert "Over already" in shown.text
    assert moment(booking.starts_at, "en") in shown.text
    assert shown.buttons == ()


async def test_a_button_of_what_is_over_meanwhile_shows_what_is_true(idle_bot: RunningBot) -> None:
    clock = [utc_now()]
    await idle_bot.restart(now=lambda: clock[0])
    anna = await idle_bot.member()
    await booked(idle_bot, await person_of(idle_bot, anna), at=in_days(2))
    await anna.send("/appointments")
    await anna.click("1. ")
    await anna.sees("Terminnummer")

    clock[0] += timedelta(days=3)
    await anna.click("Termin absagen")

    assert "ist vorbei" in (await anna.sees("ist vorbei")).text
