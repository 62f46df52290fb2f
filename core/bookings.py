"""The states of a booking and the moves between them. The table below is the only place that knows them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class BookingState(StrEnum):
    WANTED = "wanted"
    HOLDING = "holding"
    HELD = "held"
    DETAILED = "detailed"
    PRECONFIRMED = "preconfirmed"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    LOST = "lost"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


S = BookingState
MOVES: dict[BookingState, frozenset[BookingState]] = {
    S.WANTED: frozenset({S.HOLDING, S.LOST, S.RELEASED}),
    S.HOLDING: frozenset({S.HELD, S.LOST, S.RELEASED, S.EXPIRED}),
    S.HELD: frozenset({S.DETAILED, S.RELEASED, S.LOST, S.EXPIRED}),
    S.DETAILED: frozenset({S.PRECONFIRMED, S.RELEASED, S.LOST, S.EXPIRED}),
    S.PRECONFIRMED: frozenset({S.CONFIRMED, S.EXPIRED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.CANCELLED}),
    S.RELEASED: frozenset(),
    S.LOST: frozenset(),
    S.EXPIRED: frozenset(),
    S.CANCELLED: frozenset(),
}
ENDED = frozenset(state for state, moves in MOVES.items() if not moves)
LIVE = frozenset(BookingState) - ENDED
UNSETTLED = LIVE - {S.CONFIRMED}


class IllegalMove(Exception):
    """A bug, which is why it is not in the tree of core.errors: nobody may catch it."""


def check_move(old: BookingState, new: BookingState) -> None:
    if new not in MOVES[old]:
        raise IllegalMove(f"a booking cannot go from {old} to {new}")


@dataclass(frozen=True, slots=True)
class HoldKey:
    """What opens a hold at the City. Never printed: whoever has it can cancel the appointment."""

    process_id: int
    auth_key: str

    def __repr__(self) -> str:
        return f"HoldKey(process_id={self.process_id}, auth_key=…)"


@dataclass(frozen=True, slots=True)
class Appointment:
    """What the City says of an appointment when it is read.

    `status` is the City's own word (reserved, preconfirmed, confirmed, deleted). Durations are the office's
    settings; None where the City names none. `family_name` is who it is for, as the City keeps it.
    """

    key: HoldKey
    status: str
    office_id: int
    starts_at: datetime
    display_number: str
    office_name: str = ""
    service_name: str = ""
    reservation: timedelta | None = None
    activation: timedelta | None = None
    calendar: str | None = None
    family_name: str = field(default="", repr=False)


DEFAULT_ACTIVATION = timedelta(minutes=30)  # what the City's page assumes when an office names none
DEFAULT_RESERVATION = timedelta(minutes=15)  # 45 of 53 offices; used only if the hold's answer names none
OFFER_MARGIN = timedelta(minutes=2)  # for the form, the consents and the last click, at a person's pace


def thinking_time(reservation: timedelta | None) -> timedelta:
    """How long the person of an offer may think: the hold's time less a margin, a fifth of a hold that is short."""
    lasts = reservation or DEFAULT_RESERVATION
    return lasts - min(OFFER_MARGIN, lasts / 5)
