"""/watches: searches are paused, taken up again and stopped, and nothing is lost by it."""

import pytest

from core.bookings import BookingState as S
from core.looks import Answer
from core.slots import utc_now
from core.wishes import Mode
from models import bookings, chat_watches, mandates, targets, watches
from models.database import Session
from models.watch import WatchState
from tests.bot.conftest import RunningBot
from tests.bot.watches_cast import ahead, books, opened, saw, somebody, state
from tests.models_cast import LICENCE


async def test_a_search_rests_and_goes_on(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await saw(bot, mine, Answer.NONE)
    await anna.send("/watches")
    await anna.click("1. Reisepass")

    assert "Angehalten" in (await anna.click("Anhalten")).text
    await anna.sees("Ihr Platz in der Reihe bleibt")
    assert await state(bot, mine) is WatchState.PAUSED
    assert "gleich nach" in (await anna.click("Weitersuchen")).text
    await anna.sees("Ich suche.")

    assert await state(bot, mine) is WatchState.OPEN
    target = await bot.database.read(lambda session: targets.get(session, mine.target_id))
    assert target.leased_by == f"watch-made:{mine.target_id}", "the first look was sent at once"


async def test_one_that_rests_because_the_chat_was_blocked_says_so(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await bot.act(lambda session: watches.pause(session, mine.id, reason=chat_watches.UNREACHABLE, now=utc_now()))

    await anna.send("/watches")

    await anna.sees("weil dieser Chat keine Nachrichten annahm")


async def test_stopping_asks_back_and_loses_no_appointment(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    booking = await books(bot, mine, ahead(), S.HOLDING, S.HELD)
    await anna.send("/watches")
    await anna.click("1. Reisepass")

    await anna.click("Beenden")
    asked = await anna.sees("Möchten Sie diese Suche beenden?")
    assert "läuft weiter" in asked.text
    assert await state(bot, mine) is WatchState.OPEN
    await anna.click("Ja, beenden")
    await anna.sees("Von Ihnen beendet")

    assert await state(bot, mine) is WatchState.STOPPED
    [kept] = (await bot.database.read(lambda session: chat_watches.bookings_of(session, [mine.id])))[mine.id]
    assert (kept.id, kept.state) == (booking.id, S.HELD)


@pytest.mark.parametrize(("button", "after"), [("Nein, zurück", WatchState.OPEN), ("Nur anhalten", WatchState.PAUSED)])
async def test_who_thinks_again_stops_nothing(bot: RunningBot, button: str, after: WatchState) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await anna.send("/watches")
    await anna.click("1. Reisepass")
    await anna.click("Beenden")

    await anna.click(button)

    await anna.sees("Den ersten passenden Termin")
    assert await state(bot, mine) is after


async def test_a_button_for_what_is_over_meanwhile_changes_nothing(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await anna.send("/watches")
    await anna.click("1. Reisepass")
    await bot.act(lambda session: watches.end(session, mine.id, reason="deadline", now=utc_now()))

    assert "inzwischen" in (await anna.click("Anhalten")).text
    shown = await anna.sees("Die gesetzte Frist ist abgelaufen")

    assert shown.buttons == (("Zur Liste",),)
    assert await state(bot, mine) is WatchState.ENDED


async def test_what_is_over_stands_in_a_list_of_its_own(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    done, stopped = await opened(bot, person), await opened(bot, person, LICENCE, mode=Mode.ASK)
    await books(bot, done, ahead(), S.HOLDING, S.HELD, S.DETAILED, S.PRECONFIRMED, S.CONFIRMED)

    def over(session: Session) -> None:
        watches.fulfil(session, done.id, now=utc_now())
        watches.stop(session, stopped.id, now=utc_now())

    await bot.act(over)
    await anna.send("/watches")
    await anna.click("2 beendete Suchen")
    shown = await anna.sees("Beendete Suchen")

    assert shown.text.index("Führerschein") < shown.text.index("Reisepass"), "the newest first"
    assert "Gebucht:" in shown.text
    await anna.click("Zur Liste")
    await anna.sees("Zurzeit suche ich nichts")


async def test_when_the_appointment_is_no_more_the_search_can_go_on(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    booking = await books(bot, mine, ahead(), S.HOLDING, S.HELD, S.DETAILED, S.PRECONFIRMED, S.CONFIRMED)

    def cancelled(session: Session) -> None:
        watches.fulfil(session, mine.id, now=utc_now())
        bookings.move(session, booking.id, S.CANCELLED, now=utc_now(), reason="cancelled-by-person")

    await bot.act(cancelled)
    await anna.send("/watches")
    await anna.click("Eine beendete Suche")
    shown = await anna.sees("gibt es nicht mehr")
    await anna.click("Weitersuchen: Reisepass")
    await anna.sees("Ich suche.")

    assert "Gebucht" not in shown.text
    assert await state(bot, mine) is WatchState.OPEN


async def test_what_has_its_appointment_is_not_taken_up_by_a_forged_button(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await books(bot, mine, ahead(), S.HOLDING, S.HELD, S.DETAILED, S.PRECONFIRMED, S.CONFIRMED)
    await bot.act(lambda session: watches.fulfil(session, mine.id, now=utc_now()))
    await anna.send("/watches")
    await anna.sees("/wish")

    await anna.press(f"1sresume:{mine.id}")

    assert await state(bot, mine) is WatchState.FULFILLED


async def test_the_caps_hold_for_what_is_taken_up_again(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await bot.act(lambda session: watches.fulfil(session, mine.id, now=utc_now()))
    for _ in range(bot.parts.caps.watches_per_person):
        await opened(bot, person)
    await anna.send("/watches")
    await anna.click("Eine beendete Suche")

    await anna.click("Weitersuchen: Reisepass")

    await anna.sees("können 5 Suchen")
    assert await state(bot, mine) is WatchState.FULFILLED


async def test_what_was_agreed_to_no_more_is_not_taken_up_again(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)

    def revoked(session: Session) -> None:
        watches.fulfil(session, mine.id, now=utc_now())
        mandates.revoke(session, mine.mandate_id, now=utc_now())

    await bot.act(revoked)
    await anna.send("/watches")
    await anna.click("Eine beendete Suche")
    shown = await anna.sees("gibt es nicht mehr")
    toast = await anna.press(f"1sresume:{mine.id}")

    assert shown.buttons == (("Zur Liste",),)
    assert "inzwischen" in toast.text
    assert await state(bot, mine) is WatchState.FULFILLED
