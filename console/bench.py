"""mta bench: what MTA promises, measured against the practice city."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from console import bench_costs, printing
from console.bench_report import Dialect, Frontend, Json, Seed, Store, folder, report, url

app = typer.Typer(help="Measure MTA against the practice city.", no_args_is_help=True)
app.command("looks")(bench_costs.looks)
app.command("hold")(bench_costs.hold)
app.command("rounds")(bench_costs.rounds)
app.command("rush")(bench_costs.rush)
app.command("soak")(bench_costs.soak)
app.command("tell")(bench_costs.tell)


@app.command()
def kill(
    *,
    rounds: Annotated[int, typer.Option(min=1, help="How often something is killed.")] = 20,
    dialect: Dialect = "aug",
    frontend: Frontend = None,
    database: Store = "sqlite",
    seed: Seed = 1,
    warm_ups: Annotated[int, typer.Option(min=1, help="Rounds without a kill before, to see how long one takes.")] = 3,
    json: Json = None,
) -> None:
    """Kill -9 worker, browser, scheduler or Redis at random moments. Status 0 only if nothing was lost or doubled."""
    from bench import chart, kill, stage  # noqa: PLC0415 - no other command pays for the benches

    with folder() as own:
        scenery = stage.Scenery(own, dialect, frontend, seed, database_url=url(database))
        played = asyncio.run(kill.play(scenery, kill.Plan(rounds, warm_ups), heard=_say_round))
    told = kill.told(played, scenery)
    report(told, json, hidden=("kills",), draw=chart.draw)
    raise typer.Exit(1 if played.findings or told["stuck"] else 0)


@app.command()
def crowd(
    *,
    people: Annotated[int, typer.Option(min=1, help="How many wait.")] = 500,
    slots: Annotated[int, typer.Option(min=1, max=140, help="How many slots are released at once.")] = 50,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Worker processes.")] = 4,
    dialect: Dialect = "aug",
    database: Store = "sqlite",
    seed: Seed = 1,
    json: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
) -> None:
    """Release few slots to many people among rivals. Status 0 only if order was kept and nothing doubled or unused."""
    from bench import crowd, stage  # noqa: PLC0415 - no other command pays for the benches

    with folder() as own:
        scenery = stage.Scenery(
            own,
            dialect,
            frontend=None,
            seed=seed,
            database_url=url(database),
            workers=workers,
            moods=crowd.MOODS,
            reservation_minutes=15,
        )
        asked = crowd.Crowd(people, slots)
        played = asyncio.run(crowd.play(scenery, asked))
    outcome = played.outcome
    report(crowd.told(played, scenery, asked), json)
    raise typer.Exit(1 if outcome.double_claims or outcome.unused_slots or outcome.order_violations else 0)


def _say_round(one: Any) -> None:
    printing.say(
        f"round {one.number:>3}  {one.victim:<9} killed at {one.at_ms / 1000:6.2f} s while {one.state:<12} "
        f"{one.ended}, {one.seconds:.1f} s"
    )
