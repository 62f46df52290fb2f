"""Whether a target can be seen, and who is told: alarms while its looks are blind, one word once they see again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel import Session

from core.looks import Answer, Look
from models import events, notices, targets, watches
from models.lane import Lane
from models.notices import Draft
from models.target import Target

BLIND_AFTER = 3  # looks in a row without an answer that can be believed
BLIND, NEEDS_PERSON = "look.blind", "look.person"
UNSEEN_AFTER = timedelta(minutes=15)  # due for so long and never looked at: longer than a round of 300 targets takes

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Blindness:
    """Since when a target's looks have been blind, and how many they are by now."""

    since: datetime
    looks: int

    @property
    def alarming(self) -> bool:
        return self.looks >= BLIND_AFTER

    @property
    def sounds_now(self) -> bool:
        """At the third look, and again at each doubling."""
        steps, rest = divmod(self.looks, BLIND_AFTER)
        return steps > 0 and rest == 0 and steps & (steps - 1) == 0


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the operator's log must say as soon as the rows are written."""

    kind: str
    target_id: int
    fields: Mapping[str, Any] = field(default_factory=dict)


def of(target: Target) -> Blindness | None:
    return Blindness(target.blind_since, target.blind_count) if target.blind_since else None


def follow(session: Session, target: Target, look: Look, *, before: Blindness | None, now: datetime) -> Alarm | None:
    """Tell those who wait for the target, which stands as the look left it; `before` is how it stood until then.

    Who is locked out is looked for again in an hour at the soonest, so that is told at the first look.
    """
    after = of(target)
    if after is not None and (after.alarming or look.answer is Answer.BLOCKED):
        return _tell_blindness(session, target, look, after, now=now)
    if look.sighted and before is not None:
        return _tell_sight(session, target, look, before, now=now)
    return None


def overlooked(session: Session, *, lane: str, now: datetime) -> list[Alarm]:
    """Tell those whose targets nobody looks at any more: the operator stopped it, the lane rests, no worker works."""
    closed = session.get(Lane, lane)
    why = "paused" if closed and closed.paused else (closed and closed.trouble) or "unlooked"
    return [
        _tell_overlooked(session, target, "paused" if target.halted else why, now=now)
        for target in targets.overlooked(session, due_before=now - UNSEEN_AFTER)
    ]


def report(alarm: Alarm | None) -> None:
    """To the operator, after the commit: a transaction may be tried twice."""
    if alarm is not None:
        tell = log.warning if alarm.kind == "look.blind" else log.info
        tell(alarm.kind, target_id=alarm.target_id, **alarm.fields)


def _tell_overlooked(session: Session, target: Target, why: str, *, now: datetime) -> Alarm:
    target.blind_since = since = target.last_good_at or target.next_look_at or now
    drafts = [
        Draft(
            person_id=person_id,
            watch_id=watch_id,
            kind="look.blind",
            facts={"answer": why, "since": since.isoformat()},
            dedupe=f"look.blind:{watch_id}:{int(since.timestamp())}:unlooked",
        )
        for watch_id, person_id in watches.waiting(session, target.id)
    ]
    notices.write_all(session, drafts, now=now)
    fields = {"answer": why, "since": since.isoformat(), "looks": 0, "detail": "", "told": len(drafts)}
    return _noted(session, Alarm("look.blind", target.id, fields), now=now)


def _tell_blindness(
    session: Session, target: Target, look: Look, blindness: Blindness, *, now: datetime
) -> Alarm | None:
    """Everyone when the alarm sounds; in between those who came since and were told nothing of it yet.

    Where the City asks for a person, they are told where to look themselves.
    """
    since = blindness.since
    told = {watch_id for watch_id, _ in notices.told_of(session, target.id, (BLIND, NEEDS_PERSON), since=since)}
    sounds = blindness.sounds_now or not (blindness.alarming or told)
    wanted = look.answer is Answer.CAPTCHA
    kind, facts = (NEEDS_PERSON, {"service_id": target.services[0].service_id}) if wanted else (BLIND, {})
    drafts = [
        Draft(
            person_id=person_id,
            watch_id=watch_id,
            kind=kind,
            facts={**facts, "answer": str(look.answer), "since": since.isoformat()},
            dedupe=f"{kind}:{watch_id}:{int(since.timestamp())}:{blindness.looks}",
        )
        for watch_id, person_id in watches.waiting(session, target.id)
        if sounds or watch_id not in told
    ]
    notices.write_all(session, drafts, now=now)
    if not sounds:
        return None
    fields = {"answer": str(look.answer), "since": since.isoformat(), "looks": blindness.looks, "detail": look.detail}
    return _noted(session, Alarm("look.blind", target.id, {**fields, "told": len(drafts)}), now=now)


def _tell_sight(session: Session, target: Target, look: Look, blindness: Blindness, *, now: datetime) -> Alarm | None:
    told = notices.told_of(session, target.id, (BLIND, NEEDS_PERSON), since=blindness.since)
    if not told and not blindness.alarming:
        return None
    lasted = (look.finished_at - blindness.since).total_seconds()
    drafts = [
        Draft(
            person_id=person_id,
            watch_id=watch_id,
            kind="look.sees_again",
            facts={"seen_at": look.finished_at.isoformat(), "lasted": int(lasted)},
            dedupe=f"look.sees_again:{watch_id}:{int(blindness.since.timestamp())}",
        )
        for watch_id, person_id in told
    ]
    notices.write_all(session, drafts, now=now)
    since = blindness.since.isoformat()
    fields = {"since": since, "looks": blindness.looks, "lasted": lasted, "told": len(drafts)}
    return _noted(session, Alarm("look.sees_again", target.id, fields), now=now)


def _noted(session: Session, alarm: Alarm, *, now: datetime) -> Alarm:
    events.note(session, alarm.kind, now=now, target_id=alarm.target_id, **alarm.fields)
    return alarm
