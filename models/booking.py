"""The durable state machine around a hold. Who may have what is said by its unique indexes, not by hope."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, TextClause, text
from sqlmodel import Field

from core.bookings import LIVE, BookingState
from core.slots import Slot
from models.columns import word
from models.row import Row

_STATES = ", ".join(f"'{state}'" for state in BookingState if state in LIVE)
_LIVE = f"state IN ({_STATES}) AND over_at IS NULL"
PERSON_SERVICE = "uq_booking_person_service"
OFFICE_TIME = "uq_booking_office_time"
REPLACES = "uq_booking_replaces"


def _one(name: str, *columns: str, where: str) -> Index:
    clause: TextClause = text(where)
    return Index(name, *columns, unique=True, sqlite_where=clause, postgresql_where=clause)


class Booking(Row, table=True):
    """`over_at` is set once a confirmed appointment's time has passed: it then stands in nobody's way.

    `replaces_id` names the appointment this one is to replace. Until that one has ended (`replaced_at`) both may live,
    which is the one exception from a person having one live booking for a service.
    `offered_until` is set while the person is asked whether to take it, `answered_yes` is what they said, and
    `cancel_asked_at` is when they asked us to give it back. `deadline_at` is when the City drops the hold or the
    activation. `seed`, `rank` and `rivals` explain the draw.
    """

    __table_args__ = (
        _one(
            PERSON_SERVICE,
            *("person_id", "service_key"),
            where=f"{_LIVE} AND (replaces_id IS NULL OR replaced_at IS NOT NULL)",
        ),
        _one(OFFICE_TIME, "office_id", "starts_at", where=_LIVE),
        _one(REPLACES, "replaces_id", where=f"{_LIVE} AND replaced_at IS NULL"),
        Index(None, "state", "lease_until"),
    )

    id: int = Field(default=None, primary_key=True)
    watch_id: int = Field(foreign_key="watch.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    target_id: int = Field(foreign_key="target.id", index=True)
    replaces_id: int | None = Field(default=None, foreign_key="booking.id", index=True)
    replaced_at: datetime | None = None
    service_key: str
    office_id: int
    starts_at: datetime
    state: BookingState = Field(default=BookingState.WANTED, sa_type=word(BookingState))
    created_at: datetime
    moved_at: datetime
    over_at: datetime | None = None
    deadline_at: datetime | None = None
    offered_until: datetime | None = None
    answered_yes: bool | None = None
    answered_at: datetime | None = None
    cancel_asked_at: datetime | None = None
    lease_until: datetime | None = None
    leased_by: str = ""
    attempt: int = 0
    reason: str = ""
    seed: int | None = Field(default=None, sa_type=BigInteger)
    rank: int | None = None
    rivals: int | None = None
    screenshot_path: str = ""
    calendar_path: str = ""

    @property
    def slot(self) -> Slot:
        return Slot(starts_at=self.starts_at, office_id=self.office_id)
