"""When to remind of a visit: a day before it, moved out of quiet hours, and two hours before it. Rules without a clock.

A reminder that was missed is told late only while it is of use, and nobody is reminded of what they just heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.quiet import QuietHours
from core.slots import BERLIN, in_munich

DAY_BEFORE = timedelta(days=1)
SOON_BEFORE = timedelta(hours=2)
AFTER_THE_NEWS = timedelta(minutes=30)  # between the confirmation and the first reminder
BEFORE_QUIET = timedelta(minutes=15)  # what is told before quiet hours begin can still be read
FARTHEST = 2 * DAY_BEFORE  # quiet hours move a reminder by less than a day
ASKED_FROM, ASKED_UNTIL = timedelta(minutes=165), timedelta(minutes=45)  # before a reminder, strewn over the bookings
FRESH = timedelta(hours=3)  # before the first reminder: what the City said since is as good as asking it
_STRIDE = 37  # minutes from one booking's turn to the next one's, so that neighbours are not asked of together


class Reminder(StrEnum):
    """The values are kinds of notices."""

    TOMORROW = "visit.tomorrow"
    SOON = "visit.soon"


OF_USE_UNTIL: Mapping[Reminder, timedelta] = {  # before the visit: for the one the other one follows, after that nobody
    Reminder.TOMORROW: timedelta(hours=6),
    Reminder.SOON: timedelta(minutes=15),
}


@dataclass(frozen=True, slots=True)
class Due:
    reminder: Reminder
    until: datetime  # from then on it is of no use


def due(starts_at: datetime, *, known_at: datetime, quiet: QuietHours | None, now: datetime) -> Due | None:
    """What the person should hear by now of an appointment that they know of since `known_at`; None for nothing."""
    for reminder in Reminder:
        until = starts_at - OF_USE_UNTIL[reminder]
        moment = moment_of(reminder, starts_at, quiet=quiet)
        if known_at + AFTER_THE_NEWS <= moment <= now < until:
            return Due(reminder, until)
    return None


def is_fresh(starts_at: datetime, *, known_at: datetime, quiet: QuietHours | None, read_at: datetime | None) -> bool:
    """Whether the City itself was heard of it (`read_at`) late enough for the reminders."""
    planned = _planned(starts_at, known_at=known_at, quiet=quiet)
    return read_at is not None and bool(planned) and read_at >= planned[0] - FRESH


def asks_by(
    starts_at: datetime,
    *,
    known_at: datetime,
    quiet: QuietHours | None,
    read_at: datetime | None,
    turn: int,
    now: datetime,
) -> datetime | None:
    """The reminder's moment before which the City should be asked by now whether it stands; None for not now.

    `turn` is any number that differs from booking to booking.
    """
    if is_fresh(starts_at, known_at=known_at, quiet=quiet, read_at=read_at):
        return None
    ahead = [moment for moment in _planned(starts_at, known_at=known_at, quiet=quiet) if now < moment]
    return ahead[0] if ahead and ahead[0] - _asked_before(turn) <= now else None


def moment_of(reminder: Reminder, starts_at: datetime, *, quiet: QuietHours | None) -> datetime:
    """The one two hours before is urgent; the one a day before moves to the nearer edge of quiet hours."""
    if reminder is Reminder.SOON:
        return starts_at - SOON_BEFORE
    moment = starts_at - DAY_BEFORE
    if quiet is None or not quiet.at(moment):
        return moment
    before, after = _begun(quiet, moment) - BEFORE_QUIET, moment + quiet.left(moment)
    return before if moment - before <= after - moment else after


def _planned(starts_at: datetime, *, known_at: datetime, quiet: QuietHours | None) -> Sequence[datetime]:
    """The moments of the reminders that somebody who knows since then is to hear."""
    moments = [moment_of(reminder, starts_at, quiet=quiet) for reminder in Reminder]
    return [moment for moment in moments if known_at + AFTER_THE_NEWS <= moment]


def _asked_before(turn: int) -> timedelta:
    minutes = (ASKED_FROM - ASKED_UNTIL) // timedelta(minutes=1)
    return ASKED_UNTIL + timedelta(minutes=turn * _STRIDE % (minutes + 1))


def _begun(quiet: QuietHours, moment: datetime) -> datetime:
    """When the quiet hours that hold the moment began."""
    local = moment.astimezone(BERLIN)
    day = local.date() if local.time() >= quiet.start else local.date() - timedelta(days=1)
    return in_munich(day, quiet.start)
