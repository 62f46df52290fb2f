"""The flight recorder: noted with the change itself, read back as a timeline."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, col

from models.event import Event
from models.redaction import redacted

_IDS = frozenset({"target_id", "watch_id"})
_NOTING = insert(Event.metadata.tables["event"])  # past the ORM: every look says it


def note(
    session: Session,
    kind: str,
    *,
    now: datetime,
    target_id: int | None = None,
    watch_id: int | None = None,
    booking_id: int | None = None,
    look_id: int | None = None,
    **fields: Any,
) -> None:
    """Write down what happened; personal fields and whatever looks like a key are hidden."""
    session.flush()
    row = {"target_id": target_id, "watch_id": watch_id, "booking_id": booking_id, "look_id": look_id}
    session.connection().execute(_NOTING, {"at": now, "kind": kind, **row, "fields": redacted(fields)})


def note_all(session: Session, kind: str, notes: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """As `note`, the same kind for many in one statement; each with its `target_id`, `watch_id` and other fields."""
    session.flush()
    rows = [
        {
            "at": now,
            "kind": kind,
            "target_id": one.get("target_id"),
            "watch_id": one.get("watch_id"),
            "fields": redacted({name: value for name, value in one.items() if name not in _IDS}),
        }
        for one in notes
    ]
    if rows:
        session.execute(insert(Event), rows)


def since(session: Session, event_id: int, *, limit: int = 1000) -> Sequence[Event]:
    """What was noted after that event, in order of writing.

    On PostgreSQL a transaction that commits late may put an event before one that was already read: this is for
    progress displays, which can bear it.
    """
    return session.scalars(select(Event).where(col(Event.id) > event_id).order_by(col(Event.id)).limit(limit)).all()


def of_booking(session: Session, booking_id: int) -> Sequence[Event]:
    return session.scalars(
        select(Event).where(col(Event.booking_id) == booking_id).order_by(col(Event.at), col(Event.id))
    ).all()


def of_watch(session: Session, watch_id: int, *, kinds: Collection[str]) -> Sequence[Event]:
    """In order of writing."""
    those = (col(Event.watch_id) == watch_id) & col(Event.kind).in_(kinds)
    return session.scalars(select(Event).where(those).order_by(col(Event.id))).all()


def at(session: Session, kind: str, moment: datetime) -> Sequence[Event]:
    """Those of a kind that were noted with what happened at that very moment."""
    return session.scalars(select(Event).where(col(Event.at) == moment, col(Event.kind) == kind)).all()


def latest(session: Session, kind: str, *, target_id: int, limit: int) -> Sequence[Event]:
    """The last events of a kind about a target, the newest first."""
    of_kind = (col(Event.kind) == kind) & (col(Event.target_id) == target_id)
    return session.scalars(select(Event).where(of_kind).order_by(col(Event.id).desc()).limit(limit)).all()


def last_at(session: Session, kind: str, *, since: datetime) -> datetime | None:
    """When one of this kind was noted last, if that was later than `since`."""
    those = (col(Event.at) > since) & (col(Event.kind) == kind)
    return session.scalars(select(col(Event.at)).where(those).order_by(col(Event.at).desc()).limit(1)).first()
