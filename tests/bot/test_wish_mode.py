"""Notice and mode, in plain words, as a person taps them."""

from datetime import timedelta

import pytest

from bot.wish.form import StepName
from bot.wish.notice import ChooseNotice
from core.services import ServiceCount
from core.wishes import Mode, WishRules
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.wish_steps_cast import LICENCE, PASING, PASSPORT, RUPPERT, begun, kept, steps_running

NOTICES = {
    "de": ("✓ Kein Vorlauf nötig", "Mindestens 2 Tage", "denselben Tag"),
    "en": ("✓ No notice needed", "At least 2 days", "same day"),
}
MODES = {
    "de": ("Nur Bescheid geben", "Erst fragen, dann buchen", "Sofort buchen", "Reserviert wird nichts", "einzigen"),
    "en": ("Only tell me", "Ask me, then book", "Book at once", "Nothing is reserved", "Only one"),
}


@pytest.fixture
async def anna(bot: RunningBot) -> User:
    await steps_running(bot)
    return await bot.member("Anna")


@pytest.mark.parametrize("language", sorted(NOTICES))
async def test_the_notice_is_one_tap(bot: RunningBot, language: str) -> None:
    none, two_days, about = NOTICES[language]
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    await begun(bot, bert, StepName.NOTICE)
    shown = await bert.sees(about)
    assert shown.buttons[0] == (none,)

    await bert.click(two_days)

    form = await kept(bot, bert)
    assert (form.rules.minimum_notice, form.step) == (timedelta(days=2), StepName.MODE)


async def test_a_notice_that_is_none_of_the_choices_can_be_kept(bot: RunningBot, anna: User) -> None:
    odd = timedelta(minutes=90, seconds=7)
    await begun(bot, anna, StepName.NOTICE, rules=WishRules(minimum_notice=odd), reviewed=True)

    await anna.click("✓ Mindestens 1 Stunde und 30 Minuten")

    form = await kept(bot, anna)
    assert (form.rules.minimum_notice, form.step) == (odd, StepName.SUMMARY)


async def test_a_forged_notice_is_none_of_the_choices(bot: RunningBot, anna: User) -> None:
    form = await begun(bot, anna, StepName.NOTICE)

    await anna.press(ChooseNotice(-5).data)

    await anna.sees("nicht zur Wahl")
    assert await kept(bot, anna) == form


@pytest.mark.parametrize("language", sorted(MODES))
async def test_each_mode_says_what_follows_from_it(bot: RunningBot, language: str) -> None:
    notify, ask, auto, unreserved, one = MODES[language]
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    await begun(bot, bert, StepName.MODE, mode=None)
    shown = await bert.sees(unreserved)
    assert one in shown.text
    assert shown.buttons[:3] == ((notify,), (ask,), (auto,))

    await bert.click(ask)

    form = await kept(bot, bert)
    assert (form.mode, form.step) == (Mode.ASK, StepName.SUMMARY)


@pytest.mark.parametrize(
    ("service", "office_ids", "said"),
    [
        (PASSPORT, (RUPPERT,), ["etwa 13 Minuten Zeit", "gibt die Stadt 30 Minuten Zeit"]),
        (PASSPORT, (PASING,), ["etwa 28 Minuten Zeit", "rechne ich mit 30 Minuten"]),
        (PASSPORT, (), ["13 Minuten bis 28 Minuten", "gibt die Stadt 30 Minuten", "keine Frist nennt"]),
        (LICENCE, (), ["etwa 13 Minuten Zeit", "rechne ich mit 30 Minuten"]),
    ],
)
async def test_how_long_one_has_is_what_the_offices_say(
    bot: RunningBot, anna: User, service: int, office_ids: tuple[int, ...], said: list[str]
) -> None:
    await begun(bot, anna, StepName.MODE, services=(ServiceCount(service),), office_ids=office_ids)

    shown = await anna.sees("Was soll geschehen")

    assert [one in shown.text for one in said] == [True] * len(said)
