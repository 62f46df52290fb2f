"""The processes under this one, read from /proc, and the one way they are ended here: SIGKILL, with no last words."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

_PARENT, _GROUP = 1, 2  # places in /proc/PID/stat after the command's name
_REDIS: Final = ("redis-server", "valkey-server")


class Victim(StrEnum):
    WORKER = "worker"
    BROWSER = "browser"
    SCHEDULER = "scheduler"
    REDIS = "redis"


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    parent: int
    group: int
    command: tuple[str, ...]

    @property
    def program(self) -> str:
        return Path(self.command[0].split(" ")[0]).name if self.command else ""


def strike(victim: Victim) -> bool:
    """Kill it now; False when there is none at this moment."""
    found = find(victim)
    if found is None:
        return False
    try:
        if victim is Victim.BROWSER:  # it leads a group of its own: every process of the browser at once
            os.killpg(found.group, signal.SIGKILL)
        else:
            os.kill(found.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def find(victim: Victim) -> Process | None:
    own = list(descendants(os.getpid()))
    match victim:
        case Victim.WORKER | Victim.SCHEDULER:
            wanted = (one for one in own if one.command[-2:] == ("workers", str(victim)))
        case Victim.REDIS:
            wanted = (one for one in own if one.program in _REDIS)
        case Victim.BROWSER:
            workers = {one.pid for one in own if one.command[-2:] == ("workers", "worker")}
            under = (one for worker in workers for one in descendants(worker))
            wanted = (one for one in under if "chrom" in one.program and one.pid == one.group)
    return next(wanted, None)


def descendants(pid: int) -> Iterator[Process]:
    children: dict[int, list[Process]] = {}
    for process in _every():
        children.setdefault(process.parent, []).append(process)
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            waiting.append(child.pid)
            yield child


def _every() -> Iterator[Process]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (process := _read(folder)) is not None:
            yield process


def _read(folder: Path) -> Process | None:
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        words = (folder / "cmdline").read_bytes().rstrip(b"\0").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    command = tuple(words.split("\0")) if words else ()
    return Process(int(folder.name), int(fields[_PARENT]), int(fields[_GROUP]), command)
