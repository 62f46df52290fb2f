"""Looking for something earlier than what is booked: what is chosen, what is said of it, and what forbids it."""

from datetime import timedelta
from typing import Any

import pytest

from core.bookings import BookingState
from core.caps import Caps
from core.slots import BERLIN, Slot, utc_now
from core.wishes import DayRange, Mode, WishRules
from models import bookings, swaps, watches
from models.booking import Booking
from models.database import Session
from models.mandate import Mandate
from models.watch import Watch, WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told, person_of
from tests.bot.visits_cast import booked, catalog, in_days, know, tell
from tests.jobs_fixtures import messages
from tests.models_cast import PASING, RUPPERT, TO_CONFIRMED, walk

EARLIER = {"de": "Früheren Termin suchen", "en": "Look for an earlier one"}
WEEK_EARLIER = {"de": "Mindestens eine Woche", "en": "At least a week"}
AT_ONCE = {"de": "Gleich buchen", "en": "Book at once"}
YES = {"de": "Ja, so suchen", "en": "Yes, look like that"}
HONEST = {
    "de": (
        "zwei Termine",
        "erst zurück, wenn die Stadt den neuen bestätigt hat",
        "buche ich ihn gleich",
        "Link in der",
    ),
    "en": ("two appointments", "only when the City has confirmed the new one", "I book it at once", "by the link in"),
}


async def told(bot: RunningBot, *, language: str = "de", days: int = 30, **how: Any) -> tuple[User, Booking]:
    await know(bot, how.pop("known", None) or catalog())
    anna = await bot.member(language_code=language)
    booking = await booked(bot, await person_of(bot, anna), at=in_days(days), **how)
    await tell(bot, booking, "booking.confirmed")
    await all_told(bot)
    return anna, booking


def swap(session: Session, booking: Booking) -> Booking:
    """A better one is confirmed in its place."""
    watch = watches.get(session, booking.watch_id)
    watch.state, watch.improves_id = WatchState.OPEN, booking.id
    made = bookings.want(session, watch=watch, slot=Slot(in_days(20), PASING), now=utc_now())
    walk(session, made.id, *TO_CONFIRMED, now=utc_now())
    watch.state, watch.improves_id = WatchState.FULFILLED, None
    return made


async def swapping(bot: RunningBot, booking: Booking) -> list[Watch]:
    return list(await bot.database.read(lambda session: swaps.going_on(session, booking.id)))


@pytest.mark.parametrize("language", sorted(EARLIER))
async def test_four_taps_look_for_something_earlier_with_all_said_before(bot: RunningBot, language: str) -> None:
    rules = WishRules(excluded=frozenset({in_days(3).date()}))
    anna, booking = await told(bot, language=language, offices=(PASING, RUPPERT), rules=rules)

    await anna.click(EARLIER[language])
    await anna.click(WEEK_EARLIER[language])
    await anna.click(AT_ONCE[language])
    summary = await anna.sees(HONEST[language][0])
    assert await swapping(bot, booking) == [], "nothing before the yes"
    await anna.click(YES[language])
    await anna.settled()

    assert [one for one in HONEST[language] if one not in summary.text] == []
    assert "Bürgerbüro Pasing, Bürgerbüro Ruppertstraße" in summary.text
    [watch] = await swapping(bot, booking)
    assert (watch.mode, watch.minimum_gain, watch.rules) == (Mode.AUTO, timedelta(days=7), rules)
    assert (watch.office_ids, watch.person_id) == ((PASING, RUPPERT), booking.person_id)
    assert watch.deadline == booking.starts_at - timedelta(days=7)
    mandate = await bot.database.read(lambda session: session.get_one(Mandate, watch.mandate_id))
    assert HONEST[language][1] in mandate.what
    assert [one.args for one in messages(bot.redis_url, "looking")] == [(watch.target_id,)]
    assert sum(bool(one.text) for one in anna.screen()) == 1, "one message, edited in place"


