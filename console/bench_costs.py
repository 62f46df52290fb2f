"""mta bench looks, hold, rounds, rush, soak, tell: what MTA costs and how fast it is. A missed goal is no failure."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import printing
from console.bench_report import Dialect, Frontend, Json, Seed, folder, report, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.figures import Goal

PEERS = Path(".venv-bench/bin/python")

Runs = Annotated[int, typer.Option(min=1, help="How often each is measured, in turn; the medians count.")]


def looks(
    *,
    looks: Annotated[int, typer.Option(min=1, help="Looks in each run of each row, at least.")] = 10,
    runs: Runs = 5,
    times: Annotated[int, typer.Option(min=0, max=14, help="Times that are free meanwhile; 0: nothing is.")] = 8,
    dialect: Dialect = "aug",
    frontend: Frontend = None,
    peers: Annotated[Path, typer.Option(help="The Python that has Crawlee: make bench sets it up.")] = PEERS,
    seed: Seed = 1,
    json: Json = None,
) -> None:
    """Measure what one look costs, beside other ways to the same answer. Status 0 once it was measured."""
    from bench import looks as measured  # noqa: PLC0415
    from bench import pictures, stage  # noqa: PLC0415 - no other command pays for the benches

    if not peers.exists():
        printing.remark(f"There is no {peers}, so the row crawlee is left out. deploy/bench.sh sets it up.")
    with folder() as own:
        scenery = stage.Scenery(own, dialect, frontend, seed, moods=("none",))
        plan = measured.Plan(looks, runs, times, peers if peers.exists() else None)
        told = measured.told(asyncio.run(measured.play(scenery, plan, heard=printing.say)), scenery, plan)
    table(told["rows"], ("cpu_ms", "wall_ms", "pss_mib", "requests"))
    report(told, json, hidden=("rows",), draw=pictures.looks)
    _say(measured.goals(told))


def hold(
    *,
    repetitions: Annotated[int, typer.Option(min=1, help="Slots released at each pace in each run.")] = 5,
    runs: Runs = 2,
    dialect: Dialect = "aug",
    frontend: Frontend = None,
    seed: Seed = 1,
    json: Json = None,
) -> None:
    """Measure from the answer that shows a slot to its hold, at both paces. Status 0 once it was measured."""
    from bench import hold as measured  # noqa: PLC0415
    from bench import pictures, stage  # noqa: PLC0415

    with folder() as own:
        scenery = stage.Scenery(own, dialect, frontend, seed, moods=("none",))
        plan = measured.Plan(repetitions, runs)
        told = measured.told(asyncio.run(measured.play(scenery, plan, heard=printing.say)), scenery, plan)
    table({pace: told[pace] for pace in measured.TIMINGS}, ("count", "missed", "p50", "p95"))
    report(told, json, hidden=(*measured.TIMINGS, "waits"), draw=pictures.hold)
    _say(measured.goals(told))


def rounds(
    *,
    seconds: Annotated[float, typer.Option(min=1, help="How long the City's requests are counted, at least.")] = 20,
    runs: Runs = 5,
    watches: Annotated[int, typer.Option(min=12, help="As many as are waiting in the end.")] = 10_000,
    dialect: Dialect = "aug",
    frontend: Frontend = None,
    seed: Seed = 1,
    json: Json = None,
) -> None:
    """Measure what many watches cost the City, the scheduler and the disk. Status 0 once it was measured."""
    from bench import pictures, stage  # noqa: PLC0415
    from bench import rounds as measured  # noqa: PLC0415

    with folder() as own:
        scenery = stage.Scenery(
            own,
            dialect,
            frontend,
            seed,
            moods=("none",),
            pages=measured.TARGETS,
            look_every=f"PT{measured.LOOK_EVERY}S",
        )
        plan = measured.Plan(seconds, runs, watches)
        told = measured.told(asyncio.run(measured.play(scenery, plan, heard=printing.say)), scenery, plan)
    report(told, json, hidden=("scheduler_rounds_cpu_s", "goal_round_cpu_s"), draw=pictures.rounds)
    _say(measured.goals(told))


def rush(
    *,
    people: Annotated[int, typer.Option(min=1, help="How many wait at MTA, and as many at the poller.")] = 200,
    slots: Annotated[int, typer.Option(min=1, max=168, help="How many slots are released at once.")] = 50,
    rivals: Annotated[float, typer.Option(min=0, help="Slots a minute that others take.")] = 30,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Worker processes.")] = 2,
    limit: Annotated[int, typer.Option(min=0, help="The City's, requests of an address; 0 lifts it.")] = 0,
    runs: Runs = 3,
    dialect: Dialect = "aug",
    frontend: Frontend = None,
    seed: Seed = 1,
    json: Json = None,
) -> None:
    """Release many slots at once and count who gets them: MTA's people, a simple poller's, rivals. Status 0."""
    from bench import pictures, stage  # noqa: PLC0415
    from bench import rush as measured  # noqa: PLC0415

    with folder() as own:
        scenery = stage.Scenery(
            own,
            dialect,
            frontend,
            seed,
            workers=workers,
            moods=("none",),
            reservation_minutes=15,
            look_every=measured.LOOK_EVERY,
            rate_limit=limit or stage.NO_LIMIT,
        )
        plan = measured.Plan(people, slots, rivals, runs)
        told = measured.told(asyncio.run(measured.play(scenery, plan, heard=printing.say)), scenery, plan)
    report(told, json, hidden=("curves",), draw=pictures.rush)


def soak(
    *,
    looks: Annotated[int, typer.Option(min=1, help="Looks on the warm pages.")] = 1000,
    runs: Annotated[int, typer.Option(min=1, help="How often, each time with a new worker.")] = 1,
    dialect: Dialect = "aug",
    frontend: Frontend = None,
    seed: Seed = 1,
    json: Json = None,
) -> None:
    """Let a worker look a thousand times on twenty warm pages; watch its memory and manners. Status 0."""
    from bench import pictures  # noqa: PLC0415
    from bench import soak as measured  # noqa: PLC0415

    with folder() as own:
        scenery = measured.scenery(own, dialect, frontend, seed)
        plan = measured.Plan(looks, runs)
        told = measured.told(asyncio.run(measured.play(scenery, plan, heard=printing.say)), scenery, plan)
    report(told, json, hidden=("curves", "goal_mib"), draw=pictures.soak)
    _say(measured.goals(told))


def tell(
    *,
    notices: Annotated[int, typer.Option(min=3, help="Changes at a natural pace whose way is timed.")] = 210,
    pause: Annotated[float, typer.Option(min=0.01, help="Seconds between two of them, on average.")] = 0.25,
    chats: Annotated[int, typer.Option(min=1, help="Chats that are told something in one moment.")] = 200,
    each: Annotated[int, typer.Option(min=1, help="Messages to each of them.")] = 5,
    to_one: Annotated[int, typer.Option(min=1, help="Messages to one more chat in the same moment.")] = 20,
    kill_chats: Annotated[int, typer.Option(min=1, help="Chats in the run with kills.")] = 60,
    kills: Annotated[int, typer.Option(min=1, help="How often the bot is killed in it.")] = 5,
    away: Annotated[float, typer.Option(min=0, help="Seconds that Telegram is away in it.")] = 3,
    seed: Seed = 1,
    json: Json = None,
) -> None:
    """Measure from a change to the message about it; then tell a crowd at once, and through kills. Status 0."""
    from bench import pictures  # noqa: PLC0415
    from bench import tell as measured  # noqa: PLC0415

    with folder() as own:
        plan = measured.Plan(notices, pause, chats, each, to_one, kill_chats, kills, away)
        told = measured.told(asyncio.run(measured.play(own, plan, seed=seed, heard=printing.say)), plan, seed=seed)
    report(told, json, hidden=("waits", "curves", "goal_ms"), draw=pictures.tell)
    _say(measured.goals(told))


def _say(goals: "Iterable[Goal]") -> None:
    for goal in goals:
        printing.say(str(goal))
