"""The city's own time: it starts at a given moment and may run faster than ours or be moved on."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


class CityClock:
    """`tick` counts real seconds (monotonic); city time is the start plus elapsed seconds times speed."""

    def __init__(self, start: datetime, *, speed: float = 1.0, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._mark = (start.astimezone(UTC), tick())
        self._speed = speed

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> datetime:
        city, real = self._mark
        return city + timedelta(seconds=(self._tick() - real) * self._speed)

    def run_at(self, speed: float) -> None:
        self._mark = (self.now(), self._tick())
        self._speed = speed

    def advance(self, by: timedelta) -> None:
        self._mark = (self.now() + by, self._tick())


def berlin_day(moment: datetime) -> date:
    return moment.astimezone(BERLIN).date()


def berlin_day_of(timestamp: int) -> date:
    return datetime.fromtimestamp(timestamp, BERLIN).date()
