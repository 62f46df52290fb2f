"""Giving an appointment back: asked once more, under way, and gone only when the City says so, with proof."""

from pathlib import Path

import pytest

from core.bookings import BookingState
from core.caps import Caps
from core.slots import utc_now
from models import bookings, decisions, mandates, swaps, watches
from models.booking import Booking
from models.database import Session
from models.watch import WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told, person_of
from tests.bot.visits_cast import CARD, booked, catalog, gone, in_days, know, row_of, tell, with_files
from tests.jobs_fixtures import messages
from workers import queue

WORDS = {
    "de": (
        "Termin absagen",
        "wirklich absagen?",
        "Ja, endgültig absagen",
        "Ich sage diesen Termin gerade",
    ),
    "en": (
        "Cancel the appointment",
        "really want to cancel",
        "Yes, cancel it for good",
        "I am cancelling this",
    ),
}


async def told(bot: RunningBot, *, language: str = "de") -> tuple[User, Booking]:
    """Anna, who has just heard that it is booked."""
    await know(bot, catalog())
    anna = await bot.member(language_code=language)
    booking = await booked(bot, await person_of(bot, anna), at=in_days(5))
    await tell(bot, booking, "booking.confirmed")
    await all_told(bot)
    return anna, booking


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_two_taps_give_it_back_and_the_citys_word_ends_it(bot: RunningBot, tmp_path: Path, language: str) -> None:
    button, sure, yes, under_way = WORDS[language]
    anna, booking = await told(bot, language=language)
    proof = tmp_path / "abgesagt.png"
    proof.write_bytes(b"proof")

    await anna.click(button)
    await anna.sees(sure)
    assert (await row_of(bot, booking)).cancel_asked_at is None, "not before the second tap"
    await anna.click(yes)
    await anna.sees(under_way)
    asked = await row_of(bot, booking)
    assert (asked.state, asked.cancel_asked_at is not None) == (BookingState.CONFIRMED, True)
    assert [one.args for one in messages(bot.redis_url, "booking")] == [(booking.id,)]

    await gone(bot, booking, proof=proof)
    await all_told(bot)

    first, *_, last = anna.screen()
    assert first.edited, "the one message about it"
    assert ("ist abgesagt" in first.text or "is cancelled" in first.text) is True
    assert (last.file_name, last.content) == ("abgesagt.png", b"proof")


async def test_without_a_picture_no_older_one_is_shown_as_proof(bot: RunningBot, tmp_path: Path) -> None:
    anna, booking = await told(bot)
    await with_files(bot, booking, tmp_path)

    await gone(bot, booking, proof=None)
    await anna.sees("Zuletzt bei der Stadt nachgesehen")
    await all_told(bot)

    assert [one.file_name for one in anna.screen() if one.content] == []


async def test_no_keeps_it(bot: RunningBot) -> None:
    anna, booking = await told(bot)

    await anna.click("Termin absagen")
    await anna.click("Nein, behalten")

    shown = await anna.sees("Terminnummer")
    assert "Termin absagen" in str(shown.buttons)
    assert (await row_of(bot, booking)).cancel_asked_at is None
    assert len(anna.screen()) == 2, "the news, in place, and the map"


async def test_without_a_queue_the_wish_stands_in_the_rows(idle_bot: RunningBot) -> None:
    nowhere = queue.connect("redis://127.0.0.1:1/0")
    await idle_bot.restart(queue=nowhere)
    anna, booking = await told(idle_bot)

    await anna.click("Termin absagen")
    await anna.click("Ja, endgültig")

    await anna.sees("Ich sage diesen Termin gerade")
    await anna.settled()
    assert (await row_of(idle_bot, booking)).cancel_asked_at is not None
    assert not any("Fehler" in said for said in anna.bot_said())


