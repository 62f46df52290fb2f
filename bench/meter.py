"""What a started program costs: processor time of everything it starts, exited processes too, and its memory.

Where this user may make a control group, the kernel counts in it. Elsewhere /proc is added up: the program adopts its
orphans, so that whatever ends is still counted under it, by its parent or as the zombie that it is.
"""

import asyncio
import ctypes
import itertools
import os
import re
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.processes import descendants

MIB: Final = 1024 * 1024
STOPS_WITHIN: Final = 20.0  # seconds
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_TIMES: Final = slice(11, 15)  # in /proc/PID/stat after the command's name: own and reaped children's, user and system
_PSS: Final = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)
_SET_CHILD_SUBREAPER: Final = 36
_SET_PDEATHSIG: Final = 1
_NUMBERS: Final = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Measured:
    """A program under the meter. `group` is its control group, None where /proc is added up."""

    process: asyncio.subprocess.Process
    group: Path | None

    def cpu(self) -> float:
        """Seconds of processor time since it was started."""
        if self.group is not None:
            return _counted(self.group)
        return sum(_ticks(pid) for pid in self._pids()) / _TICKS

    def pss(self) -> float:
        """MiB, each shared page divided among those who share it."""
        return sum(_pss_kib(pid) for pid in self._pids()) / 1024

    def _pids(self) -> Iterator[int]:
        yield self.process.pid
        yield from (one.pid for one in descendants(self.process.pid))


@asynccontextmanager
async def measured(
    command: Sequence[str], *, group: Path | None, log: Path, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Measured]:
    """It gets pipes to be spoken with; what it says besides goes into `log`. Its end of input tells it to stop."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            preexec_fn=lambda: _prepare(group),
        )
    try:
        yield Measured(process, group)
    finally:
        await asyncio.shield(_end(process, group))


def new_group() -> Path | None:
    """An empty control group that counts processor time, or None where this user can make none."""
    for folder in _own_groups():
        made = folder / f"mta-bench-{os.getpid()}-{next(_NUMBERS)}"
        try:
            made.mkdir()
            _counted(made)
        except OSError:
            with suppress(OSError):
                made.rmdir()
            continue
        return made
    return None


def _own_groups() -> Iterator[Path]:
    """Of both versions of control groups, as /proc/self/cgroup and the usual places name them."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if "cpuacct" in controllers.split(","):
                yield Path(f"/sys/fs/cgroup/{controllers}{path}")
                yield Path(f"/sys/fs/cgroup/cpuacct{path}")
            elif not controllers:
                yield Path(f"/sys/fs/cgroup{path}")
                yield Path(f"/sys/fs/cgroup/unified{path}")


def _counted(group: Path) -> float:
    """Version 1 counts nanoseconds, version 2 microseconds."""
    if (usage := group / "cpuacct.usage").exists():
        return int(usage.read_text()) / 1e9
    words = (group / "cpu.stat").read_text().split()
    return int(words[words.index("usage_usec") + 1]) / 1e6


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(field) for field in fields[_TIMES])


def _pss_kib(pid: int) -> int:
    try:
        found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(found[1]) if found else 0  # a process that has ended has no memory


def _prepare(group: Path | None) -> None:
    """In the child, before the program begins."""
    if group is not None:
        (group / "cgroup.procs").write_text("0")
    libc = ctypes.CDLL(None)
    libc.prctl(_SET_CHILD_SUBREAPER, 1)
    libc.prctl(_SET_PDEATHSIG, signal.SIGTERM)


async def _end(process: asyncio.subprocess.Process, group: Path | None) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(STOPS_WITHIN):
            await process.wait()
    except TimeoutError:
        for pid in (process.pid, *(one.pid for one in descendants(process.pid))):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await process.wait()
    if group is not None:
        await _remove(group)


async def _remove(group: Path) -> None:
    """Its last processes may take a moment to be gone."""
    deadline = time.monotonic() + STOPS_WITHIN
    while time.monotonic() < deadline:
        try:
            await asyncio.to_thread(group.rmdir)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return
