"""Sealing of what must not lie open in the database: Fernet, with keys that can be changed while everything runs."""

import base64
import hashlib
import hmac
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Table, inspect, select, update
from sqlmodel import Session

from core.errors import ConfigError
from models.hold import Hold
from models.person import Person
from models.row import Row

_SEALED: tuple[tuple[type[Row], str], ...] = ((Person, "sealed_contact"), (Hold, "sealed_key"))


class Keyring:
    """Seals with its newest key, opens with any. Never printed."""

    def __init__(self, keys: Iterable[str]) -> None:
        """`keys` newest first; raises ConfigError when one is no Fernet key or none is given."""
        written = list(keys)
        try:
            fernets = [Fernet(key) for key in written]
        except ValueError:
            raise ConfigError(
                "MTA_ENCRYPTION_KEYS: each key must be 32 bytes in url-safe base64, as Fernet makes them."
            ) from None
        if not fernets:
            raise ConfigError("MTA_ENCRYPTION_KEYS holds no key.")
        self._marking = [_marking_key(key) for key in written]
        self._newest = fernets[0]
        self._all = MultiFernet(fernets)

    def __repr__(self) -> str:
        return "Keyring(…)"

    @classmethod
    def from_text(cls, written: str) -> "Keyring":
        """Keys, newest first, parted by commas or white space."""
        return cls(written.replace(",", " ").split())

    @classmethod
    def from_file(cls, path: Path) -> "Keyring":
        """The keys in a file, which is made with a new key when absent, even by several processes at once."""
        if not path.exists():
            _write_once(path, Fernet.generate_key())
        try:
            return cls.from_text(path.read_text())
        except (OSError, UnicodeDecodeError):
            raise ConfigError(f"The key file {path} cannot be read.") from None

    def seal(self, plain: str) -> str:
        return self._newest.encrypt(plain.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raise ConfigError when it was sealed with a key that is not on the ring."""
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken:
            raise ConfigError(
                "The database was sealed with another key. Put the old key back behind the newest in"
                " MTA_ENCRYPTION_KEYS, or restore the key file of the data folder."
            ) from None

    def marks(self, plain: str) -> list[str]:
        """What finds an equal text again without opening it: one mark for each key, the newest key's first."""
        return [hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() for key in self._marking]

    def is_newest(self, sealed: str) -> bool:
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True


def rotate(session: Session, keyring: Keyring) -> int:
    """Seal with the newest key whatever an older one has sealed; how many values that were. May be run again."""
    return sum(_rotate(session, keyring, _table(row), name) for row, name in _SEALED)


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


def _marking_key(key: str) -> bytes:
    """A key of its own, so that marks tell nothing about the seals."""
    return hmac.new(base64.urlsafe_b64decode(key), b"mark", hashlib.sha256).digest()


def _write_once(path: Path, key: bytes) -> None:
    """The whole key or no file, readable by its owner alone; whoever comes second leaves the first one's key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()
