"""What is due when, by the city's clock.

Nothing runs by itself: whoever looks at the city catches up first, so the same requests at the same city times
always meet the same state.
"""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Action = Callable[[datetime], None]


class Agenda:
    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, str, Action]] = []
        self._order = count()

    def at(self, when: datetime, action: Action, *, topic: str = "") -> None:
        heapq.heappush(self._heap, (when, next(self._order), topic, action))

    def drop(self, topic: str) -> None:
        self._heap = [entry for entry in self._heap if entry[2] != topic]
        heapq.heapify(self._heap)

    def catch_up(self, now: datetime) -> None:
        while self._heap and self._heap[0][0] <= now:
            when, _, _, action = heapq.heappop(self._heap)
            action(when)
