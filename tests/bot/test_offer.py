"""What is held is offered: where, how long still, yes or no; and every answer that comes too late says so."""

import asyncio
from datetime import timedelta

import pytest

from core.bookings import BookingState
from core.wishes import Mode
from models import chat_messages, deliveries
from models.database import Session
from rehearsal.telegram.client import User
from tests.bot.booking_cast import Clock, Walk, clock, town, walk
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told
from tests.jobs_fixtures import until
from tests.telegram.server import Telegram

__all__ = ["clock", "town"]
MINUTE = timedelta(minutes=1)
WORDS = {
    "de": (
        "zurückgelegt",
        "Noch 10 Minuten.",
        "Ja, bitte buchen",
        "Nein, zurückgeben",
        "Jetzt: Angaben",
        "Nein gesagt",
    ),
    "en": ("is held for you", "10 minutes left.", "Yes, please book it", "No, give it back", "Now: enter", "said no"),
}


async def offered(bot: RunningBot, anna: User) -> Walk:
    made = await walk(bot, anna, mode=Mode.ASK)
    await made.offers()
    await all_told(bot)
    return made


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_yes_is_heard_by_the_worker_and_the_message_goes_on(town: RunningBot, language: str) -> None:
    held, left, yes, no, now, _ = WORDS[language]
    anna = await town.member(language_code=language)
    made = await offered(town, anna)

    shown = await anna.sees(held)
    assert "Ruppertstraße 19, 80337 München" in shown.text
    assert left in shown.text
    assert [row[0] for row in shown.buttons[:2]] == [yes, no]
    assert not shown.silent
    await anna.click(yes)
    await anna.sees(now)

    assert (await made.row()).answered_yes is True
    [only] = anna.screen()
    assert (only.id, only.buttons) == (shown.id, ())


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_no_gives_it_back_and_nothing_rings(town: RunningBot, language: str) -> None:
    *_, no, _, said_no = WORDS[language]
    anna = await town.member(language_code=language)
    made = await offered(town, anna)
    shown = await anna.sees(WORDS[language][0])

    await anna.click(no)
    await anna.sees(said_no)
    assert (await made.row()).answered_yes is False
    await made.ends(BookingState.RELEASED, "declined")
    await all_told(town)

    [only] = anna.screen()
    assert (only.id, only.edited, only.buttons) == (shown.id, True, ())


async def test_the_map_is_a_link_that_only_the_person_opens(town: RunningBot, telegram: Telegram) -> None:
    anna = await town.member()
    await offered(town, anna)
    await anna.sees("zurückgelegt")

    posting = telegram.store.postings[anna.id][-1]
    [link] = [one for row in posting.rows for one in row if "url" in one]
    assert link["text"] == "Auf der Karte zeigen"
    assert link["url"].startswith("https://www.openstreetmap.org/?mlat=48.123100&mlon=11.550100#map=18/")


async def test_time_runs_down_in_the_one_message(town: RunningBot, clock: Clock, telegram: Telegram) -> None:
    anna = await town.member()
    await offered(town, anna)
    shown = await anna.sees("Noch 10 Minuten.")

    for span, said in (
        (MINUTE, "Noch 9 Minuten."),
        (7 * MINUTE, "Noch 2 Minuten."),
        (MINUTE, "Noch 1 Minute."),
        (timedelta(seconds=15), "Noch etwa 45 Sekunden."),
        (timedelta(seconds=14), "Noch etwa 30 Sekunden."),
        (timedelta(seconds=20), "Nur noch ein paar Sekunden."),
        (timedelta(seconds=30), "Die Zeit zum Antworten ist vorbei."),
    ):
        clock.goes_on(span)
        await anna.sees(said)

    [only] = anna.screen()
    assert (only.id, only.buttons) == (shown.id, ())
    assert len(telegram.calls("editMessageText", chat=anna.id)) == 7, "one edit for each step and no more"
    assert len(telegram.calls("sendMessage", chat=anna.id)) == 1


async def test_a_restart_goes_on_counting(town: RunningBot, clock: Clock) -> None:
    anna = await town.member()
    await offered(town, anna)
    shown = await anna.sees("Noch 10 Minuten.")

    await town.kill()
    clock.goes_on(6 * MINUTE)
    await town.start()

    assert (await anna.sees("Noch 4 Minuten.")).id == shown.id
    assert len(anna.screen()) == 1


