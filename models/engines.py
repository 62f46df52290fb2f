"""How each database is spoken to: SQLite with a write-ahead log, PostgreSQL at read committed through psycopg."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from core.errors import ConfigError
from models.failures import in_our_words, translated

WAIT = timedelta(seconds=5)  # for SQLite's one writer, and for PostgreSQL to answer a connection
SILENT = timedelta(seconds=15)  # after which a lasting connection that says nothing is taken for dead, at either end
_ASKS, _TWICE = 5, 2  # the first time after so many seconds
_MODE = "mta_mode"
_PRAGMAS = ("foreign_keys = ON", "synchronous = NORMAL", "secure_delete = ON")


def create(url: str, *, connections: int) -> Engine:
    """Raises ConfigError unless the address is sqlite:///FILE or begins with postgresql+psycopg:."""
    address = _parsed(url)
    if address.get_backend_name() == "sqlite":
        engine = _sqlite(address, connections=connections)
    else:
        engine = _postgres(address, connections=connections)
    event.listen(engine, "handle_error", translated, retval=True)
    return engine


def file_of(engine: Engine) -> Path | None:
    """SQLite's file; None for PostgreSQL."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


def for_writing(engine: Engine) -> Engine:
    return engine.execution_options(**{_MODE: "write"})


def for_migrating(engine: Engine) -> Engine:
    """As for_writing; SQLite's foreign keys wait, since a table is changed by copying it, dropping it and renaming.

    What was connected so must not be used for anything else afterwards.
    """
    return engine.execution_options(**{_MODE: "migrate"})


def for_reading(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_MODE: "read"})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def lasting(engine: Engine) -> Engine:
    """For a connection to PostgreSQL that is held for as long as a process lives, outside of all transactions."""
    theirs = {"tcp_keepalives_idle": _ASKS, "tcp_keepalives_interval": _ASKS, "tcp_keepalives_count": _TWICE}
    made = create_engine(
        engine.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "connect_timeout": WAIT.total_seconds(),
            "application_name": "mta",
            "keepalives_idle": _ASKS,
            "keepalives_interval": _ASKS,
            "keepalives_count": _TWICE,
            "tcp_user_timeout": SILENT // timedelta(milliseconds=1),
            "options": " ".join(f"-c {name}={value}" for name, value in theirs.items()),
        },
    )
    event.listen(made, "handle_error", translated, retval=True)
    return made


def use_wal(engine: Engine) -> None:
    """Lasting property of the file. Two processes switching at once would meet an error that no waiting mends."""
    with closing(engine.raw_connection()) as raw, in_our_words():
        raw.cursor().execute("PRAGMA journal_mode = WAL")


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise ConfigError("MTA_DATABASE_URL is not an address of a database.") from None
    match address.drivername:
        case "sqlite" | "sqlite+pysqlite" if address.database not in (None, "", ":memory:"):
            return address
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return address.set(drivername="postgresql+psycopg")
    raise ConfigError("MTA_DATABASE_URL must be sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.")


def _sqlite(address: URL, *, connections: int) -> Engine:
    path = Path(str(address.database))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    engine = create_engine(
        address,
        pool_size=connections,
        pool_use_lifo=True,  # the connection used last has its pages and statements at hand
        connect_args={"timeout": WAIT.total_seconds()},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres(address: URL, *, connections: int) -> Engine:
    return create_engine(
        address,
        pool_size=connections,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": int(WAIT.total_seconds()), "application_name": "mta"},
    )


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _begin does
    with in_our_words():
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get(_MODE, "read")
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if mode == 'read' else 'OFF'}")
    if mode == "migrate":
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # heard only outside a transaction
    connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")
