"""What operators stop and let go on, for one of the City's services or for all, with who it was in the recorder."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from models import events, halts, lanes
from models.halt import Halt

REASON = "by the operator"
HALTED, LIFTED, PAUSED, RESUMED = "operator.halted", "operator.lifted", "operator.paused", "operator.resumed"


def halt(session: Session, service_id: int, *, by: str, now: datetime) -> None:
    halts.halt(session, service_id, now=now)
    events.note(session, HALTED, now=now, service_id=service_id, by=by)


def lift(session: Session, service_id: int, *, by: str, now: datetime) -> None:
    halts.lift(session, service_id)
    events.note(session, LIFTED, now=now, service_id=service_id, by=by)


def halt_all(session: Session, own_lane: str, *, by: str, now: datetime) -> Sequence[str]:
    """All lanes there are, since the operator means the City and not a machine; their names."""
    names = list(dict.fromkeys([own_lane, *(one.name for one in lanes.list(session))]))
    for name in names:
        lanes.pause(session, name, reason=REASON)
    events.note(session, PAUSED, now=now, lanes=names, by=by)
    return names


def lift_all(session: Session, *, by: str, now: datetime) -> None:
    """Every lane and every service. What a lane rests from by itself it goes on resting from."""
    for one in lanes.list(session):
        if one.paused:
            lanes.unpause(session, one.name)
    halts.lift_all(session)
    events.note(session, RESUMED, now=now, by=by)


def whose(session: Session, one: Halt) -> str:
    """Who halted it; empty once the recorder has forgotten."""
    noted = events.at(session, HALTED, one.since)
    return next((str(event.fields["by"]) for event in noted if event.fields["service_id"] == one.service_id), "")
