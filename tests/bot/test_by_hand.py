"""What only a person can do: they are led to the City's page, and say whether they booked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.bookings import BookingState
from models import bookings, watches
from models.watch import Watch, WatchState
from rehearsal.telegram.client import User
from tests.bot.booking_cast import Clock, Walk, clock, town, walk
from tests.bot.conftest import SITE, RunningBot
from tests.bot.outbox_cast import all_told, person_of, watch, write
from tests.telegram.server import Telegram

__all__ = ["clock", "town"]
WORDS = {
    "de": ("vielleicht noch zu haben", "Zur Terminseite der Stadt", "Ich habe selbst gebucht", "Bitte weiter suchen"),
    "en": ("it may still be there", "To the City's appointment page", "I have booked it myself", "Please keep looking"),
}


async def watch_row(made: Walk) -> Watch:
    row = await made.row()
    return await made.bot.database.read(lambda session: watches.get(session, row.watch_id))


def links_of(telegram: Telegram, user: User) -> list[Any]:
    return [one["url"] for row in telegram.store.postings[user.id][-1].rows for one in row if "url" in one]


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_a_slot_that_takes_a_person_is_handed_over(town: RunningBot, telegram: Telegram, language: str) -> None:
    maybe, page, done, still = WORDS[language]
    anna = await town.member(language_code=language)
    made = await walk(town, anna)
    await made.holds()
    await made.ends(BookingState.RELEASED, "captcha-needs-person")

    shown = await anna.sees(maybe)
    await all_told(town)
    assert "Ruppertstraße 19, 80337 München" in shown.text
    assert [row[0] for row in shown.buttons[:3]] == [page, done, still]
    assert not shown.silent
    service = (await watch_row(made)).services[0].service_id
    assert links_of(telegram, anna)[0] == f"{SITE}#/services/{service}/locations/10489"
    await anna.click(done)
    await anna.sees("nicht weiter" if language == "de" else "no longer look")

    assert (await watch_row(made)).state is WatchState.STOPPED
    assert anna.screen()[-1].buttons == ()


async def test_who_did_not_book_is_looked_for_further(town: RunningBot) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    await made.ends(BookingState.RELEASED, "captcha-needs-person")
    await anna.sees("vielleicht noch zu haben")
    await all_told(town)

    await anna.click("Bitte weiter suchen")
    await anna.sees("ich suche weiter und sage Bescheid")

    assert (await watch_row(made)).state is WatchState.OPEN


async def test_its_time_is_counted_and_over_in_the_end(town: RunningBot, clock: Clock) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    await town.stop()
    await made.ends(BookingState.RELEASED, "captcha-needs-person")

    clock.goes_on(timedelta(minutes=10))
    await town.start()
    shown = await anna.sees("Die genannte Zeit ist schon vorbei.")

    assert shown.buttons == ()


async def test_what_was_under_way_goes_back_so_that_nobody_has_two(town: RunningBot) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    await made.held()
    await anna.sees("Jetzt: Angaben")
    row = await made.row()
    mine = await watch_row(made)
    await write(town, row.person_id, "look.person", about=mine, since=town.parts.now().isoformat(), service_id=1063475)
    await all_told(town)

    await anna.click("Ich habe selbst gebucht")
    await anna.sees("gebe ich zurück")

    assert (await made.row()).cancel_asked_at is not None
    await anna.sees("Ich gebe diesen Termin zurück.")


@pytest.mark.parametrize("language", ["de", "en"])
async def test_who_cannot_be_looked_for_can_look_themselves(
    town: RunningBot, telegram: Telegram, language: str
) -> None:
    anna = await town.member(language_code=language)
    person = await person_of(town, anna)
    mine = await watch(town, person)
    since = (town.parts.now() - timedelta(minutes=5)).isoformat()

    await write(town, person, "look.person", about=mine, since=since, service_id=1063475)
    await anna.sees("nur ein Mensch geben kann" if language == "de" else "only a person can give")

    assert links_of(telegram, anna)[0].startswith(f"{SITE}#/services/1063475")
    await all_told(town)


@pytest.mark.parametrize("language", ["de", "en"])
async def test_who_only_wants_to_know_is_led_to_the_citys_page(
    town: RunningBot, telegram: Telegram, language: str
) -> None:
    anna = await town.member(language_code=language)
    person = await person_of(town, anna)
    mine = await watch(town, person)

    await write(town, person, "slots.found", about=mine, count=3, service_id=1063475)
    shown = await anna.sees("Reserviert ist nichts" if language == "de" else "Nothing is reserved")
    await all_told(town)

    assert "Ruppertstraße 19, 80337 München" in shown.text
    assert [row[0] for row in shown.buttons[:3]] == list(WORDS[language][1:])
    assert links_of(telegram, anna)[0] == f"{SITE}#/services/1063475/locations/10489"
    await anna.click(WORDS[language][2])
    await anna.sees("nicht weiter" if language == "de" else "no longer look")
    stopped = await town.database.read(lambda session: watches.get(session, mine.id))
    assert stopped.state is WatchState.STOPPED


async def test_nobody_stops_anothers_search(town: RunningBot) -> None:
    anna, mallory = await town.member(), await town.member("Mallory")
    made, theirs = await walk(town, anna), await walk(town, mallory)
    for one in (made, theirs):
        await one.holds()
        await one.ends(BookingState.RELEASED, "captcha-needs-person")
    await mallory.sees("vielleicht noch zu haben")
    await all_told(town)

    row = await made.row()
    toast = await mallory.press(f"1byhand:{row.watch_id}:1")

    assert "gilt nicht mehr" in toast.text
    assert (await watch_row(made)).state is WatchState.OPEN
    assert await town.database.read(lambda session: bookings.get(session, made.booking_id).cancel_asked_at) is None


@pytest.mark.parametrize(
    ("turn", "said", "after"),
    [
        (watches.fulfil, "läuft nicht mehr", WatchState.FULFILLED),
        (watches.stop, "läuft nicht mehr", WatchState.STOPPED),
        (watches.pause, "gerade angehalten", WatchState.PAUSED),
    ],
)
async def test_going_on_is_promised_only_where_it_goes_on(
    town: RunningBot, turn: Callable[..., Watch], said: str, after: WatchState
) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    await made.holds()
    await made.ends(BookingState.RELEASED, "captcha-needs-person")
    await anna.sees("vielleicht noch zu haben")
    await all_told(town)
    mine = await watch_row(made)
    await town.act(lambda session: turn(session, mine.id, now=town.parts.now()))

    await anna.click("Bitte weiter suchen")

    await anna.sees(said)
    assert (await watch_row(made)).state is after


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_free_slots_among_other_news_lead_to_the_citys_page(
    town: RunningBot, telegram: Telegram, language: str
) -> None:
    page = WORDS[language][1]
    anna = await town.member(language_code=language)
    person = await person_of(town, anna)
    await town.stop()
    await write(town, person, "slots.found", about=await watch(town, person), count=3, service_id=1063475)
    await write(town, person, "watch.ended", about=await watch(town, person), reason="deadline")
    await write(town, person, "slots.found", about=await watch(town, person), count=2)
    await town.start()
    await all_told(town)

    [digest] = anna.screen()
    found, *others = digest.text.splitlines()[2:]
    assert found.endswith(f". {page}")
    assert [page in line for line in others] == [False, False], "the older notice does not know what it is for"
    links = [one["url"] for one in telegram.store.postings[anna.id][-1].entities if one["type"] == "text_link"]
    assert links == [f"{SITE}#/services/1063475/locations/10489"]
