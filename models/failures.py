"""What a database may say instead of doing what was asked, in our own words. The border to both drivers."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import UniqueConstraint
from sqlalchemy.engine import ExceptionContext

from core.errors import ConfigError, MtaError, Permanent, Transient
from models.row import Row

_COLUMNS = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")
_RACED = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available
_SHUT = frozenset({"57P01", "57P02", "57P03"})  # the server stops, has crashed, or is not up yet
_SETTING = frozenset({"28000", "28P01", "3D000"})  # no such user, wrong password, no such database
_CANNOT = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_NOTADB", "SQLITE_PERM")


class AlreadyThere(Permanent):
    """A unique constraint says no; `constraint` is its name, the same on every database."""

    def __init__(self, constraint: str) -> None:
        super().__init__(f"That is already there ({constraint}).")
        self.constraint = constraint


class Busy(Transient):
    """Somebody else was in the way; nothing was written."""


class Unreachable(Transient):
    """The database does not answer; what was asked of it did not happen, unless it was a commit."""


def translated(context: ExceptionContext) -> MtaError | None:
    """Ours for theirs; None leaves a bug to be seen as what it is."""
    error = context.original_exception
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error)
    if isinstance(error, psycopg.Error):
        return _from_postgres(error, connected=context.connection is not None)
    return None


@contextmanager
def in_our_words() -> Iterator[None]:
    """For calls that go to the SQLite driver itself, past SQLAlchemy."""
    try:
        yield
    except sqlite3.Error as error:
        raise _from_sqlite(error) or error from error


def _from_sqlite(error: sqlite3.Error) -> MtaError | None:
    name: str = getattr(error, "sqlite_errorname", "")
    if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
        return AlreadyThere(_constraint_on(str(error)))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy("The database was locked by another process.")
    if name.startswith(_CANNOT):
        return ConfigError("The database file cannot be opened for writing, or is not a database.")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return Unreachable("The disk of the database is full or failing.")
    return None


def _from_postgres(error: psycopg.Error, *, connected: bool) -> MtaError | None:
    if isinstance(error, psycopg.errors.UniqueViolation):
        return AlreadyThere(error.diag.constraint_name or "")
    if error.sqlstate in _RACED:
        return Busy("Another transaction was in the way.")
    if error.sqlstate in _SETTING or (not connected and _says_setting(str(error))):
        return ConfigError("PostgreSQL refuses the user, the password or the database of MTA_DATABASE_URL.")
    shut = not connected or error.sqlstate is None or error.sqlstate in _SHUT
    if isinstance(error, psycopg.OperationalError) and shut:
        return Unreachable("PostgreSQL does not answer.")
    return None


def _says_setting(message: str) -> bool:
    """A refused connection carries no SQLSTATE; these words come from the server in every locale we ship for."""
    return "authentication failed" in message or "does not exist" in message


def _constraint_on(message: str) -> str:
    """SQLite names the columns where it should name the constraint."""
    match = _COLUMNS.search(message)
    qualified = match["columns"].split(", ") if match else []
    table = Row.metadata.tables.get(qualified[0].partition(".")[0]) if qualified else None
    if table is None:
        return ""
    columns = [one.partition(".")[2] for one in qualified]
    indexes: list[Any] = [index for index in table.indexes if index.unique]
    constraints: list[Any] = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    for rule in (*indexes, *constraints, table.primary_key):
        if [column.name for column in rule.columns] == columns:
            return str(rule.name)
    return ""