async def test_a_tap_after_the_end_is_told_so(town: RunningBot, clock: Clock) -> None:
    anna = await town.member()
    made = await offered(town, anna)
    shown = await anna.sees("zurückgelegt")

    clock.goes_on(10 * MINUTE)
    toast = await anna.press(f"1offer:{made.booking_id}:1", message_id=shown.id)

    assert (toast.alert, "zu spät" in toast.text) == (True, True)
    await anna.sees("Die Zeit zum Antworten ist vorbei.")
    assert (await made.row()).answered_yes is None


async def test_a_tap_on_what_has_ended_takes_the_buttons_away(town: RunningBot) -> None:
    anna = await town.member()
    made = await offered(town, anna)
    shown = await anna.sees("zurückgelegt")
    await made.ends(BookingState.RELEASED, "page-lost")

    toast = await anna.press(f"1offer:{made.booking_id}:1", message_id=shown.id)
    await anna.sees("Die Seite, die ihn hielt, ging verloren.")

    assert toast.alert
    assert await anna.store.until(lambda: len(anna.screen()) == 1, within=10)
    assert anna.screen()[0].buttons == ()


async def test_only_the_first_answer_counts(town: RunningBot) -> None:
    anna = await town.member(language_code="en")
    made = await offered(town, anna)
    shown = await anna.sees("is held for you")

    await anna.double_click("Yes, please book it")
    toast = await anna.press(f"1offer:{made.booking_id}:0", message_id=shown.id)

    assert (toast.alert, "your first answer counts" in toast.text) == (True, True)
    assert (await made.row()).answered_yes is True


async def test_a_tap_that_is_quicker_than_telegrams_answer_to_us_counts(town: RunningBot) -> None:
    anna = await town.member()
    made = await offered(town, anna)
    shown = await anna.sees("zurückgelegt")
    chat = (await town.chat(anna)) or pytest.fail("no chat")
    purpose, now = f"booking:{made.booking_id}", town.parts.now()

    def on_its_way(session: Session) -> bool:
        leased = deliveries.lease(session, chat.id, owner="another", until=now + MINUTE, now=now)
        if leased:
            chat_messages.drop(session, chat.id, purpose)
        return leased

    def arrived(session: Session) -> None:
        chat_messages.put_down(session, chat.id, purpose, shown.id, now=now)
        deliveries.release(session, chat.id, owner="another")

    await until(lambda: town.act(on_its_way))
    tap = asyncio.create_task(anna.press(f"1offer:{made.booking_id}:1", message_id=shown.id))
    await asyncio.sleep(0.3)
    assert not tap.done()
    await town.act(arrived)

    assert not (await tap).alert
    assert (await made.row()).answered_yes is True


async def test_nobody_answers_for_others(town: RunningBot) -> None:
    anna, mallory = await town.member(), await town.member("Mallory")
    made, theirs = await offered(town, anna), await offered(town, mallory)
    await mallory.sees("zurückgelegt")

    toast = await mallory.press(f"1offer:{made.booking_id}:0")

    assert "gilt nicht mehr" in toast.text
    assert ((await made.row()).answered_yes, (await theirs.row()).answered_yes) == (None, None)


async def test_silence_is_told_aloud(town: RunningBot, clock: Clock) -> None:
    anna = await town.member()
    made = await offered(town, anna)
    shown = await anna.sees("zurückgelegt")

    clock.goes_on(10 * MINUTE)
    await made.ends(BookingState.RELEASED, "unanswered")
    await anna.sees("Es kam rechtzeitig keine Antwort.")
    await all_told(town)

    assert await anna.store.until(lambda: len(anna.screen()) == 1, within=10)
    [only] = anna.screen()
    assert (only.id != shown.id, only.silent) == (True, False)


async def test_who_stands_for_several_is_told_for_whom(town: RunningBot) -> None:
    anna = await town.member()
    await walk(town, anna, first_name="Bert")

    await offered(town, anna)

    assert "Für Anna:" in (await anna.sees("zurückgelegt")).text
