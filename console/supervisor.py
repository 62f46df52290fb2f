"""The roles of one machine as child processes: started in order, kept alive, stopped in mirror order.

A child gets its settings as MTA_… variables and a signal from the kernel should this process be killed.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from console.journal import Journal
from core.errors import MtaError

FIRST_PAUSE: Final = 1.0  # seconds before a dead role is started again; doubled each time
LONGEST_PAUSE: Final = 30.0
STEADY_AFTER: Final = 60.0  # seconds of life after which a death counts as the first again
STOPS_WITHIN: Final = 65.0  # a worker finishes what it has in hand, for a minute at most
LOG_TAIL: Final = 12  # lines shown of a role that would not start
_PR_SET_PDEATHSIG: Final = 1

Heard = Callable[[str, str], None]


class RoleDied(MtaError):
    """A role ended that was to go on; the text names it and its log."""


@dataclass(frozen=True, slots=True)
class Role:
    """`output` takes what the process prints; `journal` is where it keeps its own log, if it does.

    `ready`, where given, says whether it does its work by now.
    """

    name: str
    command: Sequence[str]
    output: Journal
    journal: Journal | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    starts_within: float = 20.0

    @property
    def log(self) -> Path:
        return (self.journal or self.output).path


@dataclass(slots=True)
class _Child:
    role: Role
    process: asyncio.subprocess.Process
    started: float
    pause: float = FIRST_PAUSE


class Supervisor:
    """`heard` is told (role, what happened) for a display. Without `restarts`, the first death ends the whole."""

    def __init__(
        self,
        *,
        heard: Heard,
        restarts: bool = True,
        stops_within: float = STOPS_WITHIN,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._heard = heard
        self._restarts = restarts
        self._stops_within = stops_within
        self._longest_pause = longest_pause
        self._children: list[_Child] = []
        self._keeping: list[asyncio.Task[None]] = []

    async def start(self, role: Role) -> None:
        """Start it and wait until it is ready; raises RoleDied when it ends or dawdles instead."""
        child = _Child(role, await _spawn(role), time.monotonic())
        self._children.append(child)
        await _until_ready(child)
        self._heard(role.name, "started")
        self._keeping.append(asyncio.create_task(self._keep(child), name=role.name))

    async def watch(self) -> None:
        """Return never; raise RoleDied for a role that is dead for good."""
        done, _ = await asyncio.wait(self._keeping, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def stop(self) -> None:
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        for child in reversed(self._children):
            await self._end(child)
        self._children.clear()
        self._keeping.clear()

    async def _keep(self, child: _Child) -> None:
        while True:
            await child.process.wait()
            if not self._restarts:
                raise died(child.role, child.process.returncode)
            if time.monotonic() - child.started > STEADY_AFTER:
                child.pause = FIRST_PAUSE
            self._heard(child.role.name, f"ended ({_status(child.process)}), starting it again in {child.pause:g} s")
            await asyncio.sleep(child.pause)
            child.pause = min(child.pause * 2, self._longest_pause)
            child.process, child.started = await _spawn(child.role), time.monotonic()

    async def _end(self, child: _Child) -> None:
        if child.process.returncode is None:
            child.process.terminate()
        try:
            async with asyncio.timeout(self._stops_within):
                await child.process.wait()
        except TimeoutError:
            child.process.kill()
            await child.process.wait()
        self._heard(child.role.name, "stopped")


@contextlib.asynccontextmanager
async def supervised(
    *,
    heard: Heard,
    restarts: bool = True,
    stops_within: float = STOPS_WITHIN,
    longest_pause: float = LONGEST_PAUSE,
) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(heard=heard, restarts=restarts, stops_within=stops_within, longest_pause=longest_pause)
    try:
        yield supervisor
    finally:
        await asyncio.shield(supervisor.stop())


def died(role: Role, status: int | None) -> RoleDied:
    return RoleDied(f"The {role.name} ended (exit status {status}).{_last_words(role)}\nIts log: {role.log}")


async def _spawn(role: Role) -> asyncio.subprocess.Process:
    role.output.path.parent.mkdir(parents=True, exist_ok=True)
    with role.output.path.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *role.command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **role.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a Ctrl-C at the terminal reaches us alone, and we stop them in order
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _until_ready(child: _Child) -> None:
    role = child.role
    if role.ready is None:
        return
    try:
        async with asyncio.timeout(role.starts_within):
            while not await asyncio.to_thread(role.ready):
                if child.process.returncode is not None:
                    raise died(role, child.process.returncode)
                await asyncio.sleep(0.05)
    except TimeoutError:
        said = f"The {role.name} was not ready within {role.starts_within:g} s.{_last_words(role)}"
        raise RoleDied(f"{said}\nIts log: {role.log}") from None


def _status(process: asyncio.subprocess.Process) -> str:
    code = process.returncode or 0
    return f"by signal {-code}" if code < 0 else f"exit status {code}"


def _last_words(role: Role) -> str:
    journals = [one for one in (role.journal, role.output) if one is not None]
    reason = next((one.reason() for one in journals if one.reason()), "")
    lines = [reason] if reason else [line for one in journals for line in one.lines()[-LOG_TAIL:]]
    return "".join(f"\n  {line}" for line in lines)
