"""mta bookings accept, decline, cancel: what the operator enters for a person who said so."""

from typing import Annotated

import typer
from sqlmodel import Session

from config import settings
from console import printing, store
from core.errors import BadInput
from core.slots import utc_now
from models import decisions
from workers.queue import QueueUnreachable

Id = Annotated[int, typer.Argument(help="The booking's number, as listed.")]


def accept(booking_id: Id) -> None:
    """Say yes to an offer of mode ask; refused once its time is over."""
    _answer(booking_id, yes=True)
    printing.say(f"Booking {booking_id} is accepted and will be booked. See: mta bookings show {booking_id}")


def decline(booking_id: Id) -> None:
    """Say no to an offer of mode ask; the hold goes back at once."""
    _answer(booking_id, yes=False)
    printing.say(f"Booking {booking_id} is declined; its hold goes back.")


def cancel(
    booking_id: Id,
    *,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask back.")] = False,
) -> None:
    """Give an appointment, or what is held, back to the City. The City's own word for it is shown afterwards."""
    chosen = settings.load()
    with store.opened(chosen) as kept:
        with kept.database.reading() as session:
            store.booking_of(session, booking_id)
        if not sure and not typer.confirm(f"Cancel booking {booking_id} at the City? It cannot be undone.", err=True):
            raise BadInput("Nothing was cancelled.")
        kept.database.transact(lambda session: decisions.ask_cancel(session, booking_id, now=utc_now()))
        with store.reached(chosen) as queue:
            try:
                queue.cancel(booking_id)
                after = "a worker does it now"
            except QueueUnreachable:
                after = "no queue answers, so it is done once MTA runs (mta up)"
    printing.say(f"Booking {booking_id} is to be cancelled; {after}. See: mta bookings show {booking_id}")


def _answer(booking_id: int, *, yes: bool) -> None:
    def note(session: Session) -> None:
        store.booking_of(session, booking_id)
        decisions.answer(session, booking_id, yes=yes, now=utc_now())

    with store.opened(settings.load()) as kept:
        kept.database.transact(note)
