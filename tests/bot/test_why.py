"""“Why nothing yet?”: the account of what was seen in plain words, and the one button that makes a wish wider."""

from datetime import time, timedelta

import pytest

from bot import relaxing
from core.bookings import BookingState as S
from core.looks import Answer
from core.relaxations import AddOffice, AddWeekday, AnyHour, DropExcluded
from core.slots import Slot, utc_now
from core.wishes import HourRange, Mode, WishRules
from models import bookings, targets, watches
from models.target import Target
from models.watch import Watch
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import person_of
from tests.bot.watches_cast import DAY, MINUTE, ahead, books, catalog, knows, opened, saw, somebody
from tests.models_cast import ORLEANS, PASING, RUPPERT

NOT_THEN, OTHER = ahead(9), ahead(10)
THAT_DAY = WishRules(hours=(HourRange(start=time.min, end=time.max, weekday=OTHER.local.weekday()),))


async def asks(anna: User) -> None:
    await anna.send("/watches")
    await anna.click("1. Reisepass")
    await anna.click("1swhy")


async def row_of(bot: RunningBot, watch: Watch) -> Watch:
    found: Watch = await bot.database.read(lambda session: watches.get(session, watch.id))
    return found


async def target_of(bot: RunningBot, watch: Watch) -> Target:
    changed = await row_of(bot, watch)
    found: Target = await bot.database.read(lambda session: targets.get(session, changed.target_id))
    return found


WORDS = {
    "de": (
        "3-mal habe ich nachgesehen. Einmal davon konnte ich nichts sehen.",
        "Gesehen habe ich 3 freie Termine",
        "2 passten nicht zu Ihren Vorgaben",
        "• anderer Wochentag oder andere Uhrzeit: 2",
        "• Einer war fort, ehe ich ihn buchen konnte.",
    ),
    "en": (
        "I have looked 3 times. Once I could see nothing.",
        "I saw 3 free appointments",
        "2 did not suit your rules",
        "• another weekday or another hour: 2",
        "• One was gone before I could book it.",
    ),
}


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_everything_that_was_seen_is_accounted_for(bot: RunningBot, language: str) -> None:
    anna, person = await somebody(bot, language)
    mine = await opened(bot, person, rules=THAT_DAY)
    await saw(bot, mine, Answer.FREE, OTHER, NOT_THEN, ahead(9, hour=10), ago=3 * MINUTE)
    await saw(bot, mine, Answer.NONE, ago=2 * MINUTE)
    await saw(bot, mine, Answer.FAILED, ago=MINUTE)

    await asks(anna)

    shown = await anna.sees(WORDS[language][0])
    assert [one for one in WORDS[language] if one not in shown.text] == []
    assert len(anna.bot_said()) == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((), "kein einziges Mal nachgesehen"),
        ((Answer.FAILED,), "konnte aber nichts sehen"),
        ((Answer.FAILED, Answer.CAPTCHA), "2-mal habe ich nachgesehen, konnte aber kein einziges Mal"),
    ],
)
async def test_who_was_blind_does_not_say_that_nothing_was_free(
    bot: RunningBot, answers: tuple[Answer, ...], said: str
) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    for answer in answers:
        await saw(bot, mine, answer, ago=MINUTE)

    await asks(anna)

    shown = await anna.sees(said)
    assert "kein Termin frei" not in shown.text
    assert "keine Beobachtungen" in shown.text


