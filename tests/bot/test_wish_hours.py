"""Choosing weekdays and hours on the grid, as a person taps them."""

from datetime import time, timedelta

import pytest

from bot.wish.form import StepName
from bot.wish.hours import TapCell, TapColumn, TapRow
from core.wishes import HourRange, WishRules
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.wish_steps_cast import begun, kept, steps_running

WORDS = {
    "de": ("Jederzeit", "Vormittags", "Jeden Tag: vor 12:00 Uhr", "Di 9",
           "Dienstag: von 09:00 Uhr bis 12:00 Uhr", "Weiter"),
    "en": ("Any time", "Mornings", "Every day: before 12:00", "Tu 9", "Tuesday: 09:00 to 12:00", "Continue"),
}  # fmt: skip
ODD = (HourRange(start=time(8, 30), end=time(11, 45), weekday=1), HourRange(start=time(14), end=time(18), weekday=1))


def hours(start: int, end: int, *weekdays: int | None) -> tuple[HourRange, ...]:
    last = time(end) if end < 24 else time.max
    return tuple(HourRange(start=time(start), end=last, weekday=one) for one in weekdays or (None,))


@pytest.fixture
async def anna(bot: RunningBot) -> User:
    await steps_running(bot)
    return await bot.member("Anna")


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_hours_are_chosen_by_one_tap_each_and_told_in_words(bot: RunningBot, language: str) -> None:
    any_time, mornings, told, cell, told_cell, on = WORDS[language]
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    await begun(bot, bert, StepName.HOURS)

    await bert.click(mornings)
    await bert.sees(told)
    assert (await kept(bot, bert)).rules.hours == hours(0, 12)
    await bert.click(any_time)
    assert (await kept(bot, bert)).rules.hours == ()
    await bert.click(cell)
    await bert.sees(told_cell)
    assert (await kept(bot, bert)).rules.hours == hours(9, 12, 1)
    await bert.click(f"✓{cell}")
    assert (await kept(bot, bert)).rules.hours == ()
    await bert.click(on)

    assert (await kept(bot, bert)).step is StepName.NOTICE


async def test_a_row_and_a_column_are_switched_at_once(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.HOURS)

    await anna.click("9–12")
    assert (await kept(bot, anna)).rules.hours == hours(9, 12)
    await anna.click("Sa")
    assert (await kept(bot, anna)).rules.hours == (*hours(9, 12, 0, 1, 2, 3, 4), *hours(0, 24, 5))
    await anna.click("✓Sa")
    await anna.click("9–12")
    assert (await kept(bot, anna)).rules.hours == hours(9, 12), "the row was not full, so it becomes so"
    await anna.click("9–12")

    assert (await kept(bot, anna)).rules.hours == ()


async def test_a_trembling_finger_switches_once(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.HOURS)

    await anna.double_click("Mi 14")

    assert (await kept(bot, anna)).rules.hours == hours(14, 16, 2)


async def test_hours_that_the_grid_cannot_show_are_told_and_kept(bot: RunningBot, anna: User) -> None:
    rules = WishRules(hours=ODD, minimum_notice=timedelta(minutes=90))
    await begun(bot, anna, StepName.HOURS, rules=rules)
    shown = await anna.sees("Dienstag: von 08:30 Uhr bis 11:45 Uhr, von 14:00 Uhr bis 18:00 Uhr")
    marked = [label for row in shown.buttons for label in row if label[0] in "✓½"]
    assert marked == ["½Di 7", "½Di 9", "✓Di 14", "½Di 16"]

    await anna.click("Weiter")
    assert (await kept(bot, anna)).rules == rules

    await begun(bot, anna, StepName.HOURS, rules=rules)
    await anna.click("½Di 9")
    longer = HourRange(start=time(8, 30), end=time(12), weekday=1)
    assert (await kept(bot, anna)).rules.hours == (longer, ODD[1])


async def test_a_full_grid_is_any_time(bot: RunningBot, anna: User) -> None:
    await begun(bot, anna, StepName.HOURS)

    for name in ("Mo", "Di", "Mi", "Do", "Fr", "Sa"):
        await anna.click(name)
    shown = await anna.sees("Gewählt:\nJederzeit")
    assert len([label for row in shown.buttons for label in row if "✓" in label]) == 36
    await anna.click("Weiter")

    assert (await kept(bot, anna)).rules == WishRules()


@pytest.mark.parametrize(
    "forged", [TapCell(6, 0, on=True), TapCell(0, 5, on=True), TapRow(-1, on=True), TapColumn(9, on=False)]
)
async def test_a_forged_cell_is_none_of_the_choices(
    bot: RunningBot, anna: User, forged: TapCell | TapRow | TapColumn
) -> None:
    form = await begun(bot, anna, StepName.HOURS)

    await anna.press(forged.data)

    await anna.sees("nicht zur Wahl")
    assert await kept(bot, anna) == form
