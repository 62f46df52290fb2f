"""mta portal check: whether the City's pages are still the ones MTA knows."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from config import wiring
from config.settings import Settings
from console import one_look, printing, store
from console.look import Policy, Site, chosen_settings
from core import services
from core.errors import MtaError
from core.footprint import Purpose
from portal.canary import Canary
from portal.drift import Report, Step, Verdict

app = typer.Typer(help="The City's pages.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `check` a word of its own: Typer drops the name of an only command."""


@app.command()
def check(
    service: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE]...", help="Numbers; none: one with and one without captcha."),
    ] = None,
    *,
    site: Site = "",
    captcha: Policy = None,
    json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False,
) -> None:
    """Walk the pages up to the calendar, reserve nothing, and say what differs from what is known of them.

    Status 0 if all is as known, 1 if something differs or could not be seen, 2 for bad input.
    """
    wanted = [services.parse(one).service_id for one in service or ()]
    report = asyncio.run(_report(chosen_settings(site=site, captcha=captcha or ""), wanted))
    if json:
        printing.as_json(as_facts(report))
    else:
        _print(report)
    raise typer.Exit(0 if report.verdict is Verdict.AS_KNOWN else 1)


async def _report(chosen: Settings, wanted: Sequence[int]) -> Report:
    async with one_look.visiting(chosen) as (_, pool), pool.lease("check") as lease:
        report = await Canary(wiring.portal(chosen)).check(lease, wanted)
    with contextlib.suppress(MtaError), store.opened(chosen) as kept:  # where no rows are kept, nobody counts
        await one_look.write_down(kept, chosen, report, Purpose.CHECK)
    return report


def as_facts(report: Report) -> dict[str, Any]:
    return {
        "verdict": str(report.verdict),
        "dialect": str(report.dialect) if report.dialect else None,
        "requests": report.requests,
        "catalogue": _step_facts(report.catalog),
        "services": [
            {"id": walk.service_id, "name": walk.name, "steps": [_step_facts(step) for step in walk.steps]}
            for walk in report.walks
        ],
    }


def _step_facts(step: Step) -> dict[str, Any]:
    return {
        "step": step.name,
        "verdict": str(step.verdict),
        "known": step.known,
        "differs": [{"kind": str(one.kind), "what": one.what} for one in step.differs],
        "unseen": step.unseen,
        "blind": str(step.blind) if step.blind else None,
        "detail": step.detail,
        "evidence": step.evidence,
    }


def _print(report: Report) -> None:
    rows = [("", *row) for row in _rows(report.catalog)]
    for walk in report.walks:
        rows += [(f"{walk.service_id} {walk.name}", "", "", "")]
        rows += [("", *row) for step in walk.steps for row in _rows(step)]
    printing.table(("service", "step", "is", "what"), rows)
    asked = f"{report.requests} requests to the City" if report.requests != 1 else "one request to the City"
    printing.facts(
        {
            "all in all": report.verdict,
            "City's generation": report.dialect or "unknown",
            "took": asked,
            "kept": ", ".join(file for step in report.steps for file in step.evidence),
        }
    )


def _rows(step: Step) -> Iterator[tuple[str, str, str]]:
    """The step with what it is about, then a line for each thing worth reading."""
    told = [f"{one.kind}: {one.what}" for one in step.differs]
    told += [f"{step.blind}: {step.detail}"] if step.blind else []
    told += [f"not seen: {one}" for one in step.unseen]
    known = {0: [], 1: ["1 thing as known"]}.get(len(step.known), [f"{len(step.known)} things as known"])
    first, *others = [*told, *known] or [""]
    yield step.name, str(step.verdict), first
    for one in others:
        yield "", "", one
