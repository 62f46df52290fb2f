"""The demo's data folder: its own, emptied before each run, never one that holds anything else."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.errors import BadInput

MARK: Final = ".mta-demo"


@contextmanager
def fresh(wanted: Path, *, keep: bool) -> Iterator[Path]:
    """The empty folder, locked for this run; with `keep` beside those of earlier runs. Raises BadInput."""
    folder = _unused(wanted) if keep else wanted
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(f"Another demo runs in {folder}.", hint="Wait for it, or use --keep.") from None
        _empty(folder)
        yield folder


def _empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise BadInput(f"{folder} is not a demo's folder and is left alone.", hint="Move it away, or use --keep.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    (folder / MARK).touch()


def _unused(wanted: Path) -> Path:
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in range(2, 10_000))
    return next(one for one in (wanted, *numbered) if not one.exists())
