"""What the benches have in common: their options, their folder, and how they say, write and draw what they found."""

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from console import printing
from console.rehearsal import Generation
from core.errors import BadInput

Dialect = Annotated[Generation, typer.Option(help="Generation of the City's API and page.")]
Frontend = Annotated[Path | None, typer.Option(help="A built copy of the City's own page to use.")]
Json = Annotated[Path | None, typer.Option("--json", help="Write every figure to this file, and a chart beside it.")]
Store = Annotated[str, typer.Option("--database", help="sqlite, or postgresql+psycopg://… of an empty database.")]
Seed = Annotated[int, typer.Option(help="The same seed draws the same chances and the same city.")]

Draw = Callable[[dict[str, Any], Path], None]


def report(told: dict[str, Any], json: Path | None, *, hidden: Collection[str] = (), draw: Draw | None = None) -> None:
    """`hidden` are keys that only the file needs."""
    printing.say("")
    for name, value in told.items():
        if name not in hidden:
            printing.say(f"{name:<22} {value}")
    if json is not None:
        json.parent.mkdir(parents=True, exist_ok=True)
        json.write_text(printing.to_json(told) + "\n", "utf-8")
        if draw is not None:
            draw(told, json.with_suffix(".png"))


def table(rows: dict[str, dict[str, Any]], columns: Sequence[str]) -> None:
    printing.say("")
    printing.table(("", *columns), [(name, *(row.get(column) for column in columns)) for name, row in rows.items()])


def url(database: str) -> str:
    if database == "sqlite":
        return ""
    if not database.startswith("postgres"):
        raise BadInput("The database is sqlite or a PostgreSQL address.", field="database")
    return database


@contextmanager
def folder() -> Iterator[Path]:
    """A short path, since sockets lie in it; kept when the bench breaks off, for its logs."""
    made = Path(tempfile.mkdtemp(prefix="mta-bench-"))
    try:
        yield made
    except BaseException:
        printing.remark(f"Logs and rows: {made}")
        raise
    shutil.rmtree(made, ignore_errors=True)
