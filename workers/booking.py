"""Moves of a booking with everything that belongs to them, each one transaction: row, hold, notice, watch."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from core.bookings import DEFAULT_ACTIVATION, DEFAULT_RESERVATION, Appointment, BookingState, HoldKey
from core.contact import Contact
from core.errors import Refused
from core.slots import Slot
from core.targets import Target
from core.wishes import Mode
from models import (
    bookings,
    catalogs,
    decisions,
    events,
    holds,
    lanes,
    mandates,
    notices,
    people,
    slots_seen,
    targets,
    watches,
)
from models.booking import Booking
from models.encryption import Keyring
from models.watch import WatchState
from workers import following

LEASE = timedelta(minutes=3)  # longer than any job that carries a booking may run
LONGEST_RESERVATION = timedelta(minutes=30)  # of 53 offices
CITY_JOB = timedelta(minutes=1)  # the City's clean-up runs each minute, so a hold may outlive its limit by that
POSSIBLE_HOLD = "possible-hold"
NEEDS_PERSON = "captcha-needs-person"
BY_HAND = timedelta(minutes=10)  # a slot that the City showed is seldom free for longer
GOING_ON = frozenset({WatchState.OPEN, WatchState.PAUSED})


@dataclass(frozen=True, slots=True, repr=False)
class Errand:
    """What one run of a job needs to carry a booking on. Has no repr: the contact and the key are in it.

    `run` names this run in the booking's lease: every move is refused once the lease is another's.
    """

    booking_id: int
    run: str
    state: BookingState
    target_key: str
    target: Target
    slot: Slot
    contact: Contact
    key: HoldKey | None
    asks: bool
    replaces_id: int | None
    deadline_at: datetime | None


def take(session: Session, booking_id: int, *, keyring: Keyring, run: str, now: datetime) -> Errand | None:
    """Claim the booking for this run; None when it has ended or another run's lease lives."""
    booking = bookings.claim(session, booking_id, owner=run, lease=LEASE, now=now)
    if booking is None:
        return None
    hold = holds.of_booking(session, booking_id)
    target = targets.get(session, booking.target_id)
    return Errand(
        booking_id=booking_id,
        run=run,
        state=booking.state,
        target_key=target.key,
        target=target.core,
        slot=booking.slot,
        contact=people.contact(keyring, people.get(session, booking.person_id)),
        key=holds.key(keyring, hold) if hold else None,
        asks=is_offer(session, booking_id),
        replaces_id=booking.replaces_id,
        deadline_at=booking.deadline_at,
    )


def is_offer(session: Session, booking_id: int) -> bool:
    """Whether the person is to be asked before it is booked."""
    booking = bookings.get(session, booking_id)
    return booking.answered_yes is None and watches.get(session, booking.watch_id).mode is Mode.ASK


def to_holding(session: Session, errand: Errand, *, lane: str, now: datetime) -> None:
    """The row before the click. If the answer never comes, a hold may exist until this deadline.

    Raises LaneClosed when the lane has been, and Refused when the mandate has been taken back meanwhile.
    """
    lanes.check_open(session, lane, now=now)
    watch = watches.get(session, bookings.get(session, errand.booking_id).watch_id)
    if not mandates.stands(session, watch.mandate_id, now=now):
        raise Refused("The person has taken the mandate back.", code="mandate-revoked")
    _move(session, errand, BookingState.HOLDING, now=now, deadline_at=now + LEASE + LONGEST_RESERVATION + CITY_JOB)


def to_held(session: Session, errand: Errand, answer: Appointment, *, keyring: Keyring, now: datetime) -> None:
    holds.keep(session, keyring, errand.booking_id, answer, now=now)
    _move(session, errand, BookingState.HELD, now=now, deadline_at=now + (answer.reservation or DEFAULT_RESERVATION))


def to_offer(session: Session, errand: Errand, *, until: datetime, now: datetime) -> None:
    decisions.offer(session, errand.booking_id, until=until)
    booking = bookings.get(session, errand.booking_id)
    events.note(session, "booking.offered", now=now, booking_id=booking.id, until=until.isoformat())
    _tell(session, booking, "booking.offer", now=now, until=until.isoformat(), swap=_is_swap(booking))


