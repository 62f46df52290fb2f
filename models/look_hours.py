"""Hours of sight: added to by each look that could see."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from models.look_hour import LookHour

HOUR = timedelta(hours=1)


def add(session: Session, target_id: int, *, at: datetime, since: datetime | None) -> None:
    """A look at this moment; the target was in sight `since` the look before, None meaning that it was not."""
    seconds = {_hour(at): 0.0} | {begin: span.total_seconds() for begin, span in _by_hour(since or at, at)}
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    added = insert(LookHour).values(
        [
            {"target_id": target_id, "begins_at": begin, "looks": int(begin == _hour(at)), "seconds": seen}
            for begin, seen in seconds.items()
        ]
    )
    more = {
        "looks": col(LookHour.looks) + added.excluded.looks,
        "seconds": col(LookHour.seconds) + added.excluded.seconds,
    }
    session.exec(added.on_conflict_do_update(index_elements=["target_id", "begins_at"], set_=more))


def _by_hour(since: datetime, until: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """An hour of UTC is an hour of Munich too, whatever its number there."""
    while since < until:
        end = min(_hour(since) + HOUR, until)
        yield _hour(since), end - since
        since = end


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
