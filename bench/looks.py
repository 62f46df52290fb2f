"""What one look costs: MTA's warm look beside other ways to the same answer, all of them in turn in one run."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.async_api import async_playwright

from bench import meter, stage
from bench.city import Truth
from bench.figures import Goal, medians, ratio
from bench.meter import Measured, measured
from bench.peers import visitor
from bench.stage import Scenery
from browser_profiles.finding import find_browser
from core.errors import MtaError
from core.slots import BERLIN, Slot, utc_now
from portal import links

SERVICE: Final = 1064305  # Fahrzeug abmelden, at one office and without the captcha box
OFFICE: Final = 102101
ROWS: Final = ("launch", "crawlee", "reload", "mta", "inpage", "http")
PEER: Final = "crawlee"  # the row whose interpreter is another
AHEAD: Final = timedelta(days=2)
AT_LEAST: Final = 1.0  # seconds that a run of a row lasts, so that cheap looks are many
TAIL: Final = 0.3  # seconds after a run in which what it left to be done is still counted
OF_LAUNCH: Final = 1 / 60
OF_INPAGE: Final = 2.0
AVAILABLE: Final = "/available-"

Heard = Callable[[str], None]


class RowEnded(MtaError):
    """A way to look that is measured broke off; the text says where its last words are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`looks` at least in each of the `runs` of each row, while so many `times` are free on one day.

    `peers` is the interpreter that has Crawlee, if one has.
    """

    looks: int
    runs: int
    times: int
    peers: Path | None


@dataclass(frozen=True, slots=True)
class Order:
    """What every way is told. `times` are shown as `moments` (unix seconds); `addresses` are the page's own questions.

    `settings` are MTA's.
    """

    url: str
    service: int
    office: int
    times: tuple[str, ...]
    moments: tuple[int, ...]
    addresses: tuple[str, ...]
    browser: str
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Played:
    """Each row's runs, with milliseconds and requests a look and MiB."""

    rows: dict[str, list[dict[str, float]]]
    counted_by: str
    seconds: float


async def play(scenery: Scenery, plan: Plan, *, heard: Heard) -> Played:
    began = time.monotonic()
    async with stage.town(scenery) as truth, AsyncExitStack() as stack:
        order = await _order(scenery, truth, times=plan.times)
        path = scenery.folder / "order.json"
        path.write_text(json.dumps(asdict(order)), "utf-8")
        names = [name for name in ROWS if name != PEER or plan.peers is not None]
        rows = {name: await stack.enter_async_context(_started(name, path, scenery, plan)) for name in names}
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
        for number in range(plan.runs):
            for name in rotated(names, number):
                runs[name].append(await rows[name].run(truth, looks=plan.looks))
                heard(f"run {number + 1}  {name:<8} {runs[name][-1]['cpu_ms']:8.1f} ms of processor time a look")
        counted_by = "control group" if rows["mta"].measured.group else "/proc"
    return Played(runs, counted_by, time.monotonic() - began)


def told(played: Played, scenery: Scenery, plan: Plan) -> dict[str, Any]:
    """What the JSON says."""
    rows = {name: medians(runs) for name, runs in played.rows.items()}
    return {
        "rows": {name: _rounded(row) | {"runs": list(map(_rounded, played.rows[name]))} for name, row in rows.items()},
        "ratio_vs_launch": ratio(rows["mta"]["cpu_ms"], rows["launch"]["cpu_ms"]),
        "ratio_vs_inpage": ratio(rows["mta"]["cpu_ms"], rows["inpage"]["cpu_ms"]),
        "left_out": [name for name in ROWS if name not in rows],
        "runs": plan.runs,
        "looks": plan.looks,
        "times": plan.times,
        "counted_by": played.counted_by,
        "dialect": scenery.dialect,
        "page": "the City's own" if scenery.frontend else "practice",
        "seconds": round(played.seconds, 1),
    }


def goals(told: dict[str, Any]) -> list[Goal]:
    return [
        Goal("processor time of MTA's look, as a share of launching a browser", told["ratio_vs_launch"], OF_LAUNCH),
        Goal("processor time of MTA's look, in bare questions inside the page", told["ratio_vs_inpage"], OF_INPAGE),
    ]


