"""Weekdays and hours as a grid of cells over exact hours: a tap changes its cell, and what no cell shows stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Final, TypeAlias

from core.wishes import HourRange

Span: TypeAlias = tuple[time, time]  # the end does not belong to it
Spans: TypeAlias = tuple[Span, ...]  # in order, apart from each other
Week: TypeAlias = Mapping[int, Spans]  # by weekday, 0 being Monday; one that is missing has no hours

WEEKDAYS: Final = range(6)  # the City's offices rest on Sundays
SUNDAY: Final = 6
BORDERS: Final = (time.min, time(9), time(12), time(14), time(16), time.max)
CELLS: Final[Spans] = tuple(pairwise(BORDERS))
SHOWN: Final = (7, 9, 12, 14, 16)  # the hour that stands in a cell
NOON: Final = time(12)


@dataclass(frozen=True, slots=True)
class Cell:
    weekday: int
    block: int

    @property
    def span(self) -> Span:
        return CELLS[self.block]


FULL: Final = (HourRange(start=time.min, end=time.max),)
MORNINGS: Final = (HourRange(start=time.min, end=NOON),)
AFTERNOONS: Final = (HourRange(start=NOON, end=time.max),)


def expanded(hours: Iterable[HourRange]) -> Week:
    """By weekday. Sunday only if it was named: hours of every day are meant for those on which there is anybody."""
    given = tuple(hours)
    named = any(one.weekday == SUNDAY for one in given)
    return {
        weekday: merged((one.start, one.end) for one in given if one.weekday in (None, weekday))
        for weekday in (*WEEKDAYS, *([SUNDAY] if named else []))
    }


def collapsed(week: Week) -> tuple[HourRange, ...]:
    """The fewest ranges that say the same; what is alike from Monday to Saturday is of every day."""
    alike = {week.get(weekday, ()) for weekday in WEEKDAYS}
    if len(alike) == 1 and week.get(SUNDAY) in (None, *alike):
        return tuple(HourRange(start=start, end=end) for start, end in alike.pop())
    return tuple(
        HourRange(start=start, end=end, weekday=weekday)
        for weekday, spans in sorted(week.items())
        for start, end in spans
    )


def merged(spans: Iterable[Span]) -> Spans:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def without(spans: Spans, gone: Span) -> Spans:
    pieces = [piece for start, end in spans for piece in ((start, min(end, gone[0])), (max(start, gone[1]), end))]
    return merged((start, end) for start, end in pieces if start < end)


def is_full(week: Week, cell: Cell) -> bool:
    start, end = cell.span
    return any(one <= start and end <= other for one, other in week.get(cell.weekday, ()))


def is_touched(week: Week, cell: Cell) -> bool:
    """Whether any of its hours are in."""
    start, end = cell.span
    return any(one < end and start < other for one, other in week.get(cell.weekday, ()))


def with_cells(hours: Iterable[HourRange], cells: Iterable[Cell]) -> tuple[HourRange, ...]:
    week = dict(expanded(hours))
    for cell in cells:
        week[cell.weekday] = merged((*week.get(cell.weekday, ()), cell.span))
    return collapsed(week)


def without_cells(hours: Iterable[HourRange], cells: Iterable[Cell]) -> tuple[HourRange, ...]:
    week = dict(expanded(hours))
    for cell in cells:
        week[cell.weekday] = without(week.get(cell.weekday, ()), cell.span)
    return collapsed(week)


def are_full(week: Week, cells: Iterable[Cell]) -> bool:
    return all(is_full(week, cell) for cell in cells)


def row(block: int) -> Sequence[Cell]:
    return [Cell(weekday, block) for weekday in WEEKDAYS]


def column(weekday: int) -> Sequence[Cell]:
    return [Cell(weekday, block) for block in range(len(CELLS))]
