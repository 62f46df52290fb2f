"""mta stats releases: when new slots appear for a service."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from config.settings import Settings
from console import one_look, printing, release_chart, release_words, store
from console.look import Site, chosen_settings
from console.release_report import ReleaseReport, as_facts
from console.store import Store
from core.catalog import Catalog
from core.errors import BadInput
from core.services import ServiceCount
from core.slots import utc_now
from core.wanted import check_wanted, search_services
from models import catalogs, retention
from models import releases as recorded

MOST_DAYS = retention.SLOTS.days
NAMED = 3


def releases(
    service: Annotated[list[str], typer.Argument(help="Its number, or words; typing errors are forgiven.")],
    *,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How far back.")] = 28,
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it, too.")] = None,
    site: Site = "",
    json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False,
) -> None:
    """Tell when new slots appear for a service: as its offices publish it, and as MTA has seen it."""
    chosen = chosen_settings(site=site)
    with store.opened(chosen) as kept:
        catalog = _kept_catalog(kept, chosen)
        if not _is_number(service):
            catalog = catalog or asyncio.run(one_look.catalog_of(kept, chosen))
        report = _report(kept, catalog, _chosen(catalog, service), days=days)
    if png is not None:
        release_chart.draw(report, png)
    if json:
        printing.as_json(as_facts(report) | ({"png": png} if png else {}))
        return
    release_words.tell(report)
    if png is not None:
        printing.remark(f"Drawn: {png}")


def _kept_catalog(kept: Store, chosen: Settings) -> Catalog | None:
    """Of any age: what the offices publish changes seldom, and records can be read without the City."""
    with kept.database.reading() as session:
        snapshot = catalogs.latest(session, chosen.site_url)
    return snapshot.catalog if snapshot else None


def _report(kept: Store, catalog: Catalog | None, service_id: int, *, days: int) -> ReleaseReport:
    now = utc_now()
    since = now - timedelta(days=days)
    with kept.database.reading() as session:
        record = recorded.record(session, service_id, since=since, until=now)
    if catalog is not None and not record.hours:
        check_wanted(catalog, [ServiceCount(service_id)], ())
    return ReleaseReport(service_id, catalog, record, since=since, until=now)


def _chosen(catalog: Catalog | None, service: Sequence[str]) -> int:
    """The number that was given, or the service that is called most like the words."""
    words = " ".join(service)
    if _is_number(service) or catalog is None:
        return int(words)
    found = search_services(catalog, words, limit=NAMED)
    if not found:
        raise BadInput(
            f"Nothing in the City's catalogue is called like “{words}”.",
            field="service",
            hint="Search with: mta catalog search TEXT",
        )
    same = [one for one in found if one.name.casefold() == words.casefold()]
    best = same or [one for one in found if one.score == found[0].score]
    if len(best) > 1:
        names = ", ".join(f"{one.name} ({one.id})" for one in best)
        raise BadInput(f"“{words}” may be several services.", field="service", hint=f"Give the number: {names}.")
    return best[0].id


def _is_number(service: Sequence[str]) -> bool:
    return " ".join(service).isdecimal()
