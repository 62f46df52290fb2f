"""Slots and the times they are spoken of in. Times are aware UTC inside, Europe/Berlin only at the edges."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """An office and a start time the City offered for a target."""

    starts_at: datetime
    office_id: int

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None:
            raise ValueError("a slot's time must know its zone")

    @classmethod
    def from_unix(cls, seconds: int, *, office_id: int) -> "Slot":
        return cls(starts_at=datetime.fromtimestamp(seconds, tz=UTC), office_id=office_id)

    @property
    def unix(self) -> int:
        return int(self.starts_at.timestamp())

    @property
    def local(self) -> datetime:
        return self.starts_at.astimezone(BERLIN)

    @property
    def day(self) -> date:
        """The day in Munich, which around midnight is not the day in UTC."""
        return self.local.date()


def utc_now() -> datetime:
    return datetime.now(tz=UTC)


def in_munich(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=BERLIN).astimezone(UTC)
