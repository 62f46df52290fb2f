"""mta catalog search: the City's services and offices by words."""

import asyncio
from typing import Annotated, Any

import typer

from console import one_look, printing, store
from console.look import Site, chosen_settings
from core.catalog import Catalog
from core.services import ServiceCount
from core.wanted import Match, search_offices, search_services

app = typer.Typer(help="What can be booked, and where.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `search` a word of its own: Typer drops the name of an only command."""


@app.command()
def search(
    text: Annotated[list[str], typer.Argument(help="Words; typing errors are forgiven.")],
    *,
    site: Site = "",
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask the City even if a kept catalogue is young.")] = False,
    json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False,
) -> None:
    """Find services and offices, with the numbers that the other commands take."""
    words, chosen = " ".join(text), chosen_settings(site=site)
    with store.opened(chosen) as kept:
        catalog = asyncio.run(one_look.catalog_of(kept, chosen, refresh=refresh))
    found = {
        "services": [_service(catalog, match) for match in search_services(catalog, words)],
        "offices": [_office(catalog, match) for match in search_offices(catalog, words)],
    }
    if json:
        printing.as_json(found)
    else:
        _print(found, words)


def _service(catalog: Catalog, match: Match) -> dict[str, Any]:
    service = catalog.service_by_id[match.id]
    offices = catalog.offices_for([ServiceCount(match.id)])
    minutes = {span for office in offices if (span := _minutes(catalog, match.id, office.id))}
    return {
        "id": service.id,
        "name": service.name,
        "max_quantity": service.max_quantity,
        "minutes": sorted(minutes),
        "offices": [{"id": office.id, "name": office.name, "captcha": office.captcha} for office in offices],
        "combinable": list(service.combinable),
        "score": round(match.score),
    }


def _office(catalog: Catalog, match: Match) -> dict[str, Any]:
    office = catalog.office_by_id[match.id]
    offered = [one for one in catalog.services if catalog.relation(office_id=office.id, service_id=one.id)]
    return {
        "id": office.id,
        "name": office.name,
        "address": office.address,
        "captcha": office.captcha,
        "services": [{"id": one.id, "name": one.name} for one in offered],
        "score": round(match.score),
    }


def _minutes(catalog: Catalog, service_id: int, office_id: int) -> int:
    span = catalog.duration([ServiceCount(service_id)], office_id=office_id)
    return round(span.total_seconds() / 60) if span else 0


def _print(found: dict[str, list[dict[str, Any]]], words: str) -> None:
    if not found["services"] and not found["offices"]:
        printing.say(f"Nothing in the City's catalogue is called like “{words}”.")
    if found["services"]:
        printing.table(
            ("service", "name", "at most", "minutes", "offices"),
            [
                (
                    one["id"],
                    one["name"],
                    one["max_quantity"],
                    "/".join(map(str, one["minutes"])),
                    ", ".join(str(office["id"]) for office in one["offices"]),
                )
                for one in found["services"]
            ],
        )
    if found["offices"]:
        printing.table(
            ("office", "name", "address", "captcha"),
            [(one["id"], one["name"], one["address"], "yes" if one["captcha"] else "no") for one in found["offices"]],
        )