async def test_one_that_saw_nothing_free_says_so(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await saw(bot, mine, Answer.NONE, ago=2 * MINUTE)
    await saw(bot, mine, Answer.NONE, ago=MINUTE)

    await asks(anna)

    await anna.sees("war für diese Leistung kein Termin frei")


async def test_it_is_said_who_was_given_what_suited(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    bert = await bot.member("Bert")
    rival = await opened(bot, await person_of(bot, bert, "Bert"), since=utc_now() - 2 * DAY)
    await saw(bot, mine, Answer.FREE, OTHER, NOT_THEN, ago=3 * MINUTE)
    await books(bot, rival, OTHER, S.HOLDING)
    tried = await books(bot, mine, NOT_THEN, S.HOLDING)
    await bot.act(lambda session: bookings.move(session, tried.id, S.LOST, reason="slot-gone", now=utc_now()))

    await asks(anna)

    shown = await anna.sees("2 passten:")
    assert "• Einen bekam jemand, der hier länger wartet." in shown.text
    assert "vergeblich zu buchen versucht. Jemand anderes war schneller." in shown.text


async def test_who_only_wants_to_know_is_told_why_nothing_was_booked(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person, mode=Mode.NOTIFY)
    await saw(bot, mine, Answer.FREE, OTHER, ago=MINUTE)

    await asks(anna)

    await anna.sees("weil ich Termine nur melden soll")


async def test_one_tap_and_a_yes_make_the_wish_wider(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person, rules=THAT_DAY)
    await saw(bot, mine, Answer.FREE, NOT_THEN, ahead(9, hour=10), ago=2 * MINUTE)
    await asks(anna)

    await anna.click(": 2 Termine mehr")
    asked = await anna.sees("so ändern?")
    assert ("Bisher:" in asked.text, "Künftig:" in asked.text, "2 Termine mehr" in asked.text) == (True, True, True)
    assert (await row_of(bot, mine)).rules == THAT_DAY, "nothing yet"
    await anna.click("Ja, so ändern")
    await anna.sees("Ich suche.")

    changed = await row_of(bot, mine)
    assert {one.weekday for one in changed.rules.hours} == {OTHER.local.weekday(), NOT_THEN.local.weekday()}
    assert changed.since == mine.since
    assert (await target_of(bot, mine)).leased_by.startswith("watch-made"), "looked at once"


async def test_who_says_no_keeps_the_wish(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person, rules=THAT_DAY)
    await saw(bot, mine, Answer.FREE, NOT_THEN, ago=2 * MINUTE)
    await asks(anna)

    await anna.click(": 1 Termin mehr")
    await anna.click("Nein, so lassen")

    await anna.sees("Warum noch nichts?")
    assert (await row_of(bot, mine)).rules == THAT_DAY


async def test_an_office_more_is_looked_at_too(bot: RunningBot) -> None:
    await knows(bot)
    anna, person = await somebody(bot)
    await knows(bot, catalog(captcha_at=[PASING]))
    await bot.restart()
    mine = await opened(bot, person)
    await saw(bot, mine, Answer.FREE, Slot(OTHER.starts_at, PASING), ago=2 * MINUTE)
    await asks(anna)

    await anna.click("Auch Bürgerbüro Pasing: 1 Termin mehr")
    await anna.click("Ja, so ändern")
    await anna.sees("Bürgerbüro Ruppertstraße, Bürgerbüro Pasing")

    target = await target_of(bot, mine)
    assert (target.captcha, target.office_ids) == (True, (RUPPERT, PASING))


async def test_an_office_that_wants_a_telephone_number_is_not_proposed(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    await knows(bot, catalog(phone_at=[ORLEANS]))
    await bot.restart()
    mine = await opened(bot, person)
    await saw(bot, mine, Answer.FREE, Slot(OTHER.starts_at, ORLEANS), ago=2 * MINUTE)

    await asks(anna)

    shown = await anna.sees("keine einzelne Lockerung")
    assert shown.buttons == (("Zurück zur Suche",),)


@pytest.mark.parametrize(
    "forged",
    ["0000000000", "", relaxing.mark(AddOffice(999)), relaxing.mark(DropExcluded(utc_now().date())), "x" * 40],
)
async def test_a_forged_or_outdated_change_changes_nothing(bot: RunningBot, forged: str) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person, rules=THAT_DAY)
    await asks(anna)

    for word in ("srelax", "srelaxok"):
        assert (await anna.press(f"1{word}:{mine.id}:{forged}")).alert

    assert (await row_of(bot, mine)).rules == THAT_DAY


async def test_a_change_of_a_search_that_is_over_changes_nothing(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person, rules=THAT_DAY)
    await asks(anna)
    await bot.act(lambda session: watches.stop(session, mine.id, now=utc_now()))

    answer = await anna.press(f"1srelaxok:{mine.id}:{relaxing.mark(AnyHour())}")

    assert "nicht mehr" in answer.text
    weekday = relaxing.mark(AddWeekday(NOT_THEN.local.weekday()))
    assert (await anna.press(f"1srelaxok:{mine.id}:{weekday}")).alert
    assert (await row_of(bot, mine)).rules == THAT_DAY


async def test_two_taps_on_yes_change_it_once(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    rules = WishRules(hours=(HourRange(start=time(0, 30), end=time(1), weekday=OTHER.local.weekday()),))
    mine = await opened(bot, person, rules=rules)
    await saw(bot, mine, Answer.FREE, OTHER, ago=2 * MINUTE)
    await asks(anna)
    await anna.click("Zu jeder Uhrzeit: 1 Termin mehr")

    await anna.double_click("Ja, so ändern")

    assert (await row_of(bot, mine)).rules.hours[0].end == time.max
    await anna.sees(": jederzeit")
    assert timedelta(0) < utc_now() - mine.since
