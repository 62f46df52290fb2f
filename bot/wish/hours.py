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
class TapCell(Callback, word="hcell"):
    weekday: int
    block: int


@dataclass(frozen=True)
class TapRow(Callback, word="hrow"):
    block: int


@dataclass(frozen=True)
class TapColumn(Callback, word="hcol"):
    weekday: int


@dataclass(frozen=True)
class QuickHours(Callback, word="hquick"):
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
    return _toggled(form, [Cell(tapped.weekday, tapped.block)])


async def row(_: Talk, form: Form, tapped: TapRow) -> Form:
    if tapped.block not in range(len(CELLS)):
        raise _no_choice()
    return _toggled(form, week.row(tapped.block))


async def column(_: Talk, form: Form, tapped: TapColumn) -> Form:
    if tapped.weekday not in WEEKDAYS:
        raise _no_choice()
    return _toggled(form, week.column(tapped.weekday))


async def quick(_: Talk, form: Form, chosen: QuickHours) -> Form:
    return _with(form, HOURS_OF[chosen.hours])


async def done(_: Talk, form: Form, __: HoursDone) -> Form:
    """A grid that is full says what an empty one does."""
    return (_with(form, ()) if form.rules.hours == FULL else form).onward()


def _toggled(form: Form, cells: Sequence[Cell]) -> Form:
    return _with(form, week.toggled(form.rules.hours, cells))


def _with(form: Form, hours: tuple[HourRange, ...]) -> Form:
    return form.changed(rules=form.rules.model_copy(update={"hours": hours}))


def _grid(chosen: Week, words: Words) -> Rows:
    """A row for each block of hours; before its cells stands what switches all of them."""
    heads = [Button(_marked(short_weekday(one, words), chosen, week.column(one)), TapColumn(one)) for one in WEEKDAYS]
    return rows(
        heads,
        *(
            [
                Button(words.label(f"wish_when.hours_step.block.{block}"), TapRow(block)),
                *(_cell(Cell(weekday, block), chosen, words) for weekday in WEEKDAYS),
            ]
            for block in range(len(CELLS))
        ),
    )


def _cell(one: Cell, chosen: Week, words: Words) -> Button:
    name = f"{short_weekday(one.weekday, words)} {SHOWN[one.block]}"
    return Button(_marked(name, chosen, [one]), TapCell(one.weekday, one.block))


def _marked(name: str, chosen: Week, cells: Sequence[Cell]) -> str:
    if all(week.is_full(chosen, one) for one in cells):
        return FULLY.format(name)
    partly = len(cells) == 1 and week.is_touched(chosen, cells[0])
    return (PARTLY if partly else NOT).format(name)


def _no_choice() -> BadInput:
    return BadInput("That is none of the choices.", code="no_choice")


STEP = Step(
    StepName.HOURS,
    draw,
    taps={TapCell: cell, TapRow: row, TapColumn: column, QuickHours: quick, HoursDone: done},
)
