"""Looks: each visit's answer as a row."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

import core.looks
from models.look import Look


def record(session: Session, target_id: int, lane: str, look: core.looks.Look) -> Look:
    row = Look(
        target_id=target_id,
        lane=lane,
        started_at=look.started_at,
        finished_at=look.finished_at,
        answer=look.answer,
        dialect=look.dialect,
        slots=len(look.slots),
        requests=look.requests,
        detail=look.detail,
        evidence=look.evidence,
        office_ids=None if look.office_ids is None else tuple(sorted(look.office_ids)),
    )
    session.add(row)
    session.flush()
    return row


def latest(session: Session, target_id: int, *, limit: int = 20) -> Sequence[Look]:
    newest = select(Look).where(col(Look.target_id) == target_id).order_by(col(Look.started_at).desc())
    return session.scalars(newest.limit(limit)).all()
