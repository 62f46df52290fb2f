"""mta bench: what MTA promises, measured against the practice city."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from console import printing
from console.rehearsal import Generation
from core.errors import BadInput

app = typer.Typer(help="Measure MTA against the practice city.", no_args_is_help=True)

Frontend = Annotated[Path | None, typer.Option(help="A built copy of the City's own page to book through.")]
Json = Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")]
Store = Annotated[str, typer.Option("--database", help="sqlite, or postgresql+psycopg://… of an empty database.")]
Seed = Annotated[int, typer.Option(help="The same seed draws the same kills and the same city.")]


@app.command()
def kill(
    *,
    rounds: Annotated[int, typer.Option(min=1, help="How often something is killed.")] = 20,
    dialect: Annotated[Generation, typer.Option(help="Generation of the City's API and page.")] = "aug",
    frontend: Frontend = None,
    database: Store = "sqlite",
    seed: Seed = 1,
    warm_ups: Annotated[int, typer.Option(min=1, help="Rounds without a kill before, to see how long one takes.")] = 3,
    json: Json = None,
) -> None:
    """Kill -9 worker, browser, scheduler or Redis at random moments. Status 0 only if nothing was lost or doubled."""
    from bench import chart, kill, stage  # noqa: PLC0415 - no other command pays for the benches

    with _folder() as folder:
        scenery = stage.Scenery(folder, dialect, frontend, seed, database_url=_url(database))
        played = asyncio.run(kill.play(scenery, kill.Plan(rounds, warm_ups), heard=_say_round))
    told = kill.told(played, scenery)
    if json is not None:
        chart.draw(told, json.with_suffix(".png"))
    _report(told, json, hidden="kills")
    raise typer.Exit(1 if played.findings or told["stuck"] else 0)


@app.command()
def crowd(
    *,
    people: Annotated[int, typer.Option(min=1, help="How many wait.")] = 500,
    slots: Annotated[int, typer.Option(min=1, max=140, help="How many slots are released at once.")] = 50,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Worker processes.")] = 4,
    dialect: Annotated[Generation, typer.Option(help="Generation of the City's API and page.")] = "aug",
    database: Store = "sqlite",
    seed: Seed = 1,
    json: Json = None,
) -> None:
    """Release few slots to many people among rivals. Status 0 only if order was kept and nothing doubled or unused."""
    from bench import crowd, stage  # noqa: PLC0415 - no other command pays for the benches

    with _folder() as folder:
        scenery = stage.Scenery(
            folder,
            dialect,
            frontend=None,
            seed=seed,
            database_url=_url(database),
            workers=workers,
            moods=crowd.MOODS,
            reservation_minutes=15,
        )
        asked = crowd.Crowd(people, slots)
        played = asyncio.run(crowd.play(scenery, asked))
    outcome = played.outcome
    _report(crowd.told(played, scenery, asked), json)
    raise typer.Exit(1 if outcome.double_claims or outcome.unused_slots or outcome.order_violations else 0)


def _say_round(one: Any) -> None:
    printing.say(
        f"round {one.number:>3}  {one.victim:<9} killed at {one.at_ms / 1000:6.2f} s while {one.state:<12} "
        f"{one.ended}, {one.seconds:.1f} s"
    )


def _report(told: dict[str, Any], json: Path | None, *, hidden: str = "") -> None:
    printing.say("")
    for name, value in told.items():
        if name != hidden:
            printing.say(f"{name:<22} {value}")
    if json is not None:
        json.parent.mkdir(parents=True, exist_ok=True)
        json.write_text(printing.to_json(told) + "\n", "utf-8")


def _url(database: str) -> str:
    if database == "sqlite":
        return ""
    if not database.startswith("postgres"):
        raise BadInput("The database is sqlite or a PostgreSQL address.", field="database")
    return database


@contextmanager
def _folder() -> Iterator[Path]:
    """A short path, since sockets lie in it; kept when the bench breaks off, for its logs."""
    folder = Path(tempfile.mkdtemp(prefix="mta-bench-"))
    try:
        yield folder
    except BaseException:
        printing.remark(f"Logs and rows: {folder}")
        raise
    shutil.rmtree(folder, ignore_errors=True)
