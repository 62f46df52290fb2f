"""/watches: every search of a chat, how it stands, and how it is told, in both languages."""

from datetime import datetime, timedelta

import pytest

from core.bookings import BookingState as S
from core.looks import Answer
from core.quiet import QuietHours
from core.quiet import parse as quiet_hours
from core.services import ServiceCount
from core.slots import BERLIN, utc_now
from models import lanes, watches
from models.watch import WatchState
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import person_of
from tests.bot.watches_cast import DAY, MINUTE, ahead, books, opened, saw, somebody, state
from tests.models_cast import LICENCE, PASSPORT

WORDS = {
    "de": ("Ich suche.", "Zuletzt gesehen, was die Stadt anbietet: vor", "jede Stelle", "Zur Liste"),
    "en": ("I am looking.", "Last seen what the City offers:", "any office", "To the list"),
}


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_a_search_is_told_in_words_and_back_again(bot: RunningBot, language: str) -> None:
    looking, seen, anywhere, back = WORDS[language]
    anna, person = await somebody(bot, language)
    mine = await opened(bot, person, ServiceCount(PASSPORT.service_id, 2), office_ids=())
    await saw(bot, mine, Answer.NONE, ago=timedelta(seconds=40))

    await anna.send("/watches")
    listed = await anna.sees("1. Reisepass (2")
    await anna.click("1. Reisepass (2")
    detail = await anna.sees(anywhere)

    assert looking in listed.text
    assert seen in listed.text
    assert "Sekunden" in detail.text or "seconds" in detail.text
    assert detail.id == listed.id, "one message, edited"
    await anna.click(back)
    assert (await anna.sees("1. Reisepass (2")).id == listed.id
    assert len(anna.bot_said()) == 1


@pytest.mark.parametrize(
    ("language", "button", "asks"), [("de", "Neuer Wunsch", "Für wen"), ("en", "New wish", "Whom")]
)
async def test_who_looks_for_nothing_begins_with_a_tap(bot: RunningBot, language: str, button: str, asks: str) -> None:
    anna, _ = await somebody(bot, language)

    await anna.send("/watches")
    shown = await anna.sees("/wish")
    assert shown.buttons == ((button,),)
    await anna.click(button)

    assert (await anna.sees(asks)).id == shown.id, "one message, edited"


async def test_who_looks_for_something_can_begin_another_wish(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    await opened(bot, person)

    await anna.send("/watches")
    await anna.click("Neuer Wunsch")

    await anna.sees("Für wen")


async def test_a_family_sees_whom_each_search_is_for_and_nobody_elses(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    ben = await person_of(bot, anna, "Ben")
    await opened(bot, person)
    await opened(bot, ben, LICENCE)
    stranger = await bot.member("Mallory")
    theirs = await opened(bot, await person_of(bot, stranger, "Mallory"))

    await anna.send("/watches")
    shown = await anna.sees("Ihre Suchen")

    labels = ["1. Reisepass (für Anna)", "2. Führerschein (für Ben)"]
    assert [row[0] for row in shown.buttons[:2]] == labels
    assert (await anna.press(f"1sshow:{theirs.id}")).alert, "stale"
    assert (await anna.press(f"1sstopyes:{theirs.id}")).alert
    assert await state(bot, theirs) is WatchState.OPEN


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer.FAILED, "Die Seite der Stadt antwortet nicht."),
        (Answer.THROTTLED, "Die Stadt bittet zu warten"),
        (Answer.CAPTCHA, "die nur ein Mensch geben kann"),
    ],
)
async def test_who_is_blind_is_told_since_when_and_why(bot: RunningBot, answer: Answer, why: str) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await saw(bot, mine, Answer.NONE, ago=30 * MINUTE)
    await saw(bot, mine, answer, ago=20 * MINUTE)

    await anna.send("/watches")
    shown = await anna.sees("sehe ich nichts")

    assert why in shown.text
    assert "vor 30 Minuten" in shown.text
    assert "kein Termin frei" not in shown.text


