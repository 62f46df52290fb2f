"""What goes wrong on purpose, and Telegram's limits with whoever breaks them."""

import time
from dataclasses import dataclass, field

from rehearsal.telegram.judging import Refusal

SENDS = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendLocation", "sendVenue"})
TREMBLE = 0.25  # seconds that a request may be quicker on its way than the one before it


def flood(retry_after: int) -> Refusal:
    return Refusal(f"Too Many Requests: retry after {retry_after}", code=429, retry_after=retry_after)


def broken() -> Refusal:
    """What a proxy in front of a dead server says; it is no JSON then."""
    return Refusal("Bad Gateway", code=502)


def hung_up() -> Refusal:
    """The line is cut before anything was done."""
    return Refusal("", code=0)


@dataclass
class Fault:
    method: str
    refusal: Refusal
    chat_id: int | None = None
    left: int = 1

    def hits(self, method: str, chat_id: int | None) -> bool:
        return self.left > 0 and self.method in (method, "*") and self.chat_id in (None, chat_id)


@dataclass
class Bucket:
    """Holds `most`, and `rate` a second flow in."""

    rate: float
    most: float
    level: float
    filled_at: float

    def takes(self, now: float) -> bool:
        self.level = min(self.most, self.level + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.level < 1 - TREMBLE * self.rate:
            return False
        self.level -= 1
        return True


@dataclass
class Limits:
    """New messages: one a second in a chat with short bursts, thirty a second in all. Off until switched on."""

    on: bool = False
    refuses: bool = True
    per_chat: float = 1.0
    burst: float = 3.0
    overall: float = 30.0
    violations: list[str] = field(default_factory=list)
    _buckets: dict[int, Bucket] = field(default_factory=dict)

    def check(self, method: str, chat_id: int | None) -> None:
        if not self.on or chat_id is None or method not in SENDS:
            return
        for key, rate, most in ((chat_id, self.per_chat, self.burst), (0, self.overall, self.overall)):
            now = time.monotonic()
            bucket = self._buckets.setdefault(key, Bucket(rate, most, most, now))
            if not bucket.takes(now):
                self.violations.append(f"{method} to {key or 'all'}")
                if self.refuses:
                    raise flood(1)


@dataclass
class Faults:
    planned: list[Fault] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)

    def check(self, method: str, chat_id: int | None) -> None:
        """Raises what was planned for this call."""
        for fault in self.planned:
            if fault.hits(method, chat_id):
                fault.left -= 1
                raise fault.refusal
        self.limits.check(method, chat_id)
