"""A file of wishes, CSV or YAML, read row by row: a broken row is named and does not stop the others.

In CSV several values of one cell are parted by `|`; services and offices by blanks or commas too.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from rapidfuzz import process

from console import wishing
from console.arguments import Written, WrittenRules
from console.wishing import Wish
from core.contact import Contact
from core.errors import BadInput

NEEDED: Final = ("service", "first_name", "last_name", "mail")
CONTACT: Final = ("first_name", "last_name", "mail", "phone", "remarks", "remarks2")
LISTS: Final = ("service", "office", "from", "to", "exclude", "hours")
SINGLE: Final = (*CONTACT, "language", "notice", "latest", "mode", "until", "mandated")
COLUMNS: Final = (*LISTS, *SINGLE)
YES: Final = frozenset({"yes", "ja", "true", "1", "x"})
_COLUMN_OF: Final = {"first name": "first_name", "last name": "last_name", "second remarks": "remarks2", "days": "to"}
_SURPLUS: Final = "beyond the last heading"
_NUMBERS: Final = re.compile(r"[|,\s]+")

Cells = Mapping[str, tuple[str, ...]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One line of the file: `number` as a spreadsheet counts it, or the item's place in YAML."""

    number: int
    cells: Cells


class Unreadable(BadInput):
    """The file as a whole cannot be read."""


class BrokenRow(BadInput):
    """`number` and `field` (the column) say where; the text says what."""

    def __init__(self, number: int, error: BadInput) -> None:
        column = column_of(error.field)
        super().__init__(f"Row {number}{f', column {column}' if column else ''}: {error}", field=column)
        self.number = number


def read(path: Path) -> list[Row]:
    """The rows, none of them judged yet. Raises Unreadable."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path} is not UTF-8.", hint="Save it as “CSV UTF-8”.") from None
    rows = _yaml_rows(text, path) if path.suffix.lower() in (".yaml", ".yml") else _csv_rows(text, path)
    if not rows:
        raise Unreadable(f"{path} holds no wishes.")
    return rows


def wish_of(row: Row, *, mandated: bool, now: datetime) -> Wish:
    """Raises BrokenRow."""
    return in_row(row, lambda: _wish(row.cells, mandated=mandated, now=now))


def in_row(row: Row, act: Callable[[], T]) -> T:
    """What `act` gives; a BadInput it raises becomes this row's BrokenRow."""
    try:
        return act()
    except BadInput as error:
        raise BrokenRow(row.number, error) from error


def column_of(field: str) -> str:
    """The column behind a field's name in the words of the core, such as “phone (Telefonnummer)”."""
    name = field.partition(" (")[0]
    return _COLUMN_OF.get(name, name)


def _wish(cells: Cells, *, mandated: bool, now: datetime) -> Wish:
    if _SURPLUS in cells:
        raise BadInput(
            "There are more cells than headings.", field=_SURPLUS, hint="Put a cell with a delimiter into quotes."
        )
    if not mandated and _one(cells, "mandated").lower() not in YES:
        raise BadInput(
            "Nothing is booked without the person's mandate.", field="mandated", hint="Write yes once they gave it."
        )
    return wishing.read(_written(cells), now=now)


def _written(cells: Cells) -> Written:
    rules = WrittenRules(
        from_=cells.get("from"),
        to=cells.get("to"),
        exclude=cells.get("exclude"),
        hours=cells.get("hours"),
        notice=_one(cells, "notice"),
        latest=_one(cells, "latest"),
    )
    return Written(
        services=cells.get("service", ()),
        offices=cells.get("office", ()),
        contact=Contact(**{name: _one(cells, name) for name in CONTACT}),
        language=_one(cells, "language") or "de",
        rules=rules,
        mode=_one(cells, "mode") or "auto",
        until=_one(cells, "until"),
    )


def _one(cells: Cells, column: str) -> str:
    return cells.get(column, ("",))[0] if cells.get(column) else ""


def _csv_rows(text: str, path: Path) -> list[Row]:
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise Unreadable(f"{path}, line {reader.line_num}: {error}.") from None
    if not lines:
        raise Unreadable(f"{path} is empty.")
    names = [name.strip().lower() for name in lines[0]]
    _check_columns(names, path)
    return [
        Row(number, _csv_cells(names, line))
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]


def _csv_cells(names: list[str], line: list[str]) -> Cells:
    cells = {name: _split(name, cell) for name, cell in zip(names, line, strict=False)}
    surplus = any(cell.strip() for cell in line[len(names) :])
    return cells | ({_SURPLUS: ("",)} if surplus else {})


def _split(name: str, cell: str) -> tuple[str, ...]:
    if name not in LISTS:
        return (cell.strip(),)
    parts = _NUMBERS.split(cell) if name in ("service", "office") else cell.split("|")
    return tuple(part.strip() for part in parts if part.strip())


def _yaml_rows(text: str, path: Path) -> list[Row]:
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Unreadable(f"{path} is not YAML: {_where(error)}.") from None
    if not isinstance(loaded, list) or not all(isinstance(one, dict) for one in loaded):
        raise Unreadable(f"{path} is not a list of wishes.", hint="Each begins with “- service: …”.")
    for one in loaded:
        _check_names(map(str, one), path)
    return [Row(number, _yaml_cells(one)) for number, one in enumerate(loaded, start=1)]


def _yaml_cells(one: Mapping[Any, Any]) -> Cells:
    return {str(name).lower(): tuple(_plain(value) for value in _as_list(value)) for name, value in one.items()}


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _plain(value: Any) -> str:
    """YAML reads 2026-11-24 as a day and yes as true; both are wanted as they were written."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat()[:10] if isinstance(value, date) else str(value).strip()


def _check_columns(names: list[str], path: Path) -> None:
    _check_names(names, path)
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Unreadable(f"{path} lacks the column {', '.join(missing)}.", hint=f"There may be: {', '.join(COLUMNS)}.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Unreadable(f"{path} has the column {', '.join(twice)} twice.")


def _check_names(names: Iterable[str], path: Path) -> None:
    for name in names:
        if name.lower() not in COLUMNS:
            near = process.extractOne(name, COLUMNS)
            hint = f"Did you mean {near[0]}?" if near else ""
            raise Unreadable(f"{path} has an unknown column “{name}”.", hint=hint)


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "it cannot be parsed"
