"""What a worker costs this machine: the processor time of its process, its browser and all they started."""

import asyncio
import contextlib
import os
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from core.errors import Transient
from core.footprint import Purpose
from core.slots import utc_now
from models import footprints
from models.database import Database

EVERY: Final = 60.0  # seconds
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PARENT: Final = 1  # in /proc/PID/stat after the command's name
_TIMES: Final = slice(11, 15)  # there too: own and reaped children's, user and system

log = structlog.get_logger()


class Cost:
    """Writes down each minute what was used since the minute before. A child that ended unreaped is missing."""

    def __init__(self) -> None:
        self._before = 0
        self._writing: asyncio.Task[None] | None = None

    def begin(self, database: Database, *, lane: str) -> None:
        self.used_ms()
        self._writing = asyncio.get_running_loop().create_task(self._now_and_then(database, lane))

    async def stop(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    def used_ms(self) -> int:
        """Milliseconds since the last call. What a process used is its parent's once that has reaped it."""
        now = _ticks(os.getpid())
        used, self._before = max(0, now - self._before), now
        return round(used * 1000 / _TICKS)

    async def _now_and_then(self, database: Database, lane: str) -> None:
        while True:
            await asyncio.sleep(EVERY)
            add = partial(footprints.add, lane=lane, purpose=Purpose.WORK, now=utc_now())
            try:
                await database.act(partial(add, cpu_ms=await asyncio.to_thread(self.used_ms)))
            except Transient as error:
                log.warning("cost.unwritten", reason=type(error).__name__)


def _ticks(root: int) -> int:
    """Of the process and its descendants; a machine without /proc has none to tell."""
    found: dict[int, list[str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            found[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
    children: dict[int, list[int]] = {}
    for pid, fields in found.items():
        children.setdefault(int(fields[_PARENT]), []).append(pid)
    ahead, ticks = [root], 0
    while ahead:
        pid = ahead.pop()
        ahead += children.get(pid, [])
        ticks += sum(int(field) for field in found[pid][_TIMES]) if pid in found else 0
    return ticks
