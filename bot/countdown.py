"""How long something still is, in steps that are worth an edit: each minute, and each 15 seconds of the last one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.markup import Html
from bot.texts import Words

MINUTE = timedelta(minutes=1)
STEP = timedelta(seconds=15)  # of the last minute


@dataclass(frozen=True, slots=True)
class Left:
    """Never more than there is: 119 seconds are one minute."""

    unit: str
    count: int

    @property
    def mark(self) -> str:
        return f"{self.count}{self.unit[0]}"

    def said(self, words: Words) -> Html:
        return words.say(f"countdown.{self.unit}", count=self.count)


def left(until: datetime, *, now: datetime) -> Left | None:
    """None once it is over."""
    rest = until - now
    if rest <= timedelta(0):
        return None
    if rest >= MINUTE:
        return Left("minutes", rest // MINUTE)
    steps = rest // STEP
    return Left("seconds", steps * int(STEP.total_seconds())) if steps else Left("instants", 0)
