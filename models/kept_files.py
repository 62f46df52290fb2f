"""The files that rows name: pictures, calendar entries, evidence. They go when their rows do."""

from collections.abc import Iterable
from pathlib import Path
from shutil import rmtree

_OF_BOOKING = "booking-"  # how the folder of a booking's files begins: all in it shows one person


def delete(files: Iterable[str]) -> None:
    """Of a booking's files the whole folder, also the pictures that a later one took the place of."""
    for path in map(Path, files):
        path.unlink(missing_ok=True)
        if path.parent.name.startswith(_OF_BOOKING):
            rmtree(path.parent, ignore_errors=True)
