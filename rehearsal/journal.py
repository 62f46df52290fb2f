"""What was asked of the API: enough to count and time requests, never what was in them."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

_KEPT = 100_000


@dataclass(frozen=True)
class Entry:
    """`status` None: the connection was closed without an answer. `seconds` is real time.

    `at` is when the answer was sent, `offered` how many times to book it listed.
    """

    at: datetime
    method: str
    endpoint: str
    path: str
    query_keys: tuple[str, ...]
    status: int | None
    client: str
    seconds: float
    offered: int = 0


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)

    def note(self, entry: Entry) -> None:
        self._entries.append(entry)

    def entries(self, *, endpoint: str | None = None) -> list[Entry]:
        return [e for e in self._entries if endpoint is None or e.endpoint == endpoint]
