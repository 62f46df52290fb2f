"""The footprint: each request to the City is counted once, where it is settled; and who was served by them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, Executable, Table, case, func, or_, select
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from core.coverage import Span
from core.footprint import Purpose, Waiting
from core.services import ServiceCount
from models.event import Event
from models.footprint import Footprint
from models.look import Look
from models.look_hours import hour_of
from models.target import Target
from models.watch import Watch, WatchState

_BEGAN = "watch.open"  # again, after a pause
_ENDED = tuple(f"watch.{state}" for state in WatchState if state is not WatchState.OPEN)


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests of an hour for one purpose, the bytes that came of them, and milliseconds of processor time."""

    hour: datetime
    purpose: Purpose
    requests: int
    received: int
    cpu_ms: int = 0


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What looks at a target cost."""

    target_id: int
    services: tuple[ServiceCount, ...]
    office_ids: tuple[int, ...]
    looks: int
    requests: int


def add(
    session: Session,
    *,
    lane: str,
    purpose: Purpose,
    requests: int = 0,
    received: int = 0,
    cpu_ms: int = 0,
    now: datetime,
) -> None:
    """Count what was just asked. Workers that count at once wait for each other for the length of a transaction."""
    if not requests and not cpu_ms:
        return
    connection = session.connection()
    counts = {"requests": requests, "received": received, "cpu_ms": cpu_ms}
    row = {"hour": hour_of(now), "lane": lane, "purpose": purpose, **counts}
    connection.execute(_ADDING[connection.dialect.name], row)


def _adding(insert: Callable[[Table], SqliteInsert | PostgresInsert]) -> Executable:
    """Made once, as in models.look_hours."""
    statement = insert(Footprint.metadata.tables["footprint"])
    more = {
        "requests": col(Footprint.requests) + statement.excluded.requests,
        "received": col(Footprint.received) + statement.excluded.received,
        "cpu_ms": col(Footprint.cpu_ms) + statement.excluded.cpu_ms,
    }
    return statement.on_conflict_do_update(index_elements=["hour", "lane", "purpose"], set_=more)


_ADDING: Mapping[str, Executable] = MappingProxyType(
    {"sqlite": _adding(sqlite_insert), "postgresql": _adding(postgres_insert)}
)


def of(session: Session, span: Span) -> Sequence[Asked]:
    """By hour and purpose, on all lanes; the hours that begin in the span."""
    in_span = (col(Footprint.hour) >= span.start) & (col(Footprint.hour) <= span.end)
    by = (col(Footprint.hour), col(Footprint.purpose))
    sums = (func.sum(Footprint.requests), func.sum(Footprint.received), func.sum(Footprint.cpu_ms))
    rows = session.execute(select(*by, *sums).where(in_span).group_by(*by).order_by(*by))
    return [
        Asked(hour, purpose, int(requests), int(received), int(cpu_ms))
        for hour, purpose, requests, received, cpu_ms in rows
    ]


def by_target(session: Session, span: Span) -> Sequence[LookedAt]:
    """What looks cost, by target, the dearest first."""
    in_span = (col(Look.finished_at) >= span.start) & (col(Look.finished_at) <= span.end)
    cost = func.sum(Look.requests)
    sums = select(col(Look.target_id), func.count().label("looks"), cost.label("requests")).where(in_span)
    looked = sums.group_by(col(Look.target_id)).subquery()
    rows = session.execute(
        select(Target, looked.c.looks, looked.c.requests)
        .join(looked, looked.c.target_id == col(Target.id))
        .order_by(looked.c.requests.desc(), col(Target.id))
    )
    return [
        LookedAt(target.id, tuple(target.services), tuple(target.office_ids), int(looks), int(requests))
        for target, looks, requests in rows
    ]


def waiting(session: Session, span: Span) -> Sequence[Waiting]:
    """Everybody who waited for something in the span. Of a pause only what came after it, or before it, is told."""
    began, ended = _last(_BEGAN), _last(*_ENDED)
    in_span = (col(Event.at) >= span.start) & (col(Event.at) <= span.end) & col(Event.kind).in_([_BEGAN, *_ENDED])
    turns = (
        select(col(Event.watch_id), began.label("began"), ended.label("ended"))
        .where(in_span)
        .group_by(col(Event.watch_id))
        .subquery()
    )
    rows = session.execute(
        select(Watch, col(Target.captcha), turns.c.began, turns.c.ended)
        .join(Target, col(Target.id) == col(Watch.target_id))
        .outerjoin(turns, turns.c.watch_id == col(Watch.id))
        .where(or_(col(Watch.state) == WatchState.OPEN, turns.c.ended.is_not(None)), col(Watch.since) <= span.end)
    )
    return [
        Waiting(watch.person_id, watch.target_id, captcha=captcha, waited=_waited(watch, span, began, ended))
        for watch, captcha, began, ended in rows
    ]


def _last(*kinds: str) -> ColumnElement[datetime]:
    return func.max(case((col(Event.kind).in_(kinds), col(Event.at))))


def _waited(watch: Watch, span: Span, began: datetime | None, ended: datetime | None) -> Span:
    end = span.end if watch.state is WatchState.OPEN or ended is None else ended
    return Span(max(one for one in (watch.since, span.start, began) if one is not None and one <= end), end)
