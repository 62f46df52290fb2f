"""Looks: each visit's answer as a row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, insert, select
from sqlmodel import Session, col

import core.looks
from core.looks import SIGHTED
from models.look import Look

_RECORDING = insert(Look.metadata.tables["look"])  # past the ORM, as in models.events


@dataclass(frozen=True, slots=True)
class Tally:
    """How many looks were made, and how many of them could not see."""

    made: int = 0
    blind: int = 0


def record(session: Session, target_id: int, lane: str, look: core.looks.Look) -> int:
    """The row's number."""
    row = {
        "target_id": target_id,
        "lane": lane,
        "started_at": look.started_at,
        "finished_at": look.finished_at,
        "answer": look.answer,
        "dialect": look.dialect,
        "slots": len(look.slots),
        "requests": look.requests,
        "detail": look.detail,
        "evidence": look.evidence,
        "office_ids": None if look.office_ids is None else tuple(sorted(look.office_ids)),
    }
    session.flush()
    written = session.connection().execute(_RECORDING, row).inserted_primary_key
    return int(written[0]) if written else 0


def latest(session: Session, target_id: int, *, limit: int = 20) -> Sequence[Look]:
    newest = select(Look).where(col(Look.target_id) == target_id).order_by(col(Look.started_at).desc())
    return session.scalars(newest.limit(limit)).all()


def latest_of(session: Session, target_ids: Collection[int]) -> Mapping[int, Look]:
    """The last look at each of these targets that was ever looked at."""
    last = select(func.max(col(Look.id))).where(col(Look.target_id).in_(target_ids)).group_by(col(Look.target_id))
    return {row.target_id: row for row in session.scalars(select(Look).where(col(Look.id).in_(last)))}


def tallies(session: Session, *, since: datetime) -> Mapping[int, Tally]:
    """Of each target that was looked at since then."""
    blind = func.sum(case((col(Look.answer).in_(SIGHTED), 0), else_=1))
    counted = select(col(Look.target_id), func.count(), blind).where(col(Look.finished_at) >= since)
    return {
        target_id: Tally(made, unseen)
        for target_id, made, unseen in session.execute(counted.group_by(col(Look.target_id)))
    }


def tally(session: Session, target_id: int, *, since: datetime, until: datetime) -> Tally:
    """Of one target, in that span."""
    made = (col(Look.target_id) == target_id) & (col(Look.started_at) >= since) & (col(Look.started_at) <= until)
    counted = select(func.count(), func.coalesce(func.sum(case((col(Look.answer).in_(SIGHTED), 0), else_=1)), 0))
    return Tally(*session.execute(counted.where(made)).one())


def noted(session: Session, target_id: int, detail: str, *, since: datetime) -> bool:
    """Whether a look that ended after `since` was recorded with just this detail."""
    same = (col(Look.target_id) == target_id) & (col(Look.finished_at) > since) & (col(Look.detail) == detail)
    return session.scalars(select(col(Look.id)).where(same).limit(1)).first() is not None
