"""One message for each booking: it begins silently, is edited as the row moves, and rings once there is a deadline."""

from datetime import timedelta

import pytest

from core.bookings import BookingState
from core.wishes import Mode
from models import bookings, chats
from models.chat import ChatSettings
from rehearsal.telegram.client import Shown, User
from rehearsal.telegram.faults import broken
from rehearsal.telegram.judging import Refusal
from tests.bot.booking_cast import Clock, Walk, clock, town, walk
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told
from tests.telegram.server import Telegram

__all__ = ["clock", "town"]
STEPS = {
    "de": (
        "Jetzt: Termin bei der Stadt zurücklegen lassen",
        "Erledigt: Termin bei der Stadt zurücklegen lassen",
        "Erledigt: Angaben eintragen",
        "vorgemerkt",
    ),
    "en": ("Now: have the City hold it", "Done: have the City hold it", "Done: enter the details", "is set aside"),
}


async def only(anna: User) -> Shown:
    assert await anna.store.until(lambda: len(anna.screen()) == 1, within=10), f"{anna}"
    return anna.screen()[0]


@pytest.mark.parametrize("language", sorted(STEPS))
async def test_a_booking_is_shown_step_by_step_and_rings_at_the_deadline(
    town: RunningBot, telegram: Telegram, language: str
) -> None:
    holding, held, filled, preconfirmed = STEPS[language]
    anna = await town.member(language_code=language)
    made = await walk(town, anna)

    await made.holds()
    began = await anna.sees(holding)
    assert began.silent
    await made.held()
    assert (await anna.sees(held)).id == began.id
    await made.fills()
    assert (await anna.sees(filled)).id == began.id
    await made.preconfirms()
    shown = await anna.sees(preconfirmed)

    assert (shown.silent, shown.id != began.id) == (False, True), "what has a deadline is heard"
    assert (await only(anna)).id == shown.id
    await made.confirms()
    await anna.sees("S77")
    assert (await only(anna)).id == shown.id
    assert len(telegram.calls("sendMessage", chat=anna.id)) == 2


async def test_what_nobody_has_begun_with_is_not_shown(town: RunningBot, telegram: Telegram) -> None:
    anna = await town.member()
    await walk(town, anna)
    other = await walk(town, anna, first_name="Bert")
    await other.holds()

    await anna.sees("Für Bert:")

    assert len(telegram.calls("sendMessage", chat=anna.id)) == 1


async def test_a_slot_lost_to_others_rings_nowhere(town: RunningBot) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    began = await anna.sees("Jetzt: Termin")

    assert await made.is_lost() == []
    shown = await anna.sees("Jemand anderes war schneller. Ich suche weiter.")
    await all_told(town)

    assert (shown.id, shown.silent) == (began.id, True)
    await only(anna)


async def test_the_next_try_goes_on_in_the_same_message(town: RunningBot) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    await made.held()
    began = await anna.sees("Erledigt: Termin bei der Stadt")

    again = await made.begins_again()
    assert again is not None
    shown = await anna.sees("Jetzt: Termin bei der Stadt")
    await Walk(town, again).holds()
    await Walk(town, again).held()
    await anna.sees("Erledigt: Termin bei der Stadt")

    assert (shown.id, (await only(anna)).id) == (began.id, began.id)


async def test_a_refusal_that_ends_the_search_is_heard(town: RunningBot) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    began = await anna.sees("Jetzt: Termin")

    await made.ends(BookingState.RELEASED, "tooManyAppointmentsWithSameMail", final=True)
    shown = await anna.sees("so viele Termine, wie die Stadt erlaubt. Die Suche ist damit beendet.")

    assert (shown.silent, shown.id != began.id) == (False, True)
    await only(anna)


async def test_in_quiet_hours_the_message_is_true_at_once_and_rings_in_the_morning(
    town: RunningBot, clock: Clock
) -> None:
    anna = await town.member()
    chat = (await town.chat(anna)) or pytest.fail("no chat")
    quiet = ChatSettings.model_validate({"quiet_from": "22:00", "quiet_to": "07:00"})
    await town.act(lambda session: chats.choose(session, chat.id, quiet, now=town.parts.now()))
    clock.goes_on(timedelta(hours=12))
    made = await walk(town, anna)
    await made.holds()
    began = await anna.sees("Jetzt: Termin")

    await made.ends(BookingState.RELEASED, "portal-changed")
    shown = await anna.sees("Die Seite der Stadt hat sich verändert")
    assert (shown.id, shown.silent, shown.edited) == (began.id, True, True)

    clock.goes_on(timedelta(hours=7))
    await all_told(town)
    morning = await only(anna)
    assert (morning.silent, morning.id != began.id) == (False, True)


async def test_a_restart_finds_what_was_shown(town: RunningBot) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    began = await anna.sees("Jetzt: Termin")

    await town.kill()
    await made.held()
    again = await made.begins_again()
    await town.act(lambda session: bookings.move(session, again or 0, BookingState.LOST, now=town.parts.now()))
    await town.start()

    shown = await anna.sees("ging verloren")
    assert shown.id == began.id
    await only(anna)


async def test_the_mailed_link_is_counted_down_also_after_a_reminder(town: RunningBot, clock: Clock) -> None:
    anna = await town.member(language_code="en")
    made = await walk(town, anna)
    await made.to_the_mail()
    first = await anna.sees("30 minutes left.")
    assert "Betreff" not in first.text
    assert "noreply-terminvereinbarung@muenchen.de" in first.text
    assert "Aktivierungslink für Ihren Termin" in first.text

    clock.goes_on(timedelta(minutes=3))

    assert (await anna.sees("27 minutes left.")).id == first.id
    await only(anna)


async def test_a_message_that_was_deleted_is_not_sent_again(town: RunningBot, telegram: Telegram) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    began = await anna.sees("Jetzt: Termin")
    telegram.store.posting(anna.id, began.id, to="edit").deleted = True

    await made.held()
    await made.fills()
    assert await anna.store.until(lambda: telegram.refused("editMessageText"), within=10)
    await made.preconfirms()
    await anna.sees("vorgemerkt")

    assert len(telegram.calls("sendMessage", chat=anna.id)) == 2
    assert len(telegram.refused("editMessageText")) == 1
    telegram.misses.clear()


@pytest.mark.parametrize("trouble", [broken(), Refusal("Bad Request: wrong text")], ids=["away", "rejected"])
async def test_an_edit_that_fails_stops_nothing(town: RunningBot, telegram: Telegram, trouble: Refusal) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    began = await anna.sees("Jetzt: Termin")

    telegram.plan("editMessageText", trouble, chat=anna.id)
    await made.held()
    assert await anna.store.until(lambda: telegram.refused("editMessageText"), within=10)
    await made.fills()

    assert (await anna.sees("Erledigt: Angaben eintragen")).id == began.id
    telegram.misses.clear()


async def test_in_mode_ask_the_offer_takes_the_place_of_the_steps(town: RunningBot) -> None:
    anna = await town.member()
    made = await walk(town, anna, mode=Mode.ASK)
    await made.holds()
    began = await anna.sees("Danach: Sie fragen, ob Sie ihn möchten")
    await made.held()
    await anna.sees("Jetzt: Sie fragen, ob Sie ihn möchten")

    await made.asks()
    shown = await anna.sees("zurückgelegt")

    assert (shown.silent, shown.id != began.id) == (False, True)
    await only(anna)
