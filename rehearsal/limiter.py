"""The City's request limit per client address, quirks included.

Every accepted request gives the counter a new life of one window; a refused one does not, so the counter only
clears in silence. The remaining number told is one too low.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class _Counter:
    count: int
    last: datetime


class Limiter:
    def __init__(self, *, limit: int, window: timedelta) -> None:
        self.limit = limit
        self.window = window
        self._counters: dict[str, _Counter] = {}

    def accept(self, client: str, *, now: datetime) -> bool:
        counter = self._live(client, now)
        if counter is None:
            self._counters[client] = _Counter(count=1, last=now)
            return True
        if counter.count >= self.limit:
            return False
        counter.count += 1
        counter.last = now
        return True

    def headers(self, client: str, *, now: datetime) -> dict[str, str]:
        """For allowed answers only; a refusal carries none of them and no Retry-After either."""
        counter = self._live(client, now)
        count, last = (0, now) if counter is None else (counter.count, counter.last)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - count - 1)),
            "X-RateLimit-Reset": str(int(last.timestamp()) + int(self.window.total_seconds())),
        }

    def counts(self, *, now: datetime) -> dict[str, int]:
        return {client: c.count for client, c in self._counters.items() if self._live(client, now)}

    def _live(self, client: str, now: datetime) -> _Counter | None:
        counter = self._counters.get(client)
        return counter if counter is not None and now < counter.last + self.window else None
