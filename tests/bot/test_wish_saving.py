"""Saving a wish: checked again, written once, and looked for at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.catalog import CatalogLoader
from bot.wish.form import KIND, StepName
from bot.wish.summary import SaveWish
from core.caps import Caps
from core.services import ServiceCount
from core.slots import utc_now
from core.wishes import DayRange, Mode, WishRules, gives_up_at
from models import drafts, halts, mandates, targets
from models.mandate import Mandate
from models.watch import WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.wish_steps_cast import (
    LICENCE,
    PASING,
    PASSPORT,
    PHONE,
    begun,
    chat_id_of,
    day,
    kept,
    person,
    steps_running,
    watches_of,
)
from tests.jobs_fixtures import messages
from workers import queue as queues
from workers.queue import Job, QueueName

RULES = WishRules(ranges=(DayRange(first=day(2), last=day(30)),), minimum_notice=timedelta(hours=2))
SAVED = {
    "de": ("Suche beginnen", "Gespeichert.", "Ich suche ab jetzt", "Spam-Ordner", "/watches",
           "den ersten passenden, einen"),
    "en": ("Begin the search", "Saved.", "I am looking from now on", "spam folder", "/watches", "the first that suits"),
}  # fmt: skip


@pytest.fixture
async def anna(bot: RunningBot) -> User:
    await steps_running(bot)
    return await bot.member("Anna")


async def draft_of(bot: RunningBot, user: User) -> Any:
    chat_id = await chat_id_of(bot, user)
    return await bot.database.read(lambda session: drafts.load(session, bot.keyring, chat_id, KIND))


async def mandate_of(bot: RunningBot, mandate_id: int) -> Mandate:
    return await bot.database.read(lambda session: session.get_one(Mandate, mandate_id))


@pytest.mark.parametrize("language", sorted(SAVED))
async def test_a_wish_becomes_a_watch_with_its_mandate_and_is_looked_for_at_once(
    bot: RunningBot, language: str
) -> None:
    button, saved, now, after, more, mandate = SAVED[language]
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    form = await begun(bot, bert, StepName.SUMMARY, rules=RULES, office_ids=(PASING,))
    shown = await bert.sees(mandate)

    await bert.click(button)

    told = await bert.sees(saved)
    assert [one in told.text for one in (now, after, more)] == [True] * 3
    assert told.buttons == ()
    [watch] = await watches_of(bot)
    assert (watch.person_id, watch.services, watch.office_ids) == (form.person_id, form.services, (PASING,))
    assert (watch.rules, watch.mode, watch.state) == (RULES, Mode.AUTO, WatchState.OPEN)
    assert watch.deadline == gives_up_at(RULES)
    recorded = await mandate_of(bot, watch.mandate_id)
    assert recorded.what.partition(" (")[0] in shown.text
    assert "2026-11" in recorded.what
    assert (recorded.person_id, recorded.until, recorded.revoked_at) == (form.person_id, None, None)
    assert await draft_of(bot, bert) is None
    target = await bot.database.read(lambda session: targets.get(session, watch.target_id))
    assert target.leased_by == f"watch-made:{target.id}", "its first look is under way"
    [message] = messages(bot.redis_url, QueueName.LOOKING)
    assert (message.actor_name, message.args) == (Job.LOOK, (target.id,))


async def test_a_double_tap_makes_one_watch(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.SUMMARY)

    await anna.double_click("Suche beginnen")

    await anna.sees("Gespeichert")
    assert len(await watches_of(bot)) == 1


async def test_a_tap_that_is_brought_again_leads_to_what_was_saved(bot: RunningBot, anna: User) -> None:
    """As after a kill between the commit and the answer."""
    await begun(bot, anna, StepName.SUMMARY)
    shown = await anna.sees("Ihr Wunsch")
    chat_id = await chat_id_of(bot, anna)
    await bot.act(lambda session: drafts.drop(session, chat_id, KIND))

    await anna.press(SaveWish().data, message_id=shown.id)

    told = await anna.sees("/watches")
    assert ("Suche beginnen" in str(told), await watches_of(bot)) == (False, [])


async def test_without_the_queue_it_is_saved_all_the_same(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.SUMMARY)
    nowhere = queues.connect("redis://127.0.0.1:1/0")
    working = bot.parts.queue
    bot.parts = replace(bot.parts, queue=nowhere)
    await bot.restart()

    await anna.click("Suche beginnen")

    told = await anna.sees("Gespeichert")
    assert "sobald das wieder geht" in told.text
    assert "ab jetzt" not in told.text
    [watch] = await watches_of(bot)
    target = await bot.database.read(lambda session: targets.get(session, watch.target_id))
    assert (target.leased_by, target.next_look_at is not None) == ("", True), "the scheduler finds it"
    nowhere.close()
    bot.parts = replace(bot.parts, queue=working)


DEMANDING = {"services": (ServiceCount(LICENCE),)}
MANY = {"services": (ServiceCount(PASSPORT, 4),)}
BOTH = {"services": (ServiceCount(PASSPORT), ServiceCount(LICENCE))}
PAST = {"rules": WishRules(ranges=(DayRange(first=day(-9), last=day(-2)),))}
LATE = {"rules": WishRules(latest=day(-1))}
SUNDAYS = {"rules": WishRules(ranges=(DayRange(first=day(1), last=day(1)),), excluded=frozenset({day(1)}))}


@pytest.mark.parametrize(
    ("language", "fields", "said"),
    [
        ("de", DEMANDING, "verlangt eine Telefonnummer"),
        ("en", DEMANDING, "demands a telephone number"),
        ("de", MANY, "höchstens 3-mal"),
        ("en", BOTH, "cannot share an appointment"),
        ("de", {"office_ids": (PHONE,)}, "macht das nicht"),
        ("de", PAST, "schon in der Vergangenheit"),
        ("en", LATE, "deadline lies in the past"),
        ("de", SUNDAYS, "kein einziger Tag"),
    ],
)
async def test_what_cannot_work_is_refused_in_words_and_nothing_is_lost(
    bot: RunningBot, language: str, fields: dict[str, Any], said: str
) -> None:
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    form = await begun(bot, bert, StepName.SUMMARY, **fields)

    await bert.press(SaveWish().data)

    await bert.sees(said)
    assert (await watches_of(bot), await kept(bot, bert)) == ([], form)
    assert await bot.database.read(lambda session: mandates.valid(session, form.person_id or 0, now=utc_now())) is None


async def test_a_person_with_a_telephone_number_can_go_there(bot: RunningBot, anna: User) -> None:
    person_id = await person(bot, anna, phone="+4989123456")
    await begun(bot, anna, StepName.SUMMARY, person_id=person_id, **DEMANDING)

    await anna.click("Suche beginnen")

    await anna.sees("Gespeichert")


async def test_days_that_are_over_are_left_behind(bot: RunningBot, anna: User) -> None:
    ahead = DayRange(first=day(1), last=day(3))
    rules = WishRules(ranges=(DayRange(first=day(-9), last=day(-2)), ahead), excluded=frozenset({day(-3)}))
    await begun(bot, anna, StepName.SUMMARY, rules=rules)

    await anna.click("Suche beginnen")

    await anna.sees("Gespeichert")
    [watch] = await watches_of(bot)
    assert watch.rules == WishRules(ranges=(ahead,))


async def test_caps_are_said_in_words(bot: RunningBot, anna: User) -> None:
    await bot.restart(caps=Caps(watches_per_person=1))
    for _ in range(2):
        await begun(bot, anna, StepName.SUMMARY)
        await anna.press(SaveWish().data)

    await anna.sees("Für eine Person kann nur eine Suche laufen")
    assert len(await watches_of(bot)) == 1
    assert (await kept(bot, anna)).step is StepName.SUMMARY


async def test_somebody_elses_person_is_nobody_here(bot: RunningBot, anna: User) -> None:
    mallory = await bot.member("Mallory")
    hers = await person(bot, anna)
    await begun(bot, mallory, StepName.SUMMARY, person_id=hers)

    await mallory.press(SaveWish().data)

    assert ("Adelheid" in str(mallory), await watches_of(bot)) == (False, [])


async def test_only_the_summary_saves(bot: RunningBot, anna: User) -> None:
    form = await begun(bot, anna, StepName.MODE)

    toast = await anna.press(SaveWish().data)

    assert (toast.text != "", await watches_of(bot), await kept(bot, anna)) == (True, [], form)


async def test_before_anybody_asked_the_city_it_says_so(bot: RunningBot, anna: User) -> None:
    await bot.restart(catalog=CatalogLoader(bot.database, site_url="http://other.example/", now=utc_now))
    form = await begun(bot, anna, StepName.SUMMARY)
    await anna.sees(f"Leistung {PASSPORT}")

    await anna.click("Suche beginnen")

    await anna.sees("Liste der Leistungen noch nicht")
    assert await kept(bot, anna) == form


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Nachsehen gerade angehalten"), ("en", "has paused the looking")]
)
async def test_no_look_is_promised_while_the_operator_has_it_halted(bot: RunningBot, language: str, said: str) -> None:
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    await bot.act(lambda session: halts.halt(session, PASSPORT, now=utc_now()))
    await begun(bot, bert, StepName.SUMMARY)

    await bert.click("1sumsave")

    told = await bert.sees(said)
    assert SAVED[language][2] not in told.text
