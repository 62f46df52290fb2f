"""mta bookings: what became of the slots that were found."""

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session

from config import settings
from console import activation, deciding, printing, store
from core.bookings import BookingState
from core.catalog import Catalog
from core.errors import BadInput
from models import bookings, events, holds
from models.booking import Booking
from models.event import Event

app = typer.Typer(help="Bookings: list, show, activate, accept, decline, cancel.", no_args_is_help=True)
app.command()(deciding.accept)
app.command()(deciding.decline)
app.command()(deciding.cancel)
Json = Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)]


@app.command("list")
def list_bookings(
    *, state: Annotated[str, typer.Option(help="Only those in this state.")] = "", json: Json = False
) -> None:
    """Every booking, newest last."""
    chosen = settings.load()
    with store.opened(chosen) as kept, kept.database.reading() as session:
        catalog = store.known_catalog(session, chosen.site_url)
        rows = [_summary(one, catalog) for one in bookings.list(session, _state(state))]
    if json:
        printing.as_json(rows)
        return
    printing.table(
        ("id", "watch", "state", "when (Munich)", "where", "until", "reason"),
        [
            (one["id"], one["watch"], one["state"], one["starts_at"], one["office"], one["deadline_at"], one["reason"])
            for one in rows
        ],
        empty="There are no bookings.",
    )


@app.command()
def show(booking_id: deciding.Id, *, json: Json = False) -> None:
    """One booking: its state, its files, and everything that happened, to the millisecond."""
    chosen = settings.load()
    with store.opened(chosen) as kept, kept.database.reading() as session:
        answer = _whole(session, store.booking_of(session, booking_id), chosen.site_url)
    if json:
        printing.as_json(answer)
        return
    printing.facts({name: value for name, value in answer.items() if name != "timeline"})
    printing.table(
        ("at (Munich)", "ms", "what", "with"),
        [(_clock(one["at"]), one["ms"], one["kind"], _with(one["fields"])) for one in answer["timeline"]],
    )


@app.command()
def activate(
    booking_id: deciding.Id,
    link: Annotated[str, typer.Argument(help="The mailed link; without it, it is read from standard input.")] = "",
) -> None:
    """Hand in the link of the City's activation mail; a worker opens it and asks the City."""
    given = link or _from_input()
    chosen = settings.load()
    with store.opened(chosen) as kept:
        sent = activation.hand_in(kept, chosen, booking_id, given)
    after = "a worker opens it now" if sent else "no queue answers, so it is opened once MTA runs (mta up)"
    printing.say(f"The link of booking {booking_id} is noted; {after}. See: mta bookings show {booking_id}")


def _from_input() -> str:
    if sys.stdin.isatty():
        printing.remark("Paste the link and press Enter:")
    link = sys.stdin.readline().strip()
    if not link:
        raise BadInput("No link was given.", field="link")
    return link


def _state(written: str) -> BookingState | None:
    if written and written not in set(BookingState):
        raise BadInput(f"“{written}” is not a state.", field="state", hint=f"There are: {', '.join(BookingState)}.")
    return BookingState(written) if written else None


def _summary(booking: Booking, catalog: Catalog | None) -> dict[str, Any]:
    return {
        "id": booking.id,
        "watch": booking.watch_id,
        "person": booking.person_id,
        "state": str(booking.state),
        "starts_at": booking.starts_at,
        "office_id": booking.office_id,
        "office": store.office_name(catalog, booking.office_id),
        "deadline_at": booking.deadline_at if booking.state is not BookingState.CONFIRMED else None,
        "reason": booking.reason,
    }


def _whole(session: Session, booking: Booking, site_url: str) -> dict[str, Any]:
    hold = holds.of_booking(session, booking.id)
    return {
        **_summary(booking, store.known_catalog(session, site_url)),
        "number": hold.display_number if hold else "",
        "city_status": hold.status if hold else "",
        "city_read_at": hold.read_at if hold else None,
        "link_given_at": hold.link_given_at if hold else None,
        "draw_seed": booking.seed,
        "draw_rank": booking.rank,
        "draw_rivals": booking.rivals,
        "screenshot": booking.screenshot_path,
        "calendar": booking.calendar_path,
        "timeline": timeline(events.of_booking(session, booking.id)),
    }


def timeline(noted: Iterable[Event]) -> list[dict[str, Any]]:
    """What happened, in order, with milliseconds since the first of it."""
    happened = list(noted)
    return [
        {
            "at": event.at,
            "ms": round((event.at - happened[0].at).total_seconds() * 1000),
            "kind": event.kind,
            "fields": event.fields,
        }
        for event in happened
    ]


def _clock(moment: datetime) -> str:
    return printing.to_the_millisecond(moment)


def _with(fields: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in fields.items() if value not in ("", None, []))
