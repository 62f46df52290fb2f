"""mta batch run: many wishes from one file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from config import settings, wiring
from config.settings import Settings
from console import batch_file, nearest, one_look, printing, settlement, store, wishing
from console.batch_file import BrokenRow, Row
from console.settlement import Outcome
from console.store import Store
from console.wishing import Wish
from core.caps import Caps
from core.catalog import Catalog
from core.errors import BadInput
from core.slots import utc_now
from workers.queue import Queue, QueueUnreachable

app = typer.Typer(help="Many wishes at once.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `run` a word of its own: Typer drops the name of an only command."""


@dataclass(frozen=True, slots=True)
class Line:
    """What became of a row. `ok` False: it was broken, or its wish came to nothing."""

    row: int
    ok: bool
    outcome: str
    watch: int | None = None
    column: str = ""

    def as_facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("row", "ok", "outcome", "watch", "column")}


@app.command()
def run(
    file: Annotated[Path, typer.Argument(help="CSV or YAML; docs/operators-manual.md has the columns.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow every watch until it is settled.")] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that --wait waits at most.")] = 3600,
    yes_i_am_mandated: Annotated[
        bool, typer.Option("--yes-i-am-mandated", help="Everybody in the file asked for this; it is recorded.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False,
) -> None:
    """Open a watch for each row. Status 0 if all rows went well, 1 if some did not, 2 if the file is unreadable."""
    chosen, rows = settings.load(), batch_file.read(file)
    with store.opened(chosen) as kept:
        catalog = asyncio.run(one_look.catalog_of(kept, chosen))
        judged = [_judge(row, catalog, mandated=yes_i_am_mandated) for row in rows]
        lines = _tried(judged) if dry_run else _written(kept, chosen, judged, catalog, quiet=json)
        if wait and not dry_run:
            lines = _followed(kept, lines, within=timedelta(seconds=timeout), quiet=json)
    _report(lines, json=json)
    raise typer.Exit(0 if all(line.ok for line in lines) else 1)


def _judge(row: Row, catalog: Catalog, *, mandated: bool) -> tuple[Row, Wish] | BrokenRow:
    named = {"services": row.cells.get("service", ()), "offices": row.cells.get("office", ())}
    try:
        batch_file.in_row(row, lambda: nearest.refuse_names(catalog, **named))
        wish = batch_file.wish_of(row, mandated=mandated, now=utc_now())
        batch_file.in_row(row, lambda: wishing.check(wish, catalog))
    except BrokenRow as broken:
        return broken
    return row, wish


def _tried(judged: Sequence[tuple[Row, Wish] | BrokenRow]) -> list[Line]:
    return [
        _broken(one) if isinstance(one, BrokenRow) else Line(one[0].number, ok=True, outcome="would be watched")
        for one in judged
    ]


def _written(
    kept: Store, chosen: Settings, judged: Sequence[tuple[Row, Wish] | BrokenRow], catalog: Catalog, *, quiet: bool
) -> list[Line]:
    caps = wiring.caps(chosen)
    with store.reached(chosen) as queue:
        return [
            _broken(one) if isinstance(one, BrokenRow) else _open(kept, queue, *one, catalog=catalog, caps=caps)
            for one in track(judged, "Opening watches", console=printing.aside(), disable=quiet, transient=True)
        ]


def _open(kept: Store, queue: Queue, row: Row, wish: Wish, *, catalog: Catalog, caps: Caps) -> Line:
    try:
        watch = kept.database.transact(
            lambda session: wishing.write(session, kept.keyring, wish, catalog=catalog, caps=caps, now=utc_now())
        )
    except BadInput as refused:
        return Line(row.number, ok=False, outcome=str(refused))
    try:
        queue.first_look(kept.database, watch.target_id)
    except QueueUnreachable:
        return Line(row.number, ok=True, outcome="watched; looked at once MTA runs (mta up)", watch=watch.id)
    return Line(row.number, ok=True, outcome="watched", watch=watch.id)


def _followed(kept: Store, lines: Sequence[Line], *, within: timedelta, quiet: bool) -> list[Line]:
    watch_ids = [line.watch for line in lines if line.watch is not None]
    if not watch_ids:
        return list(lines)
    ends = asyncio.run(settlement.follow(kept.database, watch_ids, within=within, progress=not quiet))
    return [line if line.watch is None else _settled(line, ends[line.watch]) for line in lines]


def _settled(line: Line, end: Outcome) -> Line:
    return Line(line.row, ok=end.ok, outcome=end.sentence, watch=line.watch)


def _broken(broken: BrokenRow) -> Line:
    return Line(broken.number, ok=False, outcome=str(broken), column=broken.field)


def _report(lines: Sequence[Line], *, json: bool) -> None:
    if json:
        printing.as_json([line.as_facts() for line in lines])
        return
    printing.table(
        ("row", "", "watch", "what became of it"),
        [(line.row, "ok" if line.ok else "failed", line.watch, line.outcome) for line in lines],
    )
