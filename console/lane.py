"""mta lane: the kill switch of a way out to the internet."""

from datetime import datetime
from typing import Annotated, Any

import typer

from config import settings
from console import printing, store
from core.breaker import State
from core.quiet import QuietHours
from core.slots import utc_now
from models import lanes
from models.lane import Lane

app = typer.Typer(help="Ways out to the internet: list, pause (nothing is asked of the City), resume.")
Name = Annotated[str, typer.Argument(help="The lane; by default this machine's own.")]
Json = Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)]


@app.command("list")
def list_lanes(*, json: Json = False) -> None:
    """This machine's lane and every other that was closed, with what closed it and until when."""
    chosen = settings.load()
    with store.opened(chosen) as kept, kept.database.reading() as session:
        known = {lane.name: lane for lane in lanes.list(session)}
    own = known.pop(chosen.lane, Lane(name=chosen.lane))
    rows = [_shown(own, chosen.quiet_hours, now=utc_now())]
    rows += [_shown(lane, None, now=utc_now()) for lane in known.values()]
    if json:
        printing.as_json(rows)
        return
    columns = ("name", "state", "until", "reason", "quiet_hours")
    printing.table(
        ("lane", "state", "until", "reason", "quiet hours"), [[one[column] for column in columns] for one in rows]
    )


def _shown(lane: Lane, quiet_hours: QuietHours | None, *, now: datetime) -> dict[str, Any]:
    """`times` is how often in a row the lane met what it rests from. Quiet hours are known of this machine's own."""
    state = _state(lane, quiet_hours, now=now)
    return {
        "name": lane.name,
        "open": state not in ("paused", "rests"),
        "state": state,
        "until": lane.breaker_until if state == "rests" else None,
        "reason": lane.reason,
        "times": lane.trouble_count,
        "quiet_hours": str(quiet_hours) if quiet_hours else "",
    }


def _state(lane: Lane, quiet_hours: QuietHours | None, *, now: datetime) -> str:
    if lane.paused:
        return "paused"
    match lane.breaker.state(now):
        case State.OPEN:
            return "rests"
        case State.HALF_OPEN:
            return "probed"
    return "quiet" if quiet_hours and quiet_hours.at(now) else "open"


@app.command()
def pause(name: Name = "", *, reason: Annotated[str, typer.Option(help="Kept with it.")] = "by the operator") -> None:
    """Stop looking and begin no booking on this lane; what is held already is finished."""
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
