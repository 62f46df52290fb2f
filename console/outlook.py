"""What MTA can see of a watch, in words for the operator: when it last saw, or since when and why it is blind."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import texts
from console import printing
from core.slots import BERLIN
from models import outlooks
from models.look import Look
from models.outlooks import Outlook
from models.watch import Watch, WatchState

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def of_watches(session: Session, rows: Sequence[Watch], *, now: datetime) -> Mapping[int, str]:
    """By watch id, with few questions however many they are."""
    known = outlooks.of_targets(session, {one.target_id for one in rows}, now=now)
    return {one.id: in_words(one, known[one.target_id], now=now) for one in rows}


def in_words(watch: Watch, outlook: Outlook, *, now: datetime) -> str:
    """Empty for a watch that nobody looks for any more."""
    if watch.state is not WatchState.OPEN:
        return ""
    seen = ago(outlook.last_good_at, now=now) if outlook.last_good_at else "never yet"
    if outlook.blind_since is None:
        return seen
    why = texts.answer(outlook.why, "en")
    return f"blind since {clock(outlook.blind_since, now=now)}: {why} (last good look: {seen})"


def trouble(rows: Sequence[Look]) -> dict[str, Any]:
    """What stood in the way of the last of these looks that saw nothing; the newest come first."""
    latest = next((row for row in rows if not row.sighted), None)
    if latest is None:
        return {}
    said = f"{printing.berlin(latest.finished_at)}, {latest.answer}: {latest.detail}"
    return {"last_trouble": said, "kept": list(latest.evidence)}


def ago(moment: datetime, *, now: datetime) -> str:
    passed = max(now - moment, timedelta(0))
    for unit, name in ((DAY, "day"), (HOUR, "h"), (MINUTE, "min")):
        if passed >= unit:
            number = passed // unit
            return f"{number} {name}{'s' if unit is DAY and number > 1 else ''} ago"
    return f"{int(passed.total_seconds())} s ago"


def clock(moment: datetime, *, now: datetime) -> str:
    """The time of day in Munich, with the day unless it is today's."""
    local = moment.astimezone(BERLIN)
    today = local.date() == now.astimezone(BERLIN).date()
    return local.strftime("%H:%M" if today else "%a %d %b %H:%M")
