"""What a killed process left: its leases are let go as soon as a worker of the same machine sees that it is no more.

A process is named by its machine (host name, boot, namespace of process numbers), its number and its start, so that
neither another machine's process nor one that got the same number later is taken for it. A name that cannot be
judged here stands until its lease runs out.
"""

import os
import socket
from pathlib import Path
from typing import Final

import structlog

from core.slots import utc_now
from models import leases
from models.database import Database, Session

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_NUMBERS: Final = Path("/proc/self/ns/pid")
_START: Final = 19  # place in /proc/PID/stat after the command's name: clock ticks since boot

log = structlog.get_logger()


def owner_name() -> str:
    """Names this process in leases: no two processes ever have the same."""
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid())}"


def gone(owner: str) -> bool:
    """Whether that name, or a run of a job under it, is surely of a process that has ended."""
    machine, _, process = owner.partition("/")[0].rpartition(":")[0].rpartition(":")
    started = owner.partition("/")[0].rpartition(":")[2]
    return machine == _machine() and bool(started) and process.isdigit() and _started(int(process)) != started


async def let_go_of_the_dead(database: Database) -> None:
    if freed := await database.act(_let_go):
        log.warning("leases.let_go", leases=freed)


def _let_go(session: Session) -> int:
    dead = [name for name in leases.holders(session, now=utc_now()) if gone(name)]
    return leases.let_go(session, dead) if dead else 0


def _machine() -> str:
    try:
        return f"{socket.gethostname()}:{_BOOT.read_text().strip()[:8]}-{_NUMBERS.stat().st_ino}"
    except OSError:  # no Linux
        return socket.gethostname()


def _started(process: int) -> str:
    """Empty for a process that is no more, or where nothing tells."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in ("Z", "X") else fields[_START]