async def test_it_is_said_when_the_operator_paused_the_looking(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    await saw(bot, mine, Answer.NONE, ago=MINUTE)
    await bot.act(lambda session: lanes.pause(session, "main") and None)

    await anna.send("/watches")
    await anna.click("1. Reisepass")

    await anna.sees("weil die Person, die den Bot betreibt, es angehalten hat")


async def test_in_the_operators_quiet_hours_no_look_is_promised(idle_bot: RunningBot) -> None:
    now = utc_now()
    around: QuietHours = quiet_hours(f"{_clock(now - 60 * MINUTE)}-{_clock(now + 120 * MINUTE)}")
    await idle_bot.restart(quiet_hours=around)
    anna, person = await somebody(idle_bot)
    await saw(idle_bot, await opened(idle_bot, person), Answer.NONE)

    await anna.send("/watches")
    await anna.click("1. Reisepass")

    assert "Nächster Blick" not in (await anna.sees("ruht das Nachsehen")).text


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(BERLIN):%H:%M}"


@pytest.mark.parametrize(
    ("states", "columns", "said"),
    [
        ((), {}, "wird gerade angefordert"),
        ((S.HOLDING,), {}, "wird gerade bei der Stadt reserviert"),
        ((S.HOLDING, S.HELD), {"deadline_at": 14}, "So lange hält die Stadt ihn"),
        ((S.HOLDING, S.HELD), {"offered_until": 9}, "Bitte antworten Sie bis"),
        ((S.HOLDING, S.HELD, S.DETAILED), {}, "wird gerade vorgemerkt"),
        ((S.HOLDING, S.HELD, S.DETAILED, S.PRECONFIRMED), {"deadline_at": 29}, "muss bis"),
        ((S.HOLDING, S.HELD, S.DETAILED, S.PRECONFIRMED), {"deadline_at": -1}, "Die Frist dafür ist um"),
    ],
    ids=str,
)
async def test_a_booking_under_way_is_told_with_its_time(
    bot: RunningBot, states: tuple[S, ...], columns: dict[str, int], said: str
) -> None:
    anna, person = await somebody(bot)
    mine = await opened(bot, person)
    until = {name: utc_now() + minutes * MINUTE for name, minutes in columns.items()}
    await books(bot, mine, ahead(), *states, **until)

    await anna.send("/watches")
    shown = await anna.sees("Bürgerbüro Ruppertstraße")

    assert said in shown.text
    assert "Gebucht" not in shown.text, "the City has not said so"


async def test_many_searches_are_turned_like_pages(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    ben = await person_of(bot, anna, "Ben")
    for whom in (person, ben) * 4:
        await opened(bot, whom)

    await anna.send("/watches")
    first = await anna.sees("Seite 1 von 2")
    await anna.click("Nächste Seite")
    second = await anna.sees("Seite 2 von 2")

    assert [len(shown.buttons) for shown in (first, second)] == [8, 6]
    assert "6. Reisepass" in second.text
    await anna.press("1slist:99")
    assert "Seite 2 von 2" in anna.screen()[-1].text, "beyond the last is the last"


async def test_an_appointment_that_shall_become_earlier_is_named(bot: RunningBot) -> None:
    anna, person = await somebody(bot)
    first = await opened(bot, person)
    stands = await books(bot, first, ahead(20), S.HOLDING, S.HELD, S.DETAILED, S.PRECONFIRMED, S.CONFIRMED)
    await bot.act(lambda session: watches.fulfil(session, first.id, now=utc_now()))
    await opened(bot, person, improves_id=stands.id, minimum_gain=3 * DAY)

    await anna.send("/watches")
    await anna.click("1. Reisepass")
    await anna.sees("Früher um mindestens: 3 Tage")
    await anna.click("Beenden")

    await anna.sees("Der gebuchte Termin bleibt bestehen")
