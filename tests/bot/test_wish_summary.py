"""The summary: every line in words with its way back, and what the wish would have had, told honestly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot import relaxing
from bot.wish.form import Form, StepName
from bot.wish.summary import EaseWish
from core.catalog import Catalog, ContactField, Scope
from core.looks import Answer
from core.relaxations import AddOffice, DropExcluded
from core.services import ServiceCount
from core.slots import BERLIN, Slot, utc_now
from core.wishes import DayRange, HourRange, Mode, WishRules
from models import looks, slots_seen, targets
from models.database import Session
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.watches_cast import knows
from tests.bot.wish_steps_cast import CATALOG, PASING, PASSPORT, RUPPERT, begun, day, kept, steps_running
from tests.models_cast import looked

MORNINGS = (HourRange(start=time(8), end=time(12)),)
MINUTE = timedelta(minutes=1)
RULES = WishRules(
    ranges=(DayRange(first=day(1), last=day(40)),),
    excluded=frozenset({day(5)}),
    hours=(HourRange(start=time(8), end=time(12), weekday=0),),
    minimum_notice=timedelta(days=1),
)
TOLD = {
    "de": (
        "Für\nAdelheid Zwick",
        "Leistung\nReisepass, 2-mal",
        "Stellen\n1. Bürgerbüro Pasing\n2. Bürgerbüro Ruppertstraße",
        "Montag: von 08:00 Uhr bis 12:00 Uhr",
        "Vorlauf\nMindestens 1 Tag",
        "Erst fragen, dann buchen",
        "endet die Suche von selbst",
        "erst nach einem Ja in ihrem Namen",
        "weiß ich nicht",
    ),
    "en": (
        "For\nAdelheid Zwick",
        "Service\nReisepass, 2 times",
        "Offices\n1. Bürgerbüro Pasing\n2. Bürgerbüro Ruppertstraße",
        "Monday: 08:00 to 12:00",
        "Notice\nAt least 1 day",
        "Ask me, then book",
        "the search ends by itself",
        "only after a yes",
        "I do not know",
    ),
}


@pytest.fixture
async def anna(bot: RunningBot) -> User:
    await steps_running(bot)
    return await bot.member("Anna")


def at(number: int, hour: int, office_id: int = RUPPERT) -> Slot:
    return Slot(datetime.combine(day(number), time(hour), tzinfo=BERLIN), office_id)


async def seen(bot: RunningBot, *offered: Slot, office_ids: Sequence[int] = (RUPPERT, PASING)) -> None:
    """Two looks, yesterday, two minutes apart, that both saw these slots."""

    def look(session: Session) -> None:
        target_id = targets.join(session, [ServiceCount(PASSPORT)], captcha=False).id
        for minutes in (2, 0):
            when = utc_now() - timedelta(days=1) - minutes * MINUTE
            answer = Answer.FREE if offered else Answer.NONE
            look = looked(answer, *offered, at=when, office_ids=frozenset(office_ids))
            looks.record(session, target_id, "main", look)
            slots_seen.record(session, target_id, look, now=when)

    await bot.act(look)


def with_a_phone_at(office_id: int) -> Catalog:
    """The catalogue where this office demands a telephone number."""
    scope = Scope(id=2, phone=ContactField(shown=True, required=True))
    offices = (one.model_copy(update={"scope": scope}) if one.id == office_id else one for one in CATALOG.offices)
    return Catalog(offices=tuple(offices), services=CATALOG.services, relations=CATALOG.relations)


@pytest.mark.parametrize("language", sorted(TOLD))
async def test_every_line_is_told_in_words(bot: RunningBot, language: str) -> None:
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)

    await begun(
        bot,
        bert,
        StepName.SUMMARY,
        services=(ServiceCount(PASSPORT, 2),),
        office_ids=(PASING, RUPPERT),
        rules=RULES,
        mode=Mode.ASK,
    )

    shown = await bert.sees(TOLD[language][0])
    assert [one for one in TOLD[language] if one not in shown.text] == []
    assert len(shown.text) < 2500


@pytest.mark.parametrize(
    ("label", "step"),
    [
        ("Person ändern", StepName.WHO),
        ("Leistung ändern", StepName.SERVICE),
        ("Anzahl ändern", StepName.ALSO),
        ("Stellen ändern", StepName.OFFICES),
        ("Tage ändern", StepName.DAYS),
        ("Uhrzeiten ändern", StepName.HOURS),
        ("Vorlauf ändern", StepName.NOTICE),
        ("Art ändern", StepName.MODE),
    ],
)
async def test_each_line_can_be_changed(bot: RunningBot, anna: User, label: str, step: StepName) -> None:
    await begun(bot, anna, StepName.SUMMARY, rules=RULES, reviewed=True)

    await anna.click(label)

    form = await kept(bot, anna)
    assert (form.step, form.rules, form.reviewed) == (step, RULES, True)


async def test_after_a_change_one_is_back_at_the_summary(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.SUMMARY, reviewed=True)

    await anna.click("Uhrzeiten ändern")
    await anna.click("Vormittags")
    await anna.click("Weiter")

    await anna.sees("Jeden Tag: vor 12:00 Uhr")
    await anna.click("Suche beginnen")
    await anna.sees("Gespeichert")


@pytest.mark.parametrize("fields", [{"mode": None}, {"services": ()}, {"person_id": None}])
async def test_what_is_not_chosen_yet_is_said_and_cannot_be_saved(
    bot: RunningBot, anna: User, fields: dict[str, Any]
) -> None:
    await begun(bot, anna, StepName.SUMMARY, **fields)

    shown = await anna.sees("Es fehlt noch etwas")

    assert "noch nicht gewählt" in shown.text
    assert "Suche beginnen" not in [label for row in shown.buttons for label in row]


async def test_what_would_have_been_is_counted(bot: RunningBot, anna: User) -> None:
    await seen(bot, at(3, 9), at(4, 10), at(4, 15))

    await begun(bot, anna, StepName.SUMMARY, rules=WishRules(hours=MORNINGS))

    shown = await anna.sees("2 solche Termine waren zu haben")
    assert "in 1 von 168 Stunden" in shown.text


async def test_where_nobody_looked_nothing_is_said_of_slots(bot: RunningBot, anna: User) -> None:
    await seen(bot, at(3, 9), office_ids=(RUPPERT,))

    await begun(bot, anna, StepName.SUMMARY, office_ids=(PASING,))

    shown = await anna.sees("weiß ich nicht")
    assert "keinen solchen" not in shown.text


async def test_offices_that_were_not_looked_at_alike_are_told_apart(bot: RunningBot, anna: User) -> None:
    await seen(bot, at(3, 9), office_ids=(RUPPERT,))

    await begun(bot, anna, StepName.SUMMARY, office_ids=(PASING, RUPPERT))

    await anna.sees("je nach Stelle in 0 bis 1 von 168 Stunden")


@dataclass(frozen=True)
class Eased:
    """A wish that had nothing, what was offered, the button that helps, and the rules after it."""

    rules: WishRules
    offered: Sequence[Slot]
    label: str
    after: WishRules
    office_ids: tuple[int, ...] = ()


EASED = [
    Eased(
        WishRules(hours=MORNINGS),
        [at(3, 15), at(4, 16)],
        "Zu jeder Uhrzeit: 2 Termine mehr",
        WishRules(hours=(HourRange(start=time.min, end=time.max),)),
    ),
    Eased(WishRules(), [at(3, 9, PASING)], "Auch Bürgerbüro Pasing: 1 Termin mehr", WishRules(), office_ids=(RUPPERT,)),
    Eased(WishRules(latest=day(3)), [at(9, 9)], "Letzter Tag 7 Tage später: 1 Termin mehr", WishRules(latest=day(10))),
    Eased(
        WishRules(minimum_notice=timedelta(days=7)),
        [at(4, 9)],
        "Nur 1 Tag Vorlauf: 1 Termin mehr",
        WishRules(minimum_notice=timedelta(days=1)),
    ),
    Eased(WishRules(excluded=frozenset({day(4)})), [at(4, 9)], "Auch am", WishRules()),
]


@pytest.mark.parametrize("eased", EASED, ids=lambda one: one.label)
async def test_where_there_was_nothing_the_change_that_helps_most_is_one_tap(
    bot: RunningBot, anna: User, eased: Eased
) -> None:
    await seen(bot, *eased.offered)
    await begun(bot, anna, StepName.SUMMARY, rules=eased.rules, office_ids=eased.office_ids)
    await anna.sees("am meisten geholfen")

    await anna.click(eased.label)

    await anna.sees(f"{len(eased.offered)} solche" if len(eased.offered) > 1 else "Ein solcher")
    form = await kept(bot, anna)
    assert (form.rules, form.step) == (eased.after, StepName.SUMMARY)
    assert form.office_ids == (*eased.office_ids, *([PASING] if eased.office_ids else []))


async def test_an_office_that_wants_what_the_person_did_not_give_is_not_proposed(bot: RunningBot, anna: User) -> None:
    await knows(bot, with_a_phone_at(PASING))
    await bot.restart()
    await seen(bot, at(3, 9, PASING))

    await begun(bot, anna, StepName.SUMMARY, office_ids=(RUPPERT,))

    await anna.sees("Auch keine einzelne Änderung, die noch möglich ist, hätte geholfen")


async def test_without_any_slot_nothing_is_proposed(bot: RunningBot, anna: User) -> None:
    await seen(bot)

    await begun(bot, anna, StepName.SUMMARY, rules=RULES)

    await anna.sees("Auch keine einzelne Änderung, die noch möglich ist, hätte geholfen")


@pytest.mark.parametrize("mark", ["", "12345", relaxing.mark(AddOffice(999)), relaxing.mark(DropExcluded(day(-1)))])
async def test_a_change_that_nobody_proposed_is_none_of_the_choices(bot: RunningBot, anna: User, mark: str) -> None:
    rules = RULES.model_copy(update={"excluded": frozenset({day(-1), day(5)})})
    form = await begun(bot, anna, StepName.SUMMARY, rules=rules)

    await anna.press(EaseWish(mark).data)

    await anna.sees("nicht zur Wahl")
    assert isinstance(form, Form)
    assert await kept(bot, anna) == form
