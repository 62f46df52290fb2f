"""The keys that seal and mark: Fernet and HMAC, with keys that can be changed while everything runs."""

import base64
import hashlib
import hmac
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import ConfigError


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
