"""When to remind of the City's activation mail: the later it gets, the closer together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

SHARES = (0.5, 0.75, 0.9)
LEFT_AT_LEAST = timedelta(minutes=3)  # two for the person, one for the round in which the reminder is written


def moments(begins: datetime, deadline: datetime) -> Sequence[datetime]:
    """One moment for each reminder, in order. Where the time is short, moments that fall together are one."""
    last = deadline - LEFT_AT_LEAST
    if last <= begins:
        return []
    return sorted({min(begins + share * (deadline - begins), last) for share in SHARES})


def due(begins: datetime, deadline: datetime, *, now: datetime) -> tuple[int, int] | None:
    """Which reminder the person should have had by now, from 1, and of how many; None before the first and at the end.

    Reminders that nobody could give in time are left out: only the latest is worth telling.
    """
    planned = moments(begins, deadline)
    passed = sum(moment <= now for moment in planned)
    return (passed, len(planned)) if passed and now < deadline else None
