"""Moves of a booking with everything that belongs to them, each one transaction: row, hold, notice, watch."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from core.bookings import DEFAULT_ACTIVATION, DEFAULT_RESERVATION, Appointment, BookingState, HoldKey
from core.contact import Contact
from core.slots import Slot
from core.targets import Target
from models import bookings, events, holds, notices, people, slots_seen, targets, watches
from models.booking import Booking
from models.encryption import Keyring
from workers.runtime import BOOKING_LEASE

CITY_JOB = timedelta(minutes=1)  # the City's clean-up runs each minute, so a hold may outlive its limit by that
FRESH = timedelta(minutes=2)  # how long a slot seen is worth trying after another one was gone


@dataclass(frozen=True, slots=True, repr=False)
class Errand:
    """What a worker needs to carry a booking on. Has no repr: the contact and the key are in it."""

    booking_id: int
    state: BookingState
    target: Target
    slot: Slot
    contact: Contact
    key: HoldKey | None


def take(session: Session, booking_id: int, *, keyring: Keyring, owner: str, now: datetime) -> Errand | None:
    """Claim the booking for this worker; None when it has ended or another worker's lease lives."""
    booking = bookings.claim(session, booking_id, owner=owner, lease=BOOKING_LEASE, now=now)
    if booking is None:
        return None
    hold = holds.of_booking(session, booking_id)
    return Errand(
        booking_id=booking_id,
        state=BookingState(booking.state),
        target=targets.get(session, booking.target_id).core,
        slot=Slot(booking.starts_at, booking.office_id),
        contact=people.contact(keyring, people.get(session, booking.person_id)),
        key=holds.key(keyring, hold) if hold else None,
    )


def to_holding(session: Session, booking_id: int, *, now: datetime) -> None:
    """The row before the click. If the answer never comes, a hold may exist until this deadline."""
    bookings.move(session, booking_id, BookingState.HOLDING, now=now, deadline_at=now + DEFAULT_RESERVATION + CITY_JOB)


def to_held(session: Session, booking_id: int, answer: Appointment, *, keyring: Keyring, now: datetime) -> None:
    holds.keep(session, keyring, booking_id, answer, now=now)
    bookings.move(
        session, booking_id, BookingState.HELD, now=now, deadline_at=now + (answer.reservation or DEFAULT_RESERVATION)
    )


def to_detailed(session: Session, booking_id: int, *, now: datetime) -> None:
    bookings.move(session, booking_id, BookingState.DETAILED, now=now)


def to_preconfirmed(session: Session, booking_id: int, answer: Appointment, *, now: datetime) -> None:
    deadline = now + (answer.activation or DEFAULT_ACTIVATION)
    booking = bookings.move(session, booking_id, BookingState.PRECONFIRMED, now=now, deadline_at=deadline)
    holds.note_status(session, booking_id, answer.status, now=now)
    _tell(session, booking, "booking.preconfirmed", now=now, until=deadline.isoformat())


def to_confirmed(
    session: Session, booking_id: int, answer: Appointment, *, screenshot: str, calendar: str, now: datetime
) -> Booking:
    booking = bookings.move(session, booking_id, BookingState.CONFIRMED, now=now)
    booking.screenshot_path, booking.calendar_path = screenshot, calendar
    holds.note_status(session, booking_id, answer.status, now=now)
    watches.fulfil(session, booking.watch_id, now=now)
    _tell(session, booking, "booking.confirmed", now=now, number=answer.display_number)
    return booking


def lost_to_others(session: Session, booking_id: int, *, now: datetime) -> int | None:
    """The slot is gone: end this booking and want the next best slot of the same look; its booking's id, if any."""
    booking = bookings.move(session, booking_id, BookingState.LOST, now=now, reason="slot-gone")
    watch = watches.get(session, booking.watch_id)
    fresh = slots_seen.fresh(session, booking.target_id, since=now - FRESH)
    following = watches.next_best(watch, fresh, tried=bookings.tried_slots(session, booking.watch_id), now=now)
    if following is None:
        _tell(session, booking, "booking.lost", now=now, reason="slot-gone")
        return None
    return bookings.want(
        session, watch=watch, slot=following, seed=booking.seed, rank=booking.rank, rivals=booking.rivals, now=now
    ).id


def end(session: Session, booking_id: int, state: BookingState, *, reason: str, final: bool, now: datetime) -> None:
    """End the booking and say so; a `final` refusal ends the watch too, for the City will not say otherwise."""
    booking = bookings.move(session, booking_id, state, now=now, reason=reason)
    _tell(session, booking, f"booking.{state}", now=now, reason=reason, final=final)
    if final:
        watches.end(session, booking.watch_id, reason=reason, now=now)
    else:
        targets.look_soon(session, booking.target_id, now=now)


def read_back(session: Session, booking_id: int, status: str, *, now: datetime) -> None:
    holds.note_status(session, booking_id, status, now=now)
    events.note(session, "booking.read", now=now, booking_id=booking_id, status=status)


def wait_out(session: Session, booking_id: int, *, now: datetime) -> None:
    """A possible hold ends when the City must have dropped it; until then it is only told, once."""
    booking = bookings.get(session, booking_id)
    if booking.deadline_at is None or booking.deadline_at <= now:
        end(session, booking_id, BookingState.EXPIRED, reason="answer-lost", final=False, now=now)
        return
    possible_hold(session, booking_id, now=now)
    bookings.release_lease(session, booking_id)


def possible_hold(session: Session, booking_id: int, *, now: datetime) -> None:
    """The click was made and its answer never came: nothing is clicked again, the possible hold is waited out."""
    booking = bookings.get(session, booking_id)
    events.note(session, "booking.possible_hold", now=now, booking_id=booking_id)
    until = booking.deadline_at.isoformat() if booking.deadline_at else ""
    _tell(session, booking, "booking.possible_hold", now=now, until=until)


def _tell(session: Session, booking: Booking, kind: str, *, now: datetime, **facts: str | bool) -> None:
    notices.write(
        session,
        person_id=booking.person_id,
        watch_id=booking.watch_id,
        booking_id=booking.id,
        kind=kind,
        facts={"office_id": booking.office_id, "starts_at": booking.starts_at.isoformat(), **facts},
        dedupe=f"{kind}:{booking.id}",
        now=now,
    )
