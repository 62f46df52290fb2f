"""Hours in which the operator wants no looks, by Munich's clock."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.errors import BadInput
from core.slots import BERLIN, in_munich

_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_WRITTEN = re.compile(rf"{_CLOCK}\s*-\s*{_CLOCK}", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until before `end`; they may span midnight."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def at(self, now: datetime) -> bool:
        clock = now.astimezone(BERLIN).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def left(self, now: datetime) -> timedelta:
        """Until they end; nothing outside of them."""
        if not self.at(now):
            return timedelta()
        local = now.astimezone(BERLIN)
        ends_on = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return in_munich(ends_on, self.end) - now


def parse(text: str) -> QuietHours:
    """Raises BadInput for what is no span of a day."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            f"“{text}” are no quiet hours.",
            field="quiet hours",
            hint="Write two times: 23:00-05:30.",
        )
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    hours = QuietHours(time(start_hour, start_minute), time(end_hour, end_minute))
    if hours.start == hours.end:
        raise BadInput(f"“{text}” end when they begin.", field="quiet hours", hint="To look never: mta lane pause.")
    return hours
