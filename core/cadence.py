"""When looks are worth most."""

from dataclasses import dataclass
from datetime import time
from typing import Literal


@dataclass(frozen=True, slots=True)
class ReleaseWindow:
    """Hours in which new slots appear, on Munich's clock. `weekdays` 0 is Monday.

    `start` belongs to it, `end` does not; it ends on the day it starts, `time.max` being the end of a day.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    source: Literal["published", "recorded"]