def to_detailed(session: Session, errand: Errand, *, now: datetime) -> None:
    """Also the row before the click that preconfirms: from here on the City may have said preconfirmed."""
    _move(session, errand, BookingState.DETAILED, now=now)


def to_preconfirmed(session: Session, errand: Errand, answer: Appointment, *, now: datetime) -> None:
    """The City's clock ran from the click, which the row's last move came just before: late news has less time left."""
    clicked_at = bookings.get(session, errand.booking_id).moved_at
    deadline = clicked_at + (answer.activation or DEFAULT_ACTIVATION)
    booking = _move(session, errand, BookingState.PRECONFIRMED, now=now, deadline_at=deadline)
    holds.note_status(session, errand.booking_id, answer.status, now=now)
    _tell(session, booking, "booking.preconfirmed", now=now, until=deadline.isoformat(), swap=_is_swap(booking))


def to_confirmed(
    session: Session, errand: Errand, answer: Appointment, *, screenshot: str, calendar: str, now: datetime
) -> None:
    """The paths are empty where a file could not be made: the appointment stands without them.

    The person may have opened the mailed link before we knew that there was one.
    """
    if errand.state is BookingState.DETAILED:
        _move(session, errand, BookingState.PRECONFIRMED, now=now)
    booking = _move(session, errand, BookingState.CONFIRMED, now=now)
    booking.screenshot_path, booking.calendar_path = screenshot, calendar
    holds.note_status(session, errand.booking_id, answer.status, now=now)
    watches.fulfil(session, booking.watch_id, now=now)
    facts = {"number": answer.display_number, "services": booking.service_key}
    swaps = booking.replaces_id is not None
    _tell(session, booking, "booking.confirmed", now=now, nth="", swaps=swaps, **facts)


def lost_to_others(session: Session, errand: Errand, *, now: datetime) -> list[int]:
    """The slot is gone: end this booking; the ids of those that follow from it, none if nothing is left."""
    booking = _move(session, errand, BookingState.LOST, now=now, reason="slot-gone")
    slots_seen.take_off(session, booking.target_id, errand.slot, now=now)
    new = following.after_loss(session, booking, run=errand.run, now=now)
    if not new:
        _tell(session, booking, "booking.lost", now=now, reason="slot-gone", search=_search(session, booking))
        targets.look_soon(session, booking.target_id, now=now)
    return new


def again(session: Session, errand: Errand, *, reason: str, now: datetime) -> int | None:
    """Give the booking up because of us and want the same slot anew; its booking's id, or None after enough tries."""
    row = bookings.get(session, errand.booking_id)
    if row.answered_yes is False:  # whoever was to hear the no died before it
        end(session, errand, BookingState.RELEASED, reason="declined", final=False, now=now)
        return None
    if bookings.tries(session, row) >= bookings.MOST_TRIES or row.cancel_asked_at or errand.slot.starts_at <= now:
        end(session, errand, BookingState.RELEASED, reason=reason, final=False, now=now)
        return None
    _move(session, errand, BookingState.RELEASED, now=now, reason=reason)
    watch = watches.get(session, row.watch_id)
    if watch.state is not WatchState.OPEN:
        return None
    return following.anew(session, row, watch, errand.slot, answered_yes=row.answered_yes, now=now)


def end(session: Session, errand: Errand, state: BookingState, *, reason: str, final: bool, now: datetime) -> None:
    """End the booking and say so; a `final` refusal ends the watch too, for the City will not say otherwise."""
    booking = _move(session, errand, state, now=now, reason=reason)
    if reason == NEEDS_PERSON and errand.slot.starts_at > now + BY_HAND:
        _hand_over(session, booking, now=now)
    else:
        _tell(
            session, booking, f"booking.{state}", now=now, reason=reason, final=final, search=_search(session, booking)
        )
    if final and watches.get(session, booking.watch_id).state in GOING_ON:
        watches.end(session, booking.watch_id, reason=reason, now=now)
    else:
        targets.look_soon(session, booking.target_id, now=now)


