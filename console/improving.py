"""The appointment that an earlier one shall replace: one of our own bookings, or one the person shows by its link."""

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from config.settings import Settings
from console import one_look, printing, store
from console.store import Store
from console.wishing import Wish
from core import swaps as core_swaps
from core.bookings import Appointment, BookingState
from core.caps import Caps
from core.catalog import Catalog
from core.errors import BadInput
from models import decisions, quotas, swaps
from models.booking import Booking
from models.database import AlreadyThere
from models.watch import Watch
from portal import links

FROM_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands: our `booking_id`, or the `appointment` that the City showed for the link."""

    booking_id: int | None = None
    appointment: Appointment | None = None


def standing(kept: Store, chosen: Settings, written: str, wish: Wish, catalog: Catalog) -> Standing | None:
    """Read what was written after --instead-of; None for nothing. Raises BadInput for what cannot be replaced."""
    if not written:
        return None
    _refuse_limits(wish, catalog)
    if written.isdecimal():
        return Standing(booking_id=int(written))
    key = links.parse_appointment_link(_from_input() if written == FROM_INPUT else written, chosen.site_url)
    found = asyncio.run(one_look.appointment(kept, chosen, key))
    if found is None or found.status != BookingState.CONFIRMED:
        raise BadInput("The City has no confirmed appointment under this link.", field="instead-of")
    _check_same(found, wish, catalog)
    return Standing(appointment=found)


def attach(
    session: Session, kept: Store, watch: Watch, stands: Standing, *, gain: timedelta, caps: Caps, now: datetime
) -> None:
    """Tie the watch to what it improves on, in the caller's transaction."""
    quotas.check_swap(session, watch.person_id, caps, now=now)
    if stands.appointment is not None:
        swaps.attach(watch, _adopted(session, kept, watch, stands.appointment, now=now), gain=gain)
    elif stands.booking_id is not None:
        swaps.attach(watch, store.booking_of(session, stands.booking_id), gain=gain)


def _adopted(session: Session, kept: Store, watch: Watch, shown: Appointment, *, now: datetime) -> Booking:
    try:
        return decisions.adopt(session, kept.keyring, watch, shown, now=now)
    except AlreadyThere:
        raise BadInput(
            "MTA already has an appointment for this.", field="instead-of", hint="Name its booking: mta bookings list"
        ) from None


def _check_same(found: Appointment, wish: Wish, catalog: Catalog) -> None:
    if found.family_name.casefold() != wish.contact.family_name.casefold():
        raise BadInput("That appointment is in another name, and slots never move between persons.", field="name")
    name = store.service_name(catalog, wish.services[0].service_id)
    if found.service_name and found.service_name != name:
        raise BadInput("That appointment is for another service than the one to look for.", field="service")


def _refuse_limits(wish: Wish, catalog: Catalog) -> None:
    """Both appointments stand for a moment; an office that allows one per mail address would refuse the second."""
    strict = core_swaps.offices(catalog, wish.services, wish.office_ids).strict
    if strict:
        name = strict[0].name
        raise BadInput(
            f"{name} allows one appointment per mail address, so none can be booked before the old one is gone.",
            field="office",
        )


def _from_input() -> str:
    if sys.stdin.isatty():
        printing.remark("Paste the link and press Enter:")
    return sys.stdin.readline().strip()
