"""Our rows against the City's own books: what was doubled, lost, untold, or held without anybody knowing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bench.city import LIVE, STANDING, CityAppointment
from core.bookings import ENDED, UNSETTLED, BookingState
from core.bookings import LIVE as GOING_ON
from core.slots import Slot
from models import bookings, holds, notices
from models.keyring import Keyring
from workers.booking import POSSIBLE_HOLD
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
class Findings:
    """What must not be.

    `double`: addresses of people with more than one live appointment. `lost`: appointments at the City that no row
    knows, and rows that say what the City does not. `untold`: bookings whose end nobody was told.
    `left_holds_unknown`: holds at the City that no row knows of.
    """

    double: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    untold: frozenset[int] = frozenset()
    left_holds_unknown: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return any(self._parts())

    def __or__(self, other: "Findings") -> "Findings":
        return Findings(*(mine | theirs for mine, theirs in zip(self._parts(), other._parts(), strict=True)))

    def __and__(self, other: "Findings") -> "Findings":
        return Findings(*(mine & theirs for mine, theirs in zip(self._parts(), other._parts(), strict=True)))

    def counts(self) -> dict[str, int]:
        names = ("double", "lost", "untold", "left_holds_unknown")
        return {name: len(part) for name, part in zip(names, self._parts(), strict=True)}

    def _parts(self) -> tuple[frozenset[Any], ...]:
        return self.double, self.lost, self.untold, self.left_holds_unknown


def judge(rows: Sequence[RowFacts], city: Sequence[CityAppointment]) -> Findings:
    """To be asked while nothing is under way but possible holds."""
    by_process = {row.process_id: row for row in rows if row.process_id is not None}
    unknown = (f"appointment {one.process_id}" for one in _unknown_appointments(by_process, city))
    hollow = (f"booking {row.booking_id}" for row in _hollow_rows(rows, city))
    return Findings(
        double=frozenset(_double(city)),
        lost=frozenset((*unknown, *hollow)),
        untold=frozenset(row.booking_id for row in rows if not _was_told(row, rows)),
        left_holds_unknown=frozenset(one.process_id for one in _unknown_holds(rows, by_process, city)),
    )


def possible_holds(rows: Sequence[RowFacts], city: Sequence[CityAppointment]) -> dict[str, int]:
    """How many we knew of, and how many of those the City really kept."""
    by_process = {row.process_id: row for row in rows if row.process_id is not None}
    possible = [row for row in rows if _POSSIBLE in row.written]
    real = [row for row in possible if _was_real(row, by_process, city)]
    return {"possible_holds_known": len(possible), "possible_holds_real": len(real)}


def at_rest(session: Session) -> bool:
    """Nothing is under way but what waits for a possible hold to end."""
    return all(one.state not in UNSETTLED or one.reason == POSSIBLE_HOLD for one in bookings.list(session))


def facts(session: Session, keyring: Keyring) -> list[RowFacts]:
    found = []
    for booking in bookings.list(session):
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


def _double(city: Iterable[CityAppointment]) -> list[str]:
    live = Counter(one.mail for one in city if one.status in LIVE and not one.anonymous)
    return [mail for mail, count in live.items() if count > 1]


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
