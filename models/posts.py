"""Posts that one process alone may hold, such as hearing what Telegram brings. A killed one leaves its post."""

import fcntl
import zlib
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, text

from core.errors import MtaError
from models import engines

_POSTS: Final = 0x4D5441  # "MTA": whose advisory locks these are


class Post(Protocol):
    def is_held(self) -> bool:
        """False once it was lost, as when the database's server was started anew."""

    def leave(self) -> None:
        """For the next one."""


def of_file(database: Path, name: str) -> Post | None:
    """None while another process has it. It is a lock on a file beside the database."""
    path = database.with_name(f"{database.name}.{name}")
    path.touch(mode=0o600)
    opened = FileIO(path, "r+")
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        opened.close()
        return None
    return _OfFile(opened)


def of_postgres(engine: Engine, name: str) -> Post | None:
    """None while another process has it. It is a lock of a connection of its own."""
    connection = engines.lasting(engine).connect()
    numbers = {"ours": _POSTS, "post": zlib.crc32(name.encode()) >> 1}
    is_ours = False
    try:
        is_ours = connection.execute(text("SELECT pg_try_advisory_lock(:ours, :post)"), numbers).scalar_one()
    finally:
        if not is_ours:
            connection.close()
    return _OfPostgres(connection) if is_ours else None


class _OfFile:
    def __init__(self, opened: FileIO) -> None:
        self._opened = opened

    def is_held(self) -> bool:
        return not self._opened.closed

    def leave(self) -> None:
        self._opened.close()


class _OfPostgres:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except MtaError:
            return False
        return True

    def leave(self) -> None:
        with suppress(MtaError):
            self._connection.close()
