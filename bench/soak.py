"""A worker's memory, pages and manners over a thousand looks on warm pages, with the City's limit in force."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench import meter, stage
from bench.city import Truth
from bench.figures import Goal, ratio
from bench.looks import Row
from bench.meter import measured
from bench.population import targets_of_the_city
from bench.stage import Scenery
from core.pacing import DEFAULT_LIMIT
from core.slots import BERLIN, Slot, utc_now
from workers import embedded_redis

TARGETS: Final = 20
POINTS: Final = 20  # on the curve
MOST_MIB: Final = 1536.0
FLAT: Final = 1.1  # the last quarter's memory over the first one's
TOO_MANY: Final = 429
AHEAD: Final = timedelta(days=3)
HOURS: Final = (9, 10, 11, 12)

Heard = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    looks: int
    runs: int


@dataclass(frozen=True, slots=True)
class Point:
    """After so many looks. `pool` and `browser` are the open pages as each of the two counts them."""

    looks: int
    mib: float
    pool: int
    browser: int


@dataclass(frozen=True, slots=True)
class Run:
    points: tuple[Point, ...]
    answers: dict[str, int]
    retired: dict[str, int]
    silences: int
    requests: int
    throttled: int
    cpu_ms: float

    @property
    def growth(self) -> float | None:
        memory = [one.mib for one in self.points]
        quarter = max(1, len(memory) // 4)
        return ratio(median(memory[-quarter:]), median(memory[:quarter]))

    @property
    def leaked(self) -> int:
        """Pages that the browser has open and the pool knows nothing of, at any point, or the other way round."""
        return max(abs(one.browser - one.pool) for one in self.points)


@dataclass(frozen=True, slots=True)
class Played:
    runs: tuple[Run, ...]
    seconds: float


async def play(scenery: Scenery, plan: Plan, *, heard: Heard) -> Played:
    began = time.monotonic()
    runs = []
    for number in range(plan.runs):
        own = replace(scenery, folder=scenery.folder / f"run{number + 1}")
        runs.append(await _run(own, plan.looks, heard))
    return Played(tuple(runs), time.monotonic() - began)


def told(played: Played, scenery: Scenery, plan: Plan) -> dict[str, Any]:
    """What the JSON says: medians over the runs, and of what must be nought the worst."""
    runs = played.runs
    growths = [one.growth for one in runs if one.growth is not None]
    return {
        "looks": plan.looks,
        "targets": TARGETS,
        "start_mib": round(median(one.points[0].mib for one in runs), 1),
        "end_mib": round(median(one.points[-1].mib for one in runs), 1),
        "peak_mib": round(median(max(point.mib for point in one.points) for one in runs), 1),
        "growth": round(median(growths), 3),
        "open_pages": [one.points[-1].browser for one in runs],
        "leaked_pages": max(one.leaked for one in runs),
        "throttled": sum(one.throttled for one in runs),
        "answers": [one.answers for one in runs],
        "retired": [one.retired for one in runs],
        "silences": [one.silences for one in runs],
        "requests": [one.requests for one in runs],
        "cpu_ms_per_look": round(median(one.cpu_ms for one in runs), 2),
        "curves": [[(point.looks, round(point.mib, 1)) for point in one.points] for one in runs],
        "goal_mib": MOST_MIB,
        "runs": plan.runs,
        "dialect": scenery.dialect,
        "page": "the City's own" if scenery.frontend else "practice",
        "seconds": round(played.seconds, 1),
    }


def goals(told: dict[str, Any]) -> list[Goal]:
    return [
        Goal("memory of the worker at its peak, MiB", told["peak_mib"], MOST_MIB),
        Goal("memory of the last quarter over the first one's", told["growth"], FLAT),
        Goal("pages leaked", told["leaked_pages"], 0),
        Goal("requests that the City refused as too many", told["throttled"], 0),
    ]


async def _run(scenery: Scenery, looks: int, heard: Heard) -> Run:
    """The Redis is a process apart and not in the worker's memory."""
    scenery.folder.mkdir()
    async with stage.town(scenery) as truth, embedded_redis.running(scenery.folder):
        await truth.release(_slots())
        path = scenery.folder / "order.json"
        path.write_text(json.dumps(_order(scenery, truth)), "utf-8")
        log, command = scenery.logs / "soak.out", [sys.executable, "-m", "bench.mta_soak", str(path)]
        async with measured(command, group=meter.new_group(), log=log) as one:
            row = Row("soak", one, log)
            await row.heard()
            return await _soaked(row, truth, looks, heard)


async def _soaked(row: Row, truth: Truth, looks: int, heard: Heard) -> Run:
    """The first point is when every page has been opened."""
    told = await row.say(str(TARGETS))
    points, cpu = [_point(0, row, told)], row.measured.cpu()
    for done in _steps(looks):
        told = await row.say(str(done - points[-1].looks))
        points.append(_point(done, row, told))
        heard(f"{done:>5} looks  {points[-1].mib:7.1f} MiB  {points[-1].browser} pages  {told['silences']} silences")
    asked = await truth.asked()
    return Run(
        points=tuple(points),
        answers=told["answers"],
        retired=told["retired"],
        silences=told["silences"],
        requests=len(asked),
        throttled=sum(one.status == TOO_MANY for one in asked),
        cpu_ms=(row.measured.cpu() - cpu) * 1000 / looks,
    )


def _steps(looks: int) -> list[int]:
    """After how many looks the memory is read, the last time after all of them."""
    return sorted({round(looks * point / POINTS) for point in range(1, POINTS + 1)} - {0})


def _point(looks: int, row: Row, told: dict[str, Any]) -> Point:
    return Point(looks, row.measured.pss(), told["pages"]["pool"], told["pages"]["browser"])


def _order(scenery: Scenery, truth: Truth) -> dict[str, Any]:
    return {
        "settings": stage.own_values(scenery, truth.url),
        "targets": TARGETS,
        "redis_url": embedded_redis.url(scenery.folder),
    }


def _slots() -> Sequence[Slot]:
    """Some times at each office, so that the calendars are drawn; they please nobody."""
    day = (utc_now().astimezone(BERLIN) + AHEAD).date()
    offices = sorted({min(one.office_ids) for one in targets_of_the_city(TARGETS)})
    return [
        Slot(datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN), office)
        for office in offices
        for hour in HOURS
    ]


def scenery(folder: Path, dialect: str, frontend: Path | None, seed: int) -> Scenery:
    """The City with its own limit, and room for every page."""
    return Scenery(folder, dialect, frontend, seed, moods=("none",), pages=TARGETS, rate_limit=DEFAULT_LIMIT)