async def test_it_can_be_ended_and_the_appointment_stays(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    for label in ("Früheren Termin", "Mindestens einen Tag", "Vorher fragen", "Ja, so suchen", "Zurück zum Termin"):
        await anna.click(label)
    assert "Ich suche dafür gerade" in (await anna.sees("Terminnummer")).text

    await anna.click("Früheren Termin")
    assert (await anna.click("Nicht mehr nach früheren")).text == "Die Suche nach einem früheren Termin ist beendet."

    assert "Ich suche dafür" not in (await anna.sees("Terminnummer")).text
    assert await swapping(bot, booking) == []


@pytest.mark.parametrize(
    ("per_mail", "said"),
    [((1, 1), "erlaubt je E-Mail-Adresse nur einen Termin"), ((1, 3), None)],
)
async def test_an_office_that_takes_one_appointment_is_left_out(
    bot: RunningBot, per_mail: tuple[int, int], said: str | None
) -> None:
    anna, booking = await told(bot, known=catalog(per_mail=per_mail))

    await anna.click("Früheren Termin")
    if said is not None:
        await anna.sees(said)
        return
    for label in ("Mindestens drei Tage", "Vorher fragen"):
        await anna.click(label)
    assert "Nicht gesucht wird hier: Bürgerbüro Ruppertstraße" in (await anna.sees("Bitte prüfen Sie")).text
    await anna.click("Ja, so suchen")
    await anna.sees("Ich suche jetzt")

    assert [one.office_ids for one in await swapping(bot, booking)] == [(PASING,)]


async def test_before_anybody_knows_the_catalogue_it_waits(bot: RunningBot) -> None:
    anna = await bot.member()
    booking = await booked(bot, await person_of(bot, anna), at=in_days(30))
    await tell(bot, booking, "booking.confirmed")
    await all_told(bot)

    await anna.click("Früheren Termin")

    await anna.sees("später noch einmal")


async def test_only_gains_that_the_rules_leave_a_day_for_are_offered(bot: RunningBot) -> None:
    booked_on = in_days(10).astimezone(BERLIN).date()
    rules = WishRules(ranges=(DayRange(first=booked_on - timedelta(days=4), last=booked_on),))
    anna, _ = await told(bot, days=10, rules=rules)

    await anna.click("Früheren Termin")

    shown = await anna.sees("Wie viel früher")
    assert [row[0] for row in shown.buttons] == [
        "Mindestens einen Tag früher",
        "Mindestens drei Tage früher",
        "Zurück zum Termin",
    ]


async def test_where_the_rules_leave_no_day_it_says_so(bot: RunningBot) -> None:
    booked_on = in_days(10).astimezone(BERLIN).date()
    anna, _ = await told(bot, days=10, rules=WishRules(ranges=(DayRange(first=booked_on, last=booked_on),)))

    await anna.click("Früheren Termin")

    await anna.sees("keinen Tag mehr, der passt")


@pytest.mark.parametrize("caps", [Caps(swaps=1), Caps(watches_per_person=1)])
async def test_the_caps_are_said_in_words(idle_bot: RunningBot, caps: Caps) -> None:
    await idle_bot.restart(caps=caps)
    anna, booking = await told(idle_bot)

    def used_up(session: Session) -> int:
        """The booking that stands then."""
        if caps.watches_per_person == 1:
            watches.resume(session, booking.watch_id, now=utc_now())
            return booking.id
        better = swap(session, booking)
        bookings.move(session, booking.id, BookingState.CANCELLED, now=utc_now(), reason="replaced")
        return better.id

    standing = await idle_bot.act(used_up)
    await anna.send("/appointments")
    await anna.click("1. ")
    for label in ("Früheren Termin", "Mindestens einen Tag", "Vorher fragen", "Ja, so suchen"):
        if any("getauscht" in said for said in anna.bot_said()):
            break
        await anna.click(label)
        await anna.settled()

    await anna.sees("nur einmal getauscht" if caps.swaps == 1 else "kann nur eine Suche laufen")
    assert await idle_bot.database.read(lambda session: swaps.going_on(session, standing)) == []


@pytest.mark.parametrize("forged", ["1earlyyes:{}:1w:notify", "1earlyyes:{}:1w:auto", "1earlyhow:{}:1w:notify"])
async def test_a_forged_yes_opens_nothing_that_is_not_offered(bot: RunningBot, forged: str) -> None:
    anna, booking = await told(bot, days=3)

    await anna.press(forged.format(booking.id), message_id=anna.screen()[0].id)
    await anna.settled()

    assert await swapping(bot, booking) == []
    assert not any("Fehler" in said for said in anna.bot_said())


async def test_nobody_swaps_anothers_appointment(bot: RunningBot) -> None:
    _, booking = await told(bot)
    mallory = await bot.member("Mallory")
    await mallory.send("/appointments")
    await mallory.sees("kein Termin")

    for data in ("1earlier:{}", "1earlyby:{}:1d", "1earlyhow:{}:1d:ask", "1earlyyes:{}:1d:ask", "1earlyend:{}"):
        assert "gilt nicht mehr" in (await mallory.press(data.format(booking.id))).text

    assert await swapping(bot, booking) == []


async def test_two_yes_open_one_search(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    for label in ("Früheren Termin", "Mindestens einen Tag", "Vorher fragen"):
        await anna.click(label)

    await anna.double_click("Ja, so suchen")
    await anna.press(f"1earlyyes:{booking.id}:3d:ask", message_id=anna.screen()[0].id)
    await anna.settled()

    assert len(await swapping(bot, booking)) == 1


async def test_while_both_stand_the_old_one_says_so(bot: RunningBot) -> None:
    anna, booking = await told(bot)
    await bot.act(lambda session: swap(session, booking))

    await anna.send("/appointments")
    await anna.sees("2 Termine sind gebucht")
    await anna.click("2. ")

    shown = await anna.sees("bestehen beide")
    assert shown.buttons == (("Wie weit ist es?",), ("Zurück zu allen Terminen",))
    await anna.press(f"1earlyyes:{booking.id}:1d:ask", message_id=shown.id)
    await anna.settled()
    assert await swapping(bot, booking) == []
