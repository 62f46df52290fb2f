"""mta doctor: whether this machine can do the job, and what to mend where not."""

import asyncio
from typing import Annotated

import typer
from rich.text import Text

from config.settings import Settings
from console import checks, printing
from console.checks import Finding, Level
from console.look import Site, chosen_settings

COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


def doctor(
    *,
    site: Site = "",
    json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False,
) -> None:
    """Check browser, Redis, database, keys, profile, Telegram and the City's page. Status 1 if anything fails."""
    findings = asyncio.run(_examine(chosen_settings(site=site), loud=not json))
    if json:
        printing.as_json([{"name": f.name, "level": str(f.level), "found": f.found, "mend": f.mend} for f in findings])
    raise typer.Exit(1 if any(one.level is Level.FAIL for one in findings) else 0)


async def _examine(chosen: Settings, *, loud: bool) -> list[Finding]:
    findings = []
    for check in checks.EVERY:
        findings.append(await check(chosen))
        if loud:
            _print(findings[-1])
    return findings


def _print(finding: Finding) -> None:
    out = printing.screen()
    out.print(
        Text(f"{finding.level:<5}", style=COLOURS[finding.level]).append(f"{finding.name:<9} {finding.found}", "")
    )
    if finding.mend:
        out.print(Text(f"{'':<15}→ {finding.mend}"))
