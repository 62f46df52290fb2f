"""mta lane: the kill switch of a way out to the internet."""

from typing import Annotated

import typer

from config import settings
from console import printing, store
from core.slots import utc_now
from models import lanes

app = typer.Typer(help="Ways out to the internet: list, pause (nothing is asked of the City), resume.")
Name = Annotated[str, typer.Argument(help="The lane; by default this machine's own.")]
Json = Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)]


@app.command("list")
def list_lanes(*, json: Json = False) -> None:
    """Every lane that was used or paused, and whether it is open."""
    with store.opened(settings.load()) as kept, kept.database.reading() as session:
        rows = [
            {"name": lane.name, "open": lanes.open_at(session, lane.name, now=utc_now()), "reason": lane.reason}
            for lane in lanes.list(session)
        ]
    if json:
        printing.as_json(rows)
        return
    printing.table(
        ("lane", "state", "reason"),
        [(one["name"], "open" if one["open"] else "closed", one["reason"]) for one in rows],
        empty="No lane was used or paused so far.",
    )


@app.command()
def pause(name: Name = "", *, reason: Annotated[str, typer.Option(help="Kept with it.")] = "by the operator") -> None:
    """Stop asking the City anything on this lane; bookings under way are finished."""
    chosen = settings.load()
    lane = name or chosen.lane
    with store.opened(chosen) as kept:
        kept.database.transact(lambda session: lanes.pause(session, lane, reason=reason))
    printing.say(f"Lane {lane} is paused: nobody is looking. Go on with: mta lane resume {name}".rstrip())


@app.command()
def resume(name: Name = "") -> None:
    """Look again on this lane."""
    chosen = settings.load()
    lane = name or chosen.lane
    with store.opened(chosen) as kept:
        kept.database.transact(lambda session: lanes.resume(session, lane))
    printing.say(f"Lane {lane} is open again.")
