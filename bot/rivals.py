"""Other programs that take updates with our token: noted now and then, so that mta doctor can tell of them."""

from datetime import datetime, timedelta

from bot.context import Parts
from core.errors import Transient
from models import events
from models.database import Session

KIND = "bot.rival"
EVERY = timedelta(minutes=5)


class Rivals:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._noted_at: datetime | None = None

    async def met(self) -> None:
        """Telegram gave what we asked for to somebody else."""
        now = self._parts.now()
        if self._noted_at is not None and now - self._noted_at < EVERY:
            return
        self._noted_at = now
        try:
            await self._parts.database.act(lambda session: events.note(session, KIND, now=now))
        except Transient:  # it is in the log
            self._noted_at = None


def last_met(session: Session, *, since: datetime) -> datetime | None:
    return events.last_at(session, KIND, since=since)
