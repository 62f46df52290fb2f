"""The offers under way in a worker process."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


class Offers:
    """Each has the page that holds its slot, and no other page can go on with it: so it stays in its process."""

    def __init__(self) -> None:
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def begin(self, booking_id: int, carrying: Coroutine[Any, Any, None]) -> None:
        if booking_id in self._under_way:
            carrying.close()
            return
        task = asyncio.get_running_loop().create_task(carrying)
        self._under_way[booking_id] = task
        task.add_done_callback(lambda done: self._ended(booking_id, done))

    async def stop(self) -> None:
        """Leave them where they are: `reconcile` gives the holds back once their leases have run out."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, booking_id: int, task: asyncio.Task[None]) -> None:
        self._under_way.pop(booking_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("offer.broke_off", booking_id=booking_id, exc_info=error)
