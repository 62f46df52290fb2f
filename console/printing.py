"""How answers reach the operator: tables on standard output, remarks on standard error, or JSON alone."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.slots import BERLIN

PLAIN_WIDTH = 240  # into a pipe nothing is folded
JSON_HELP = "Print nothing but JSON."


def screen() -> Console:
    return _console(stderr=False)


def aside() -> Console:
    """For remarks that are not the answer: standard error, so that the answer can be piped on."""
    return _console(stderr=True)


def remark(sentence: str) -> None:
    aside().print(Text(sentence), soft_wrap=True)


def say(sentence: str) -> None:
    screen().print(Text(sentence), soft_wrap=True)


def as_json(answer: Any) -> None:
    sys.stdout.write(to_json(answer) + "\n")


def to_json(answer: Any) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=2, default=_plain)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str = "") -> None:
    """A table with lines on a terminal, plain columns anywhere else; `empty` is said where there are no rows."""
    out, filled = screen(), list(rows)
    if empty and not filled:
        say(empty)
        return
    drawn = Table(
        *columns,
        box=box.ROUNDED if out.is_terminal else None,
        pad_edge=out.is_terminal,
        padding=(0, 1) if out.is_terminal else (0, 3, 0, 0),
    )
    for row in filled:
        drawn.add_row(*(Text(_cell(value)) for value in row))
    out.print(drawn)


def facts(pairs: Mapping[str, object]) -> None:
    """Names and values, one a line; those without a value are left out."""
    out = screen()
    width = max((len(name) for name in pairs), default=0) + 2
    for name, value in pairs.items():
        if value not in (None, "", (), []):
            line = Text(f"{name.replace('_', ' ')}:".ljust(width), style="dim")
            out.print(line.append(_cell(value), style="default"), soft_wrap=True)


def berlin(moment: datetime | None) -> str:
    return moment.astimezone(BERLIN).strftime("%a %d %b %Y %H:%M") if moment else ""


def to_the_millisecond(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%H:%M:%S.%f")[:-3]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return berlin(value) if isinstance(value, datetime) else str(value)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else PLAIN_WIDTH)
