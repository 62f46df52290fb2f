"""mta worker, mta scheduler: one role as this very process, for machines where each role runs by itself."""

import os
import sys


def worker() -> None:
    """Work through the queue: look, book, confirm, reconcile."""
    _become("worker")


def scheduler() -> None:
    """Send what is due to the workers, and nothing else."""
    _become("scheduler")


def _become(role: str) -> None:
    os.execv(sys.executable, command(role))  # noqa: S606 - no shell is wanted


def command(role: str) -> list[str]:
    return [sys.executable, "-m", "workers", role]
