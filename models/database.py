"""The only place that opens transactions and commits them."""

import asyncio
import contextvars
import fcntl
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from models import engines, posts, schema
from models.failures import AlreadyThere, Busy, Unreachable
from models.keyring import Keyring
from models.posts import Post
from models.row import Row

__all__ = ["AlreadyThere", "Busy", "Database", "Session", "Unreachable", "announce", "insertion", "put"]

T = TypeVar("T")
THREADS = 8
Heard = Callable[[Sequence[int]], None]
_ANNOUNCED = "announced"
_MIGRATING = 0x4D5441  # the advisory lock's number: "MTA"


class Database:
    """SQLite in a file, or PostgreSQL. Rows stay readable after their session has ended.

    `heard` is given the ids of the notices that a transaction wrote, after its commit; it must neither raise nor last.
    """

    def __init__(self, url: str, *, keys: Keyring, heard: Heard | None = None) -> None:
        self.keys = keys
        self._heard = heard
        self._engine = engines.create(url, connections=THREADS)
        self._file = engines.file_of(self._engine)
        self._writing = engines.for_writing(self._engine)
        self._reading = engines.for_reading(self._engine)
        self._turn = threading.Lock() if self._file else None
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="database")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises. Raises Busy before any work."""
        with self._own_turn(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            session.connection()  # begins now: SQLite takes its write lock before anything was read
            yield session
        if self._heard is not None and (announced := session.info.get(_ANNOUNCED)):
            self._heard(announced)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and can write nothing."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    def transact(self, work: Callable[[Session], T]) -> T:
        """`work` in one transaction; once more if somebody was in the way, so it must do nothing but the database."""
        try:
            return self._once(work)
        except Busy:
            return self._once(work)

    async def act(self, work: Callable[[Session], T]) -> T:
        """As `transact`, in a thread. A caller cancelled while it waits cannot know whether `work` was committed."""
        return await self._in_thread(lambda: self.transact(work))

    async def read(self, work: Callable[[Session], T]) -> T:
        """`work` with a session of `reading`, in a thread."""
        return await self._in_thread(lambda: self._look_up(work))

    async def take(self, post: str) -> Post | None:
        """What only one process holds at a time, with any number of machines on PostgreSQL; None while another does."""
        return await self._in_thread(
            lambda: posts.of_file(self._file, post) if self._file else posts.of_postgres(self._engine, post)
        )

    def migrate(self) -> None:
        """Bring the tables to the newest revision; any number of processes may do so at once."""
        with self._migrating_alone():
            if self._file is not None:
                engines.use_wal(self._engine)
            with engines.for_migrating(self._engine).begin() as connection:
                if self._file is None:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})
                schema.upgrade(connection)
            self._engine.dispose()  # as for_migrating demands

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self._engine.dispose()

    def _once(self, work: Callable[[Session], T]) -> T:
        with self.transaction() as session:
            return work(session)

    def _look_up(self, work: Callable[[Session], T]) -> T:
        with self.reading() as session:
            return work(session)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: context.run(call))

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        """SQLite has one writer. Threads of one process queue here, where waking is prompt; its own wait is a sleep."""
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=engines.WAIT.total_seconds()):
            raise Busy("Another transaction of this process holds the database.")
        try:
            yield
        finally:
            self._turn.release()

    def _migrating_alone(self) -> "nullcontext[None] | _FileLock":
        return nullcontext() if self._file is None else _FileLock(self._file.with_name(f"{self._file.name}.lock"))


class _FileLock:
    """Held by one process at a time; the kernel lets go of it when its holder dies."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._path.touch(mode=0o600)
        self._opened = self._path.open("r+")
        fcntl.flock(self._opened.fileno(), fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._opened.close()


def announce(session: Session, notice_id: int) -> None:
    """Have the database's listener hear of this notice after the commit."""
    session.info.setdefault(_ANNOUNCED, []).append(notice_id)


def put(session: Session, row: Row) -> None:
    """Write a new row at once; when it raises AlreadyThere the transaction can still be used."""
    with session.begin_nested():
        session.add(row)
        session.flush()


def insertion(session: Session, table: type[Row]) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that can say what becomes of rows that are there already."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
