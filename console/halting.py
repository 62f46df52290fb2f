"""mta halt, mta resume, mta halts: looking stops for one of the City's services or for all, and goes on again."""

import getpass
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session

from config import settings
from console import printing, store
from core.catalog import Catalog
from core.errors import BadInput
from core.slots import utc_now
from models import halting, lanes, targets
from models import halts as rows

Services = Annotated[
    list[int] | None, typer.Argument(help="Services by their numbers, as mta catalog search shows them.")
]
Every = Annotated[bool, typer.Option("--all", help="Everything, on every lane.")]
Turns = Callable[..., None]
_HINT = "See: mta catalog search, mta halts"


def halt(services: Services = None, *, every: Every = False) -> None:
    """Let nobody look for a service, or for any; what is held already is finished."""
    chosen, now = settings.load(), utc_now()
    _check(services, every=every)
    with store.opened(chosen) as kept:
        if every:
            names = kept.database.transact(lambda session: halting.halt_all(session, chosen.lane, by=_who(), now=now))
            printing.say(f"Nobody is looking any more. Paused: {', '.join(names)}. Go on with: mta resume --all")
            return
        named = kept.database.transact(lambda session: _turn(session, halting.halt, services or (), chosen.site_url))
    numbers = " ".join(map(str, services or ()))
    printing.say(f"Nobody looks any more for: {'; '.join(named)}. Go on with: mta resume {numbers}")


def resume(services: Services = None, *, every: Every = False) -> None:
    """Let it be looked for again. What a lane rests from by itself it goes on resting from."""
    chosen, now = settings.load(), utc_now()
    _check(services, every=every)
    with store.opened(chosen) as kept:
        if every:
            kept.database.transact(lambda session: halting.lift_all(session, by=_who(), now=now))
            printing.say("Nothing is halted any more.")
        else:
            named = kept.database.transact(
                lambda session: _turn(session, halting.lift, services or (), chosen.site_url)
            )
            printing.say(f"Not halted any more: {'; '.join(named)}.")
        with kept.database.reading() as session:
            for name, why in _closed(session, now=now):
                printing.say(f"Lane {name} is closed all the same ({why}). See: mta lane list")


def halts(*, json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False) -> None:
    """The services that are halted, since when, and who did it."""
    chosen = settings.load()
    with store.opened(chosen) as kept, kept.database.reading() as session:
        catalog = store.known_catalog(session, chosen.site_url)
        found = [
            {
                "service": one.service_id,
                "name": store.service_name(catalog, one.service_id),
                "since": one.since,
                "by": halting.whose(session, one),
            }
            for one in rows.list(session)
        ]
        closed = _closed(session, now=utc_now())
    if json:
        printing.as_json(found)
        return
    _print(found)
    for name, why in closed:
        printing.say(f"Lane {name} is closed ({why}). See: mta lane list")


def _print(found: Sequence[dict[str, Any]]) -> None:
    printing.table(
        ("service", "name", "since", "by"), [tuple(one.values()) for one in found], empty="No service is halted."
    )


def _check(services: Sequence[int] | None, *, every: bool) -> None:
    if every and services:
        raise BadInput("Either services or --all, not both.", field="services", hint=_HINT)
    if not every and not services:
        raise BadInput("Which service? Name its number, or say --all.", field="services", hint=_HINT)


def _turn(session: Session, turns: Turns, services: Sequence[int], site_url: str) -> Sequence[str]:
    """All of them or none; what they are called. Raises BadInput for what neither the City nor anybody's wish knows."""
    catalog, now = store.known_catalog(session, site_url), utc_now()
    known = _known(session, catalog)
    for one in services:
        if one not in known:
            raise BadInput(f"Nobody knows a service {one}.", field="services", hint=_HINT)
        turns(session, one, by=_who(), now=now)
    return [store.service_name(catalog, one) for one in services]


def _known(session: Session, catalog: Catalog | None) -> set[int]:
    offered = catalog.service_by_id if catalog else ()
    wished = (one.service_id for target in targets.list(session) for one in target.services)
    return {*offered, *wished, *(one.service_id for one in rows.list(session))}


def _closed(session: Session, *, now: datetime) -> Sequence[tuple[str, str]]:
    return [(one.name, one.reason) for one in lanes.list(session) if not lanes.open_at(session, one.name, now=now)]


def _who() -> str:
    """As whom the shell is used; behind sudo, by whom."""
    name = os.environ.get("SUDO_USER", "")
    try:
        return f"shell of {name or getpass.getuser()}"
    except (KeyError, OSError):  # a container has users without a name
        return f"shell of user {os.getuid()}"
