"""What is sealed in the database, and how it changes to another key while everything runs."""

from typing import cast

from sqlalchemy import Table, inspect, select, update
from sqlmodel import Session

from models import chats, people
from models.chat import Chat
from models.draft import Draft
from models.hold import Hold
from models.keyring import Keyring
from models.person import Person
from models.row import Row

__all__ = ["Keyring", "check", "rotate"]

_SEALED: tuple[tuple[type[Row], str], ...] = (
    (Person, "sealed_contact"),
    (Hold, "sealed_key"),
    (Chat, "sealed_id"),
    (Draft, "sealed"),
)


def rotate(session: Session, keyring: Keyring) -> int:
    """Seal and mark with the newest key whatever an older one did; how many values were sealed. May be run again."""
    changed = sum(_rotate(session, keyring, _table(row), name) for row, name in _SEALED)
    people.mark_anew(session, keyring)
    chats.mark_anew(session, keyring)
    return changed


def check(session: Session, keyring: Keyring) -> None:
    """Raise ConfigError when the keyring cannot open what the database holds; looks at one value of each kind."""
    for row, name in _SEALED:
        column = _table(row).c[name]
        sealed = session.connection().execute(select(column).where(column.is_not(None)).limit(1)).scalar()
        if sealed is not None:
            keyring.open(sealed)


def _rotate(session: Session, keyring: Keyring, table: Table, name: str) -> int:
    column = table.c[name]
    connection = session.connection()
    changed = 0
    for row_id, sealed in connection.execute(select(table.c.id, column).where(column.is_not(None))).all():
        if keyring.is_newest(sealed):
            continue
        unless_changed = (table.c.id == row_id) & (column == sealed)
        anew = {name: keyring.seal(keyring.open(sealed))}
        changed += connection.execute(update(table).where(unless_changed).values(anew)).rowcount
    return changed


def _table(row: type[Row]) -> Table:
    return cast("Table", inspect(row).local_table)
