"""Appearances and hours of sight, as looks would have recorded them, and looks that do."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from sqlmodel import col, select

from core.appearances import Appearance, Record, SightHour
from core.looks import Answer
from core.slots import BERLIN, Slot
from models import releases, slots_seen
from models.database import Database
from models.slot_seen import SlotSeen
from tests.models_cast import NOW, PASSPORT, looked

MONDAY = date(2026, 3, 2)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def berlin(day: date, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, fold=fold), tzinfo=BERLIN)


def appeared(at: datetime, number: int = 0, *, lead_days: int = 1, gone_after: timedelta | None = None) -> Appearance:
    """One slot of many that a look saw first at this moment."""
    starts_at = berlin(at.astimezone(BERLIN).date() + lead_days * DAY, 9 + number // 60, number % 60)
    return Appearance(
        Slot(starts_at, office_id=1),
        after=at - MINUTE,
        by=at,
        last_seen_at=at + (gone_after or 5 * MINUTE),
        gone_at=at + gone_after if gone_after else None,
    )


def watched(
    first: date, days: int, hours: range = range(24), *, slots: Mapping[tuple[int, int], int] = MappingProxyType({})
) -> tuple[SightHour, ...]:
    """These hours of each of these days, all of them in sight; `slots` by the number of the day and the hour."""
    return tuple(
        SightHour(berlin(first + number * DAY, hour), looks=55, seen=HOUR, slots=slots.get((number, hour), 0))
        for number in range(days)
        for hour in hours
    )


class Eyes:
    """Looks at one target, a minute or more apart, and reads back what they wrote."""

    def __init__(self, database: Database, target_id: int) -> None:
        self.database = database
        self.target_id = target_id

    def see(self, minutes: float, *offered: Slot, answer: Answer = Answer.FREE, **given: Any) -> None:
        at = NOW + minutes * MINUTE
        look = looked(answer, *offered, at=at, **given)
        self.database.transact(lambda session: slots_seen.record(session, self.target_id, look, now=at))

    def unseen(self, seen: Slot) -> float | None:
        """Minutes after NOW."""
        row = self.row(seen)
        return None if row.unseen_at is None else (row.unseen_at - NOW) / MINUTE

    def row(self, seen: Slot) -> SlotSeen:
        same = (col(SlotSeen.starts_at) == seen.starts_at) & (col(SlotSeen.office_id) == seen.office_id)
        with self.database.reading() as session:
            return session.exec(select(SlotSeen).where(same, col(SlotSeen.target_id) == self.target_id)).one()

    def record(self, *, since: datetime = NOW - DAY, until: datetime = NOW + 100 * DAY) -> Record:
        with self.database.reading() as session:
            return releases.record(session, PASSPORT.service_id, since=since, until=until)
