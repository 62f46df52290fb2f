"""Job: ask the City whether an appointment still stands, before its person is reminded of it.

Whoever booked it may have cancelled or moved it at the City, which tells us nothing of that.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from browser_profiles.lease import Lease
from core.bookings import Appointment, BookingState, HoldKey
from core.errors import MtaError
from core.footprint import Purpose
from core.slots import Slot, utc_now
from models import bookings, decisions, events, lanes, notices, swaps, visits
from models.database import Session
from workers import artifacts, booking, metering, resting, settling
from workers.booking import Errand
from workers.pacer import Wait
from workers.runtime import Runtime

COST = 2  # requests: the page's list of services, and the appointment
STANDS = "confirmed"
CANCELLED, MOVED = "cancelled-at-city", "moved-at-city"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the City has moved it, with the papers made anew; empty where a file could not be made."""

    slot: Slot
    number: str
    picture: str
    calendar: str


async def verify(runtime: Runtime, booking_id: int) -> None:
    """Only what the rows say is to be asked. The reminder waits for no answer: it says that there was none."""
    if not await runtime.database.read(lambda session: _is_due(session, booking_id, lane=runtime.lane)):
        return
    async with settling.carrying(runtime, booking_id) as errand:
        if errand is None or errand.key is None or errand.state is not BookingState.CONFIRMED:
            return
        try:
            await _ask(runtime, errand, errand.key)
        except Wait:
            return  # nothing was asked; the scheduler sends again when the lane is open
        except MtaError as error:
            await resting.refused(runtime, error)
            log.warning("visit.unanswered", booking_id=booking_id, reason=settling.reason_of(error))


async def _ask(runtime: Runtime, errand: Errand, key: HoldKey) -> None:
    async with metering.aside(runtime, cost=COST) as asked:
        await runtime.database.act(lambda session: _note_asked(session, errand, now=utc_now()))
        async with runtime.pool.lease(settling.MANAGE) as lease:
            with asked.on(lease, Purpose.READ):
                seen = await runtime.portal.read(lease, key)
            moved = await _moved(runtime, lease, errand, seen) if seen and _is_elsewhere(seen, errand) else None
    await runtime.database.act(lambda session: _follow(session, errand, seen, moved, now=utc_now()))


def _is_due(session: Session, booking_id: int, *, lane: str) -> bool:
    now = utc_now()
    return lanes.open_at(session, lane, now=now) and booking_id in visits.to_ask(session, now=now)


def _note_asked(session: Session, errand: Errand, *, now: datetime) -> None:
    visits.note_asked(session, bookings.get(session, errand.booking_id), now=now)


def _is_elsewhere(seen: Appointment, errand: Errand) -> bool:
    """By its time alone: offices that share their bookings answer for one another."""
    return seen.status == STANDS and seen.starts_at != errand.slot.starts_at


async def _moved(runtime: Runtime, lease: Lease, errand: Errand, seen: Appointment) -> Moved:
    """The page that was just read has the new time on it, so the picture costs no request."""
    folder = artifacts.folder(runtime.artifacts, errand.booking_id)
    picture = await _picture(runtime, lease, folder / "termin.png")
    entry = await runtime.database.read(lambda session: settling.entry(session, runtime, errand, seen))
    calendar = artifacts.write_calendar(folder / "termin.ics", seen, entry, now=utc_now())
    return Moved(Slot(seen.starts_at, seen.office_id), seen.display_number, picture, str(calendar))


async def _picture(runtime: Runtime, lease: Lease, path: Path) -> str:
    await artifacts.drop(str(path))  # it shows the old time
    try:
        return str(await runtime.portal.screenshot(lease, path, mask_personal=False))
    except MtaError:
        return ""


def _follow(session: Session, errand: Errand, seen: Appointment | None, moved: Moved | None, *, now: datetime) -> None:
    """A word that says neither that it stands nor that it is gone is no answer, and the reminder says so."""
    status = seen.status if seen else "gone"
    if decisions.is_to_cancel(session, errand.booking_id) is not None:
        return  # asked for meanwhile: whoever cancels it reads it anew, and tells
    if seen is None or status in settling.GONE_AT_THE_CITY:
        _is_gone(session, errand, status=status, now=now)
    elif moved is not None:
        _has_moved(session, errand, moved, status=status, now=now)
    elif status == STANDS:
        booking.read_back(session, errand, status, now=now)
    else:
        events.note(session, "booking.unclear", now=now, booking_id=errand.booking_id, status=status)


def _is_gone(session: Session, errand: Errand, *, status: str, now: datetime) -> None:
    """Nothing is looked for in its place until its person says so: they may have wanted it."""
    ends_swap = bool(swaps.going_on(session, errand.booking_id))
    swaps.stop(session, errand.booking_id, now=now)
    state = BookingState.CANCELLED
    booking.given_back(session, errand, state, reason=CANCELLED, status=status, proof="", ends_swap=ends_swap, now=now)


def _has_moved(session: Session, errand: Errand, moved: Moved, *, status: str, now: datetime) -> None:
    """Where another booking of ours has that office and time, we cannot keep this one in sight, and say so."""
    booking.read_back(session, errand, status, now=now)
    row = bookings.get(session, errand.booking_id)
    was, in_sight = row.starts_at, moved.slot not in bookings.claimed(session)
    row.screenshot_path, row.calendar_path = moved.picture, moved.calendar
    if in_sight:
        visits.shift(session, row, moved.slot, number=moved.number, now=now)
    else:
        swaps.stop(session, row.id, now=now)
        bookings.move(session, row.id, BookingState.CANCELLED, now=now, reason=MOVED, owner=errand.run)
    there = {"office_id": moved.slot.office_id, "starts_at": moved.slot.starts_at.isoformat()}
    notices.write(
        session,
        person_id=row.person_id,
        watch_id=row.watch_id,
        booking_id=row.id,
        kind="booking.moved",
        facts={**visits.facts(row, number=moved.number), **there, "was": was.isoformat(), "in_sight": in_sight},
        dedupe=f"booking.moved:{row.id}:{now:%Y%m%dT%H%M%S}",
        now=now,
    )
