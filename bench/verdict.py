"""Our rows against the City's own books: what was doubled, lost, untold, or held without anybody knowing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bench.city import LIVE, STANDING, CityAppointment
from core.bookings import ENDED, BookingState
from core.bookings import LIVE as GOING_ON
from core.slots import Slot
from models import bookings, holds, notices
from models.keyring import Keyring
from workers.following import LONGER_WAIT

_KNOWN_STANDING = frozenset({BookingState.PRECONFIRMED, BookingState.CONFIRMED})
_POSSIBLE = "booking.possible_hold"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One booking row. `told` are the kinds of notices that were delivered, `written` those that exist at all."""

    booking_id: int
    watch_id: int
    state: BookingState
    reason: str
    slot: Slot
    created_at: datetime
    process_id: int | None
    told: frozenset[str]
    written: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Each a count of something that must not be, but the last two: possible holds we knew, and those that were real.

    `double`: people with more than one live appointment. `lost`: appointments at the City that no row knows, and rows
    that say what the City does not. `untold`: results nobody was told. `left_holds_unknown`: holds no row knows of.
    """

    double: int = 0
    lost: int = 0
    untold: int = 0
    left_holds_unknown: int = 0
    possible_holds_known: int = 0
    possible_holds_real: int = 0

    @property
    def clean(self) -> bool:
        return not (self.double or self.lost or self.untold or self.left_holds_unknown)


def judge(rows: Sequence[RowFacts], city: Sequence[CityAppointment]) -> Verdict:
    by_process = {row.process_id: row for row in rows if row.process_id is not None}
    possible = [row for row in rows if _POSSIBLE in row.written]
    return Verdict(
        double=_double(city),
        lost=len(_unknown_appointments(by_process, city)) + len(_hollow_rows(rows, city)),
        untold=sum(not _was_told(row, rows) for row in rows),
        left_holds_unknown=len(_unknown_holds(rows, by_process, city)),
        possible_holds_known=len(possible),
        possible_holds_real=sum(_was_real(row, by_process, city) for row in possible),
    )


def facts(session: Session, keyring: Keyring, *, watch_ids: Iterable[int] | None = None) -> list[RowFacts]:
    """The rows of these watches, or of all."""
    wanted = None if watch_ids is None else set(watch_ids)
    found = []
    for booking in bookings.list(session):
        if wanted is not None and booking.watch_id not in wanted:
            continue
        hold = holds.of_booking(session, booking.id)
        about = notices.of_booking(session, booking.id)
        found.append(
            RowFacts(
                booking_id=booking.id,
                watch_id=booking.watch_id,
                state=booking.state,
                reason=booking.reason,
                slot=booking.slot,
                created_at=booking.created_at,
                process_id=holds.key(keyring, hold).process_id if hold else None,
                told=frozenset(one.kind for one in about if one.told_at is not None),
                written=frozenset(one.kind for one in about),
            )
        )
    return found


def _double(city: Iterable[CityAppointment]) -> int:
    live = Counter(one.mail for one in city if one.status in LIVE and not one.anonymous)
    return sum(count > 1 for count in live.values())


def _unknown_appointments(by_process: Mapping[int, RowFacts], city: Iterable[CityAppointment]) -> list[CityAppointment]:
    standing = [one for one in city if one.status in STANDING]
    return [
        one
        for one in standing
        if one.process_id not in by_process or by_process[one.process_id].state not in _KNOWN_STANDING
    ]


def _hollow_rows(rows: Iterable[RowFacts], city: Iterable[CityAppointment]) -> list[RowFacts]:
    says = {one.process_id: one.status for one in city}
    wanted = {BookingState.CONFIRMED: {"confirmed"}, BookingState.PRECONFIRMED: STANDING}
    return [row for row in rows if row.state in wanted and says.get(row.process_id or 0) not in wanted[row.state]]


def _was_told(row: RowFacts, rows: Iterable[RowFacts]) -> bool:
    """A booking that gave way to another one of the same wish at once is no result yet; that one will be told."""
    if _POSSIBLE in row.written - row.told:
        return False
    if row.state is BookingState.CONFIRMED:
        return "booking.confirmed" in row.told
    if row.state not in ENDED or row.reason == LONGER_WAIT:  # a claim nobody clicked for is no result
        return True
    followed = any(other.watch_id == row.watch_id and other.booking_id > row.booking_id for other in rows)
    return f"booking.{row.state}" in row.told or (f"booking.{row.state}" not in row.written and followed)


def _unknown_holds(
    rows: Iterable[RowFacts], by_process: Mapping[int, RowFacts], city: Iterable[CityAppointment]
) -> list[CityAppointment]:
    """A hold is known by its number on a live row, or by its slot on one that waits for the City's answer."""
    waiting = {row.slot for row in rows if row.state is BookingState.HOLDING}
    reserved = [one for one in city if one.status == "reserved"]
    return [
        one
        for one in reserved
        if one.slot not in waiting
        and (one.process_id not in by_process or by_process[one.process_id].state not in GOING_ON)
    ]


def _was_real(row: RowFacts, by_process: Mapping[int, RowFacts], city: Iterable[CityAppointment]) -> bool:
    return any(
        one.slot == row.slot and one.reserved_at >= row.created_at and one.process_id not in by_process for one in city
    )
