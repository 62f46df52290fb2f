"""Hours of sight: added to by each look that could see."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Executable, Table
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from models.look_hour import LookHour

HOUR = timedelta(hours=1)


def add(session: Session, target_id: int, *, at: datetime, since: datetime | None, slots: int, now: datetime) -> None:
    """A look that began `at`; the target was in sight `since` the look before, None meaning that it was not.

    `slots` have appeared by `now`.
    """
    seconds = {begin: span.total_seconds() for begin, span in _by_hour(since or at, at)}
    added = [
        {
            "target_id": target_id,
            "begins_at": begin,
            "looks": int(begin == hour_of(at)),
            "seconds": seconds.get(begin, 0.0),
            "slots": slots if begin == hour_of(now) else 0,
        }
        for begin in sorted({*seconds, hour_of(at), *([hour_of(now)] if slots else ())})
    ]
    connection = session.connection()
    connection.execute(_ADDING[connection.dialect.name], added)


def _adding(insert: Callable[[Table], SqliteInsert | PostgresInsert]) -> Executable:
    """Made once, since every look says it and SQLAlchemy keeps no upsert that is put together anew."""
    statement = insert(LookHour.metadata.tables["look_hour"])
    more = {
        "looks": col(LookHour.looks) + statement.excluded.looks,
        "seconds": col(LookHour.seconds) + statement.excluded.seconds,
        "slots": col(LookHour.slots) + statement.excluded.slots,
    }
    return statement.on_conflict_do_update(index_elements=["target_id", "begins_at"], set_=more)


_ADDING: Mapping[str, Executable] = MappingProxyType(
    {"sqlite": _adding(sqlite_insert), "postgresql": _adding(postgres_insert)}
)


def _by_hour(since: datetime, until: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """An hour of UTC is an hour of Munich too, whatever its number there."""
    while since < until:
        end = min(hour_of(since) + HOUR, until)
        yield hour_of(since), end - since
        since = end


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
