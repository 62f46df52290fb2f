"""A second look while bookings are under way: what they claim is still offered, and is given to nobody else."""

import random
from datetime import timedelta

from sqlmodel import Session

from core.looks import Answer, Dialect, Look
from core.slots import Slot
from models import bookings, targets
from models.database import Database
from tests.models_cast import ADA, BELA, NOW, slot, watch_of
from workers import looking
from workers.runtime import Pace

EARLY, LATE = slot(0), slot(1)


def look_with(session: Session, target_id: int, *slots: Slot) -> list[Slot]:
    """What was given to whom after a look that saw these, by the new bookings' slots."""
    seen = Look(answer=Answer.FREE, started_at=NOW, finished_at=NOW, dialect=Dialect.AUG, slots=slots)
    target = targets.get(session, target_id)
    pace = Pace(interval=timedelta(seconds=65))
    made = looking.absorb(session, target, seen, lane="main", pace=pace, now=NOW, rng=random.Random(1))
    return [bookings.get(session, booking_id).slot for booking_id in made.booking_ids]


async def test_a_slot_that_is_being_booked_costs_the_next_person_no_other_one(database: Database) -> None:
    def draws(session: Session) -> tuple[list[Slot], list[Slot]]:
        target_id = watch_of(session, ADA).target_id
        first = look_with(session, target_id, EARLY)
        watch_of(session, BELA)
        return first, look_with(session, target_id, EARLY, LATE)

    assert await database.act(draws) == ([EARLY], [LATE])
