"""HOURS: which weekdays and hours suit, as a grid whose cells are switched on and off."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.callbacks import Callback
from bot.context import Talk
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows
from bot.texts import Words
from bot.wish import week, wording
from bot.wish.calendar import short_weekday
from bot.wish.form import Form, StepName
from bot.wish.step import Step
from bot.wish.week import AFTERNOONS, CELLS, FULL, MORNINGS, SHOWN, WEEKDAYS, Cell, Week
from core.errors import BadInput
from core.wishes import HourRange

FULLY, PARTLY, NOT = "✓{}", "½{}", "{}"


class Quick(StrEnum):
    ANY = "any"
    MORNINGS = "am"
    AFTERNOONS = "pm"


HOURS_OF: Final[dict[Quick, tuple[HourRange, ...]]] = {
    Quick.ANY: (),
    Quick.MORNINGS: MORNINGS,
    Quick.AFTERNOONS: AFTERNOONS,
}


@dataclass(frozen=True)
class TapCell(Callback, word="hcell", repeatable=True):
    """`on` is what the button was drawn for, so that a second tap on an old screen undoes nothing."""

    weekday: int
    block: int
    on: bool


@dataclass(frozen=True)
class TapRow(Callback, word="hrow", repeatable=True):
    block: int
    on: bool


@dataclass(frozen=True)
class TapColumn(Callback, word="hcol", repeatable=True):
    weekday: int
    on: bool


@dataclass(frozen=True)
class QuickHours(Callback, word="hquick", repeatable=True):
    hours: Quick


@dataclass(frozen=True)
class HoursDone(Callback, word="hdone"):
    pass


async def draw(talk: Talk, form: Form) -> Screen:
    words = talk.words
    return Screen(
        paragraphs(
            words.say("wish_when.hours_step.title"),
            lines(words.say("wish_when.hours_step.chosen"), wording.hours(form.rules.hours, words)),
            words.say("wish_when.hours_step.legend"),
        ),
        (
            *rows([Button(words.label(f"wish_when.hours_step.quick.{one}"), QuickHours(one)) for one in Quick]),
            *_grid(week.expanded(form.rules.hours), words),
            *rows(Button(words.label("wish_when.on"), HoursDone())),
        ),
    )


async def cell(_: Talk, form: Form, tapped: TapCell) -> Form:
    if tapped.weekday not in WEEKDAYS or tapped.block not in range(len(CELLS)):
        raise _no_choice()
    return _switched(form, [Cell(tapped.weekday, tapped.block)], on=tapped.on)


async def row(_: Talk, form: Form, tapped: TapRow) -> Form:
    if tapped.block not in range(len(CELLS)):
        raise _no_choice()
    return _switched(form, week.row(tapped.block), on=tapped.on)


async def column(_: Talk, form: Form, tapped: TapColumn) -> Form:
    if tapped.weekday not in WEEKDAYS:
        raise _no_choice()
    return _switched(form, week.column(tapped.weekday), on=tapped.on)


async def quick(_: Talk, form: Form, chosen: QuickHours) -> Form:
    return _with(form, HOURS_OF[chosen.hours])


async def done(_: Talk, form: Form, __: HoursDone) -> Form:
    """A grid that is full says what an empty one does."""
    return (_with(form, ()) if form.rules.hours == FULL else form).onward()


def _switched(form: Form, cells: Sequence[Cell], *, on: bool) -> Form:
    change = week.with_cells if on else week.without_cells
    return _with(form, change(form.rules.hours, cells))


def _with(form: Form, hours: tuple[HourRange, ...]) -> Form:
    return form.changed(rules=form.rules.model_copy(update={"hours": hours}))


def _grid(chosen: Week, words: Words) -> Rows:
    """A row for each weekday, five cells wide, so that a phone shows them whole. Above, what switches many at once."""
    blocks = range(len(CELLS))
    return rows(
        [_column(weekday, chosen, words) for weekday in WEEKDAYS],
        [_row(block, chosen, words) for block in blocks],
        *([_cell(Cell(weekday, block), chosen, words) for block in blocks] for weekday in WEEKDAYS),
    )


def _column(weekday: int, chosen: Week, words: Words) -> Button:
    full = week.are_full(chosen, week.column(weekday))
    return Button((FULLY if full else NOT).format(short_weekday(weekday, words)), TapColumn(weekday, on=not full))


def _row(block: int, chosen: Week, words: Words) -> Button:
    full = week.are_full(chosen, week.row(block))
    return Button(words.label(f"wish_when.hours_step.block.{block}"), TapRow(block, on=not full))


def _cell(one: Cell, chosen: Week, words: Words) -> Button:
    full = week.is_full(chosen, one)
    sign = FULLY if full else PARTLY if week.is_touched(chosen, one) else NOT
    name = f"{short_weekday(one.weekday, words)} {SHOWN[one.block]}"
    return Button(sign.format(name), TapCell(one.weekday, one.block, on=not full))


def _no_choice() -> BadInput:
    return BadInput("That is none of the choices.", code="no_choice")


STEP = Step(
    StepName.HOURS,
    draw,
    taps={TapCell: cell, TapRow: row, TapColumn: column, QuickHours: quick, HoursDone: done},
)