def given_back(
    session: Session,
    errand: Errand,
    state: BookingState,
    *,
    reason: str,
    status: str,
    proof: str,
    now: datetime,
    ends_swap: bool = False,
) -> None:
    """The City says that it is gone: `status` is its word, `proof` the picture of its page."""
    read_back(session, errand, status, now=now)
    booking = _move(session, errand, state, now=now, reason=reason)
    booking.screenshot_path = proof or booking.screenshot_path
    search = _search(session, booking)
    word: dict[str, str | bool] = {"status": status, "seen_at": now.isoformat(), "proof": bool(proof)}
    word |= {"ends_swap": True} if ends_swap else {}
    kind = f"booking.{state}"
    _tell(session, booking, kind, now=now, nth="", reason=reason, final=False, search=search, **word)


def not_cancelled(session: Session, errand: Errand, *, reason: str, now: datetime) -> None:
    """The City refuses to cancel it, so the wish is dropped and the person told, once for each time that they ask."""
    booking = bookings.get(session, errand.booking_id)
    asked_at, booking.cancel_asked_at = booking.cancel_asked_at, None
    nth = f":{asked_at:%Y%m%dT%H%M%S}" if asked_at else ""
    _tell(session, booking, "booking.not_cancelled", now=now, nth=nth, reason=reason)


def read_back(session: Session, errand: Errand, status: str, *, now: datetime) -> None:
    holds.note_status(session, errand.booking_id, status, now=now)
    events.note(session, "booking.read", now=now, booking_id=errand.booking_id, status=status)


def wait_out(session: Session, errand: Errand, *, site_url: str, now: datetime) -> None:
    """A possible hold: known, dated and told. It ends when the City must have dropped it; nothing is clicked again."""
    booking = bookings.get(session, errand.booking_id)
    until = booking.deadline_at
    if until is None or until <= now:
        end(session, errand, BookingState.EXPIRED, reason="answer-lost", final=False, now=now)
        return
    if booking.reason == POSSIBLE_HOLD:
        return
    booking.reason = POSSIBLE_HOLD
    booking.deadline_at = until = min(until, now + _reservation(session, site_url, booking.office_id) + CITY_JOB)
    events.note(session, "booking.possible_hold", now=now, booking_id=booking.id, until=until.isoformat())
    _tell(session, booking, "booking.possible_hold", now=now, until=until.isoformat())


def _hand_over(session: Session, booking: Booking, *, now: datetime) -> None:
    """The City asks for more than we may do: the person can still take the slot, and is told which and how long."""
    service = watches.get(session, booking.watch_id).services[0]
    until = (now + BY_HAND).isoformat()
    _tell(session, booking, "booking.by_hand", now=now, service_id=service.service_id, until=until)


def _reservation(session: Session, site_url: str, office_id: int) -> timedelta:
    """How long this office keeps a hold, as far as the City's catalogue tells."""
    kept = catalogs.latest(session, site_url)
    office = kept.catalog.office_by_id.get(office_id) if kept else None
    return (office and office.scope and office.scope.reservation) or LONGEST_RESERVATION


def _search(session: Session, booking: Booking) -> str:
    """Whether it is still looked for: stopped or paused meanwhile, it must not be said to go on."""
    return watches.get(session, booking.watch_id).search


def _is_swap(booking: Booking) -> bool:
    return booking.replaces_id is not None and booking.replaced_at is None


def _move(
    session: Session,
    errand: Errand,
    state: BookingState,
    *,
    now: datetime,
    reason: str = "",
    deadline_at: datetime | None = None,
) -> Booking:
    return bookings.move(
        session, errand.booking_id, state, now=now, reason=reason, deadline_at=deadline_at, owner=errand.run
    )


def _tell(session: Session, booking: Booking, kind: str, *, now: datetime, nth: str = "", **facts: str | int) -> None:
    """Once for each kind; what may happen several times to a booking is told apart by `nth`."""
    notices.write(
        session,
        person_id=booking.person_id,
        watch_id=booking.watch_id,
        booking_id=booking.id,
        kind=kind,
        facts={"office_id": booking.office_id, "starts_at": booking.starts_at.isoformat(), **facts},
        dedupe=f"{kind}:{booking.id}{nth}",
        now=now,
    )