async def test_how_far_it_is_can_be_asked_until_it_is_told(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    await bot.act(lambda session: decisions.ask_cancel(session, booking.id, now=utc_now()))

    await tell(bot, booking, "booking.cancel_waits")
    shown = await anna.sees("noch nicht abgesagt")
    assert "Telefonnummer 115" in shown.text
    await all_told(bot)
    await anna.click("Wie weit ist es?")
    await anna.sees("Ich sage diesen Termin gerade")
    await gone(bot, booking, proof=None)
    await anna.sees("ist abgesagt")


@pytest.mark.parametrize(
    ("reason", "said", "buttons"),
    [
        ("appointmentCanNotBeCanceled", "Er besteht also noch", 2),
        ("begun", "Jetzt hat er begonnen", 0),
    ],
)
async def test_a_refusal_says_why_and_what_to_do(bot: RunningBot, reason: str, said: str, buttons: int) -> None:
    anna, booking = await told(bot)

    await tell(bot, booking, "booking.not_cancelled", reason=reason)

    shown = await anna.sees(said)
    assert ("ließ sich nicht absagen" in shown.text, "115" in shown.text) == (True, True)
    assert (len(shown.buttons), shown.edited) == (buttons, False)


async def test_what_was_cancelled_meanwhile_cannot_be_cancelled_again(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    await anna.click("Termin absagen")
    await anna.sees("wirklich absagen?")
    await bot.act(lambda session: bookings.move(session, booking.id, BookingState.CANCELLED, now=utc_now()))

    await anna.click("Ja, endgültig")

    await anna.sees("schon zu Ende")


async def test_giving_it_back_ends_the_search_for_something_earlier(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    await anna.click("Früheren Termin suchen")
    await anna.click("Mindestens einen Tag")
    await anna.click("Vorher fragen")
    await anna.click("Ja, so suchen")
    await anna.click("Zurück zum Termin")

    await anna.click("Termin absagen")
    assert "Suche nach einem früheren" in (await anna.sees("wirklich absagen?")).text
    await anna.click("Ja, endgültig")
    await anna.settled()

    assert await bot.database.read(lambda session: swaps.going_on(session, booking.id)) == []


async def test_the_search_can_be_taken_up_again(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    await gone(bot, booking, proof=None)
    shown = await anna.sees("Ich suche jetzt nicht weiter")
    await all_told(bot)
    assert shown.buttons == (("Wieder einen Termin suchen",), ("Alle meine Termine",))

    await anna.click("Wieder einen Termin suchen")

    await anna.sees("mit denselben Wünschen")
    await anna.settled()
    watch = await bot.database.read(lambda session: watches.get(session, booking.watch_id))
    assert watch.state is WatchState.OPEN
    assert [one.args for one in messages(bot.redis_url, "looking")] == [(watch.target_id,)]


async def test_a_search_that_goes_on_anyhow_needs_no_button(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    await gone(bot, booking, proof=None, searching=True)

    shown = await anna.sees("suche ich weiter")
    assert shown.buttons == (("Alle meine Termine",),)


async def test_a_wish_that_is_over_is_not_taken_up_again(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    await gone(bot, booking, proof=None)
    await anna.sees("Ich suche jetzt nicht weiter")
    await all_told(bot)

    def revoke(session: Session) -> None:
        mandates.revoke(session, watches.get(session, booking.watch_id).mandate_id, now=utc_now())

    await bot.act(revoke)
    await anna.click("Wieder einen Termin suchen")

    await anna.sees("lässt sich nicht wieder aufnehmen")


async def test_the_caps_hold_for_it_too(idle_bot: RunningBot) -> None:
    await idle_bot.restart(caps=Caps(watches_per_person=1))
    anna, booking = await told(idle_bot)
    other = await booked(idle_bot, booking.person_id, at=in_days(20), services=(CARD,))
    await idle_bot.act(lambda session: watches.resume(session, other.watch_id, now=utc_now()))
    await gone(idle_bot, booking, proof=None)
    await anna.sees("Ich suche jetzt nicht weiter")
    await all_told(idle_bot)

    await anna.click("Wieder einen Termin suchen")

    await anna.sees("Für eine Person kann nur eine Suche laufen")


async def test_a_replaced_one_reads_as_replaced(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    row = await row_of(bot, booking)
    await bot.act(
        lambda session: bookings.move(session, row.id, BookingState.CANCELLED, now=utc_now(), reason="replaced")
    )
    await tell(bot, booking, "booking.cancelled", reason="replaced", seen_at=utc_now().isoformat(), proof=False)

    shown = await anna.sees("An seiner Stelle ist jetzt der neue, frühere Termin gebucht")
    assert shown.buttons == (("Alle meine Termine",),)
    assert "Ich suche" not in shown.text
