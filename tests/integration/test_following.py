"""A rival's luck: who waits longest gets the next best slot, down to the claims of those who wait less long."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from core.contact import Contact
from core.slots import Slot
from models import bookings
from models.booking import Booking
from models.database import Database
from tests.models_cast import ADA, BELA, NOW, ORLEANS, PASING, RUPPERT, slot, watch_of
from workers import following

CARLA = Contact("Carla", "Unterhuber", "carla.unterhuber@example.org")
WAITED = {ADA: timedelta(days=30), BELA: timedelta(days=20), CARLA: timedelta(days=10)}
AT_RUPPERT, AT_PASING, AT_ORLEANS = (slot(office_id=one) for one in (RUPPERT, PASING, ORLEANS))
LEASE = timedelta(minutes=3)


def claim(session: Session, who: Contact, taken: Slot, offices: Sequence[int]) -> Booking:
    watch = watch_of(session, who, office_ids=offices, now=NOW - WAITED[who])
    return bookings.want(session, watch=watch, slot=taken, now=NOW)


def lose(session: Session, booking: Booking) -> list[Slot]:
    """A rival has the slot of this one; the slots of the bookings that follow."""
    bookings.claim(session, booking.id, owner="worker/run", lease=LEASE, now=NOW)
    bookings.move(session, booking.id, BookingState.HOLDING, now=NOW, owner="worker/run")
    bookings.move(session, booking.id, BookingState.LOST, now=NOW, reason="slot-gone", owner="worker/run")
    made = following.after_loss(session, booking, run="worker/run", now=NOW)
    return [bookings.get(session, booking_id).slot for booking_id in made]


def states(session: Session) -> list[tuple[BookingState, str]]:
    return [(one.state, one.reason) for one in bookings.list(session)]


async def test_the_longer_wait_gets_the_claim_of_the_shortest(database: Database) -> None:
    def scene(session: Session) -> list[Slot]:
        ada = claim(session, ADA, AT_RUPPERT, [RUPPERT, PASING, ORLEANS])
        claim(session, BELA, AT_PASING, [PASING])
        claim(session, CARLA, AT_ORLEANS, [ORLEANS])
        return lose(session, ada)

    assert await database.act(scene) == [AT_ORLEANS]
    assert (BookingState.LOST, following.LONGER_WAIT) in await database.read(states)


async def test_who_lost_a_claim_takes_that_of_a_still_shorter_wait(database: Database) -> None:
    def scene(session: Session) -> list[Slot]:
        ada = claim(session, ADA, AT_RUPPERT, [RUPPERT, PASING])
        claim(session, BELA, AT_PASING, [PASING, ORLEANS])
        claim(session, CARLA, AT_ORLEANS, [ORLEANS])
        return lose(session, ada)

    assert await database.act(scene) == [AT_PASING, AT_ORLEANS]


@pytest.mark.parametrize("why", ["longer", "begun"])
async def test_nobody_loses_a_claim_to_a_shorter_wait_or_once_a_worker_has_begun(database: Database, why: str) -> None:
    def scene(session: Session) -> list[Slot]:
        mine, theirs = (CARLA, ADA) if why == "longer" else (ADA, CARLA)
        loser = claim(session, mine, AT_RUPPERT, [RUPPERT, PASING])
        other = claim(session, theirs, AT_PASING, [PASING])
        if why == "begun":
            bookings.claim(session, other.id, owner="another/run", lease=LEASE, now=NOW)
        return lose(session, loser)

    assert await database.act(scene) == []
