"""mta look: one look, here and now."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Annotated, Any, Literal

import typer
from rich.text import Text

from bot import texts
from config import settings
from config.settings import Settings
from console import arguments, nearest, one_look, printing, store
from console.store import Store
from core import services
from core.catalog import Catalog
from core.footprint import Purpose
from core.looks import Answer, Look
from core.services import ServiceCount
from core.slots import Slot, utc_now
from core.targets import Target
from core.wanted import check_wanted
from models import catalogs

Services = Annotated[list[str], typer.Argument(metavar="SERVICE[=COUNT]", help="Numbers; several are combined.")]
Offices = Annotated[list[str] | None, typer.Option(metavar="NUMBER", help="Several times; none: all that offer it.")]
Site = Annotated[str, typer.Option(help="Another booking page than MTA_SITE_URL.")]
Policy = Annotated[
    Literal["browser", "person", "stop"] | None, typer.Option(help="Who ticks the captcha box; default MTA_CAPTCHA.")
]


def look(
    service: Services,
    *,
    office: Offices = None,
    site: Site = "",
    captcha: Policy = None,
    days: Annotated[int | None, typer.Option(min=0, help="Ask the times of so many days ahead only.")] = None,
    json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False,
) -> None:
    """Look once and say what was seen. Status 0 for free or none, 1 if the City could not be seen, 2 for bad input."""
    chosen = chosen_settings(site=site, captcha=captcha or "")
    with store.opened(chosen) as kept:
        nearest.refuse_words(kept, chosen, services=service, offices=office or ())
        target = Target(services.parse_all(service), frozenset(arguments.office_ids(office or ())))
        seen, catalog = asyncio.run(_look(kept, chosen, target, days=days))
    if json:
        printing.as_json(as_facts(seen, catalog))
    else:
        _print(seen, target.services, catalog)
    raise typer.Exit(0 if seen.sighted else 1)


def chosen_settings(*, site: str = "", captcha: str = "") -> Settings:
    given = {"site_url": site, "captcha": captcha}
    return settings.load(**{name: value for name, value in given.items() if value})


async def _look(kept: Store, chosen: Settings, target: Target, *, days: int | None) -> tuple[Look, Catalog]:
    """The catalogue is asked before the City is; a kept one saves opening the page twice."""
    snapshot = await kept.database.read(lambda session: catalogs.latest(session, chosen.site_url))
    known = snapshot.catalog if snapshot is not None and catalogs.is_fresh(snapshot.fetched_at, now=utc_now()) else None
    if known is not None:
        check_wanted(known, target.services, sorted(target.office_ids))
    async with one_look.visiting(chosen) as (portal, pool), pool.lease(target.key) as lease:
        if known is None:
            known = await one_look.fetch(kept, chosen, portal=portal, lease=lease)
            check_wanted(known, target.services, sorted(target.office_ids))
        async with one_look.counted(kept, chosen, portal, lease, Purpose.LOOK):
            return await one_look.look_once(portal, lease, target, days=days), known


def as_facts(seen: Look, catalog: Catalog) -> dict[str, Any]:
    return {
        "answer": str(seen.answer),
        "dialect": str(seen.dialect) if seen.dialect else None,
        "detail": seen.detail,
        "started_at": seen.started_at,
        "finished_at": seen.finished_at,
        "ms": _milliseconds(seen),
        "requests": seen.requests,
        "budget": _budget(seen),
        "days": seen.days,
        "unread_days": seen.unread_days,
        "slots": [
            {
                "office_id": slot.office_id,
                "office": store.office_name(catalog, slot.office_id),
                "starts_at": slot.starts_at,
                "unix": slot.unix,
            }
            for slot in seen.slots
        ],
        "evidence": list(seen.evidence),
    }


def _budget(seen: Look) -> dict[str, Any] | None:
    if seen.budget is None:
        return None
    return {"limit": seen.budget.limit, "remaining": seen.budget.remaining, "resets_at": seen.budget.resets_at}


def _print(seen: Look, wanted: Sequence[ServiceCount], catalog: Catalog) -> None:
    out = printing.screen()
    names = ", ".join(f"{one.count} x {store.service_name(catalog, one.service_id)}" for one in wanted)
    out.print(Text(f"{names}: {seen.answer}", style="bold"))
    out.print(Text(texts.answer(seen.answer, "en") + (f" {seen.detail}" if seen.detail else "")))
    printing.facts(
        {
            "City's generation": seen.dialect or "unknown",
            "took": f"{_milliseconds(seen)} ms, {seen.requests} requests to the City",
            "City's budget": f"{seen.budget.remaining} of {seen.budget.limit} left" if seen.budget else "",
            "days on offer": len(seen.days) or "",
            "days not read": ", ".join(day.isoformat() for day in seen.unread_days),
            "what to do": one_look.WHY_UNREACHABLE if seen.answer is Answer.FAILED else "",
            "kept": ", ".join(seen.evidence),
        }
    )
    if seen.slots:
        printing.table(("office", "where", "day", "times (Munich)"), _rows(seen.slots, catalog))


def _rows(slots: Sequence[Slot], catalog: Catalog) -> Iterator[tuple[object, ...]]:
    ordered = sorted(slots, key=lambda slot: (slot.day, slot.office_id, slot.starts_at))
    for (day, office_id), some in groupby(ordered, key=lambda slot: (slot.day, slot.office_id)):
        times = " ".join(slot.local.strftime("%H:%M") for slot in some)
        yield office_id, store.office_name(catalog, office_id), day.strftime("%a %d %b %Y"), times


def _milliseconds(seen: Look) -> int:
    return round((seen.finished_at - seen.started_at).total_seconds() * 1000)
