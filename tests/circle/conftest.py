"""An operator at a terminal: the mta command on a practice city that `mta rehearsal serve` runs.

A command is a process of its own, as it is in life. Those that only look something up or refuse to begin are called
here and now instead, since starting Python costs a hundred times what they do.
"""

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from unittest import mock

import httpx
import pytest
import structlog

from console.main import main

T = TypeVar("T")
MTA: Final = str(Path(sys.executable).with_name("mta"))
PATIENCE: Final = 90.0  # seconds, for what takes a few on a quiet machine
MANDATED: Final = "--yes-i-am-mandated"
ERIKA: Final = ("--first-name", "Erika", "--last-name", "Muster", "--mail", "erika@example.org", "--remarks", "Umzug")


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    def json(self, *, status: int = 0) -> Any:
        """What was printed, which must be JSON and nothing else."""
        assert (self.status, self.err) == (status, ""), f"{self.out}\n{self.err}"
        return json.loads(self.out)

    def refusal(self, *, status: int) -> str:
        """The sentence of a command that would not: on standard error alone, without a traceback."""
        assert (self.status, self.out) == (status, ""), f"{self.out}\n{self.err}"
        assert "Traceback" not in self.err
        return " ".join(self.err.split())


@dataclass(frozen=True)
class Operator:
    """Works in `home`, with nothing of this machine's own settings."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def starts(self, *words: str, typed: str = "", **settings: str) -> Said:
        """The command as a process."""
        done = subprocess.run(
            [MTA, *words],
            cwd=self.home,
            env=self.environment(**settings),
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def says(self, *words: str, **settings: str) -> Said:
        """The command here, in a thread that has no event loop."""
        out, err = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, self.environment(**settings), clear=True),
            contextlib.chdir(self.home),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            _logging_kept(),
            ThreadPoolExecutor(1) as thread,
        ):
            status = thread.submit(_main, words).result()
        return Said(status, out.getvalue(), err.getvalue())

    def environment(self, **settings: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MTA_")}
        return {**kept, "MTA_DATA_DIR": str(self.home / "data"), "MTA_TIMING": "brisk", **self.settings, **settings}


def _main(words: Sequence[str]) -> int:
    with mock.patch.object(sys, "argv", ["mta", *words]):
        try:
            return main()
        except SystemExit as ended:
            return int(ended.code or 0)


@contextlib.contextmanager
def _logging_kept() -> Iterator[None]:
    """A command sets logging up for its process; this one goes on."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.configure(**configured)


def eventually(asked: Callable[[], T], *, within: float = PATIENCE) -> T:
    """What `asked()` gives once it gives anything."""
    deadline = time.monotonic() + within
    while not (found := asked()):
        assert time.monotonic() < deadline, f"{asked} gave {found!r} for {within} s"
        time.sleep(0.1)
    return found


def mailed_link(city: str, mail: str) -> str:
    """The activation link the City mailed to this address, once it has."""

    def newest() -> str:
        mails = httpx.get(f"{city}/rehearsal/inbox", params={"to": mail}, trust_env=False).json()
        return next((link["url"] for one in mails for link in one["links"] if "bestätigen" in link["title"]), "")

    return eventually(newest)


@pytest.fixture(scope="module")
def city() -> Iterator[str]:
    """Where a practice city serves that `mta rehearsal serve` runs."""
    serve = [MTA, "rehearsal", "serve", "--dialect", "aug", "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def operator(city: str, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(tmp_path_factory.mktemp("operator"), {"MTA_SITE_URL": city})
