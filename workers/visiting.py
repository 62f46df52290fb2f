"""Each minute: reminders of visits that are near, and a word to those whose cancellation takes long."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from core import visits as rules
from models import bookings, notices, visits
from models.booking import Booking
from models.database import Database
from models.notices import Draft
from models.visits import Ahead

SAID_AFTER = timedelta(minutes=10)  # that a cancellation is still under way
TOO_LATE = "begun"


async def tell(database: Database, *, now: datetime) -> None:
    """What is to be said is read first, so that nobody waits to write."""
    drafts = await database.read(lambda session: due(session, now=now))
    if drafts:
        await database.act(lambda session: notices.write_all(session, drafts, now=now))
    if await database.read(lambda session: visits.asked_back(session, before=now, begun_at=now)):
        await database.act(lambda session: give_up(session, now=now))


def due(session: Session, *, now: datetime) -> Sequence[Draft]:
    """Each is written once, whatever happens afterwards."""
    near = visits.ahead(session, within=rules.FARTHEST, now=now)
    waiting = visits.asked_back(session, before=now - SAID_AFTER)
    drafts = [draft for one in near if (draft := _reminder(one, now=now))]
    drafts += [_still_there(booking) for booking in waiting if booking.starts_at > now]
    drafts += [_still_there(booking) for booking in visits.outlived(session, before=now - SAID_AFTER, now=now)]
    before = visits.written(session, [draft.dedupe for draft in drafts])
    return [draft for draft in drafts if draft.dedupe not in before]


def give_up(session: Session, *, now: datetime) -> None:
    """What has begun cannot be given back any more: the wish is dropped, and the person told."""
    for booking in visits.asked_back(session, before=now, begun_at=now):
        asked_at, booking.cancel_asked_at = booking.cancel_asked_at, None
        bookings.note(session, booking, "booking.cancel_given_up", now=now)
        draft = _about(booking, "booking.not_cancelled", asked_at, reason=TOO_LATE)
        notices.write_all(session, [draft], now=now)


def _reminder(one: Ahead, *, now: datetime) -> Draft | None:
    booking = one.booking
    planned = rules.due(booking.starts_at, known_at=booking.moved_at, quiet=one.quiet, now=now)
    if planned is None:
        return None
    return Draft(
        person_id=booking.person_id,
        watch_id=booking.watch_id,
        booking_id=booking.id,
        kind=str(planned.reminder),
        facts={
            **visits.facts(booking, number=one.number),
            "until": planned.until.isoformat(),
            "unasked": not visits.is_fresh(one),
        },
        dedupe=f"{planned.reminder}:{booking.id}",
    )


def _still_there(booking: Booking) -> Draft:
    return _about(booking, "booking.cancel_waits", booking.cancel_asked_at)


def _about(booking: Booking, kind: str, asked_at: datetime | None, **more: str) -> Draft:
    """Told once for each time that it was asked for, and once where a better one asks for it."""
    nth = f":{asked_at:%Y%m%dT%H%M%S}" if asked_at else ""
    return Draft(
        person_id=booking.person_id,
        watch_id=booking.watch_id,
        booking_id=booking.id,
        kind=kind,
        facts={**visits.facts(booking, number=""), **more},
        dedupe=f"{kind}:{booking.id}{nth}",
    )
