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
from core.bookings import Appointment, BookingState
from core.caps import Caps
from core.catalog import Catalog
from core.errors import BadInput
from models import bookings, decisions, quotas
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
    watch.minimum_gain = gain
    if stands.appointment is not None:
        watch.improves_id = _adopted(session, kept, watch, stands.appointment, now=now)
    elif stands.booking_id is not None:
        watch.improves_id = _own(session, stands.booking_id, watch)


def _adopted(session: Session, kept: Store, watch: Watch, shown: Appointment, *, now: datetime) -> int:
    try:
        return decisions.adopt(session, kept.keyring, watch, shown, now=now).id
    except AlreadyThere:
        raise BadInput(
            "MTA already has an appointment for this.", field="instead-of", hint="Name its booking: mta bookings list"
        ) from None


def _own(session: Session, booking_id: int, watch: Watch) -> int:
    booking = store.booking_of(session, booking_id)
    if booking.state is not BookingState.CONFIRMED or booking.over_at is not None:
        raise BadInput(f"Booking {booking_id} is no confirmed appointment ahead.", field="instead-of")
    if booking.person_id != watch.person_id:
        raise BadInput(
            "That appointment is somebody else's, and slots never move between persons.",
            field="instead-of",
            hint=f"Name and mail address must be those of person {booking.person_id}.",
        )
    if booking.service_key != bookings.service_key(watch.services):
        raise BadInput(f"Booking {booking_id} is for other services.", field="instead-of")
    return booking_id


def _check_same(found: Appointment, wish: Wish, catalog: Catalog) -> None:
    if found.family_name.casefold() != wish.contact.family_name.casefold():
        raise BadInput("That appointment is in another name, and slots never move between persons.", field="name")
    name = store.service_name(catalog, wish.services[0].service_id)
    if found.service_name and found.service_name != name:
        raise BadInput("That appointment is for another service than the one to look for.", field="service")


def _refuse_limits(wish: Wish, catalog: Catalog) -> None:
    """Both appointments stand for a moment; an office that allows one per mail address would refuse the second."""
    offices = [one for one in catalog.offices_for(wish.services) if not wish.office_ids or one.id in wish.office_ids]
    strict = [one.name for one in offices if one.scope is not None and one.scope.per_mail == 1]
    if strict:
        raise BadInput(
            f"{strict[0]} allows one appointment per mail address, so none can be booked before the old one is gone.",
            field="office",
        )


def _from_input() -> str:
    if sys.stdin.isatty():
        printing.remark("Paste the link and press Enter:")
    return sys.stdin.readline().strip()
