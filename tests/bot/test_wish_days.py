"""Choosing days on the calendar, as a person taps them."""

from datetime import date, timedelta

import pytest

from bot.texts import Words
from bot.wish import wording
from bot.wish.calendar import month_of, next_month
from bot.wish.day_screen import Does, PickDay, TurnMonth
from bot.wish.form import Form, StepName
from core.horizon import last_bookable
from core.wishes import DayRange, WishRules
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.wish_steps_cast import begun, day, kept, steps_running, today

NEXT = month_of(next_month(today()))  # a month that lies ahead in full


def of_next(number: int) -> date:
    return NEXT.replace(day=number)


def taken(*pairs: tuple[date, date]) -> tuple[DayRange, ...]:
    return tuple(DayRange(first=first, last=last) for first, last in pairs)


@pytest.fixture
async def anna(bot: RunningBot) -> User:
    await steps_running(bot)
    return await bot.member("Anna")


WORDS = {
    "de": ("Jeder Tag", "Nächste 2 Wochen", "Weiter", "letzten Tag"),
    "en": ("Any day", "Next 2 weeks", "Continue", "last day"),
}


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_days_are_chosen_with_two_taps_and_told_in_words(bot: RunningBot, language: str) -> None:
    any_day, soon, on, end = WORDS[language]
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    await begun(bot, bert, StepName.DAYS)
    words = Words(language)
    assert any_day in (await bert.sees("✓")).text

    await bert.click(TurnMonth(NEXT).data)
    await bert.click("12")
    await bert.sees(end)
    await bert.click("15")

    shown = await bert.sees(wording.range_(DayRange(first=of_next(12), last=of_next(15)), words))
    assert [label for row in shown.buttons for label in row if "✓" in label] == ["✓12", "✓13", "✓14", "✓15"]
    assert (await kept(bot, bert)).rules.ranges == taken((of_next(12), of_next(15)))

    await bert.click(soon)
    assert (await kept(bot, bert)).rules.ranges == taken((today(), day(13)))
    await bert.click(any_day)
    assert (await kept(bot, bert)).rules == WishRules()
    await bert.click(on)
    assert (await kept(bot, bert)).step is StepName.HOURS


async def test_several_ranges_are_merged_and_one_can_be_removed(bot: RunningBot, anna: User) -> None:
    before = WishRules(ranges=taken((of_next(3), of_next(5)), (of_next(20), of_next(22))))
    await begun(bot, anna, StepName.DAYS, rules=before)

    await anna.click("9")
    await anna.click("6")
    assert (await kept(bot, anna)).rules.ranges == taken((of_next(3), of_next(9)), (of_next(20), of_next(22)))
    await anna.click("Entfernen: 20.")

    assert (await kept(bot, anna)).rules.ranges == taken((of_next(3), of_next(9)))


async def test_a_single_day_is_tapped_twice(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.DAYS, view={"month": NEXT.isoformat(), "from": of_next(8).isoformat()})
    assert "8…" in str(anna)

    await anna.click("8…")

    assert (await kept(bot, anna)).rules.ranges == taken((of_next(8), of_next(8)))
    assert "Entfernen: 8." in str(anna)


async def test_days_are_left_out_and_taken_back(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.DAYS, rules=WishRules(ranges=taken((of_next(1), of_next(28)))))

    await anna.click("Tage ausnehmen")
    await anna.click("✓9")
    await anna.click("✓10")
    assert (await kept(bot, anna)).rules.excluded == {of_next(9), of_next(10)}
    assert f"Nicht am: 9. {wording.short_day(NEXT, Words('de'))[3:]}" in str(anna)
    await anna.click("✗9")
    assert (await kept(bot, anna)).rules.excluded == {of_next(10)}
    await anna.click("Keinen Tag ausnehmen")

    form = await kept(bot, anna)
    assert (form.rules.excluded, form.rules.ranges) == (frozenset(), taken((of_next(1), of_next(28))))


async def test_the_latest_day_that_helps(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.DAYS)

    await anna.click("Bis zu einem Tag")
    await anna.click(TurnMonth(NEXT).data)
    await anna.click("17")
    assert (await kept(bot, anna)).rules == WishRules(latest=of_next(17))
    await anna.sees("Spätestens am")
    assert "≤17" in str(anna)

    await anna.click("Bis zu einem Tag")
    await anna.click("Ohne letzten Tag")
    assert (await kept(bot, anna)).rules == WishRules()


@pytest.mark.parametrize(
    ("tapped", "said"),
    [(day(-1), "schon vorbei"), (last_bookable(today()) + timedelta(days=1), "ein halbes Jahr")],
    ids=["yesterday", "too far"],
)
async def test_days_that_cannot_be_are_refused_in_words_and_nothing_is_lost(
    bot: RunningBot, anna: User, tapped: date, said: str
) -> None:
    form = await begun(bot, anna, StepName.DAYS, rules=WishRules(latest=of_next(17)))

    for does in Does:
        await anna.press(PickDay(tapped, does).data)
        assert said in (await anna.sees("An welchen Tagen")).text

    assert await kept(bot, anna) == form


async def test_there_are_only_so_many_ranges_and_excluded_days(bot: RunningBot, anna: User) -> None:
    every = taken(*((of_next(3 * number + 1), of_next(3 * number + 1)) for number in range(8)))
    many = frozenset(day(number) for number in range(60))
    form = await begun(bot, anna, StepName.DAYS, rules=WishRules(ranges=every, excluded=many))

    await anna.press(PickDay(of_next(27), Does.END).data)
    await anna.sees("Mehr als 8 Zeiträume")
    await anna.press(PickDay(day(70), Does.SKIP).data)
    await anna.sees("Mehr als 60 Tage")

    assert (await kept(bot, anna)).rules == form.rules


async def test_nobody_turns_to_months_that_are_over_or_too_far(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.DAYS)

    for asked, shown in ((date(1000, 1, 1), today()), (date(9999, 12, 1), last_bookable(today()))):
        await anna.press(TurnMonth(asked).data)
        assert (await kept(bot, anna)).view["month"] == month_of(shown).isoformat()


async def test_a_weekday_head_says_where_weekdays_are_chosen(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.DAYS)

    assert "nächsten Schritt" in (await anna.click("Mo")).text


async def test_every_screen_of_a_full_calendar_fits(bot: RunningBot, anna: User) -> None:
    ranges = taken(*((of_next(3 * number + 1), of_next(3 * number + 2)) for number in range(8)))
    rules = WishRules(ranges=ranges, excluded=frozenset(day(number) for number in range(60)), latest=of_next(28))
    await begun(bot, anna, StepName.DAYS, rules=rules)

    shown = await anna.sees("An welchen Tagen")

    assert (len(shown.text) < 3000, sum(map(len, shown.buttons)) <= 80) == (True, True)
    assert all(any(letter.isalnum() for letter in label) for row in shown.buttons for label in row)
    assert isinstance(await kept(bot, anna), Form)