class Row:
    """One way to look, waiting in a process of its own for the next run."""

    def __init__(self, name: str, measured: Measured, log: Path) -> None:
        self.name = name
        self.measured = measured
        self._log = log

    async def run(self, truth: Truth, *, looks: int) -> dict[str, float]:
        """Looks under the meter, then one more that stands still while its memory is read."""
        cpu, requests = self.measured.cpu(), await truth.requests()
        told = await self.say(f"look {looks} {AT_LEAST}")
        await asyncio.sleep(TAIL)
        done = told["looks"]
        figures = {
            "cpu_ms": (self.measured.cpu() - cpu) * 1000 / done,
            "wall_ms": told["seconds"] * 1000 / done,
            "requests": (await truth.requests() - requests) / done,
        }
        await self.say("stand")
        figures["pss_mib"] = self.measured.pss()
        await self.say("go on")
        return figures

    async def say(self, line: str) -> dict[str, Any]:
        process = self.measured.process
        if process.stdin is not None and line:
            process.stdin.write(f"{line}\n".encode())
        return await self.heard()

    async def heard(self) -> dict[str, Any]:
        output = self.measured.process.stdout
        answer = await output.readline() if output is not None else b""
        if not answer:
            raise RowEnded(f"The row {self.name} broke off; its last words are in {self._log}")
        told: dict[str, Any] = json.loads(answer)
        return told


@asynccontextmanager
async def _started(name: str, order: Path, scenery: Scenery, plan: Plan) -> AsyncIterator[Row]:
    """Up and warm: a look has been made that is not measured."""
    log = scenery.logs / f"{name}.out"
    async with measured(_command(name, order, plan), group=meter.new_group(), log=log) as one:
        row = Row(name, one, log)
        await row.heard()
        await row.say("look 2 0")
        yield row


def _command(name: str, order: Path, plan: Plan) -> list[str]:
    if name == PEER:
        return [str(plan.peers), "-m", "bench.peers.crawlee_looks", str(order)]
    program = {"mta": ["bench.mta_looks"], "http": ["bench.peers.bare_http"]}.get(name, ["bench.peers.scripts", name])
    return [sys.executable, "-m", *program, str(order)]


def rotated(names: Sequence[str], number: int) -> list[str]:
    """Each run begins with another row, so that none always follows the same one."""
    first = number % len(names)
    return [*names[first:], *names[:first]]


def _rounded(row: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in row.items()}


async def _order(scenery: Scenery, truth: Truth, *, times: int) -> Order:
    """Put the times on offer, and listen to what the page asks for them."""
    slots = _offered(times)
    await truth.release(slots)
    url = links.target_link(truth.url, service_id=SERVICE, office_id=OFFICE)
    shown = tuple(f"{slot.local:%H:%M}" for slot in slots)
    own = stage.own_values(scenery, truth.url) | {"timing": ""}
    async with async_playwright() as playwright:
        found = await find_browser(playwright, stage.own_settings(scenery, truth.url)[0].browser_path, "shell")
        browser = str(found.path or "")
        addresses = await _overheard(playwright, url, browser, shown)
    return Order(
        url=url,
        service=SERVICE,
        office=OFFICE,
        times=shown,
        moments=tuple(slot.unix for slot in slots),
        addresses=tuple(addresses),
        browser=browser,
        settings=own | {"browser_path": browser},
    )


async def _overheard(playwright: Any, url: str, browser: str, times: Sequence[str]) -> list[str]:
    chromium = await playwright.chromium.launch(**visitor.where(browser))
    page = await chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await visitor.open_calendar(page, url, times)
    await chromium.close()
    return list(dict.fromkeys(address for address in asked if AVAILABLE in address))


def _offered(times: int) -> list[Slot]:
    day = (utc_now().astimezone(BERLIN) + AHEAD).date()
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=BERLIN)
    return [Slot(nine + place * timedelta(minutes=30), OFFICE) for place in range(times)]
