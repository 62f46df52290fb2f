"""The keyring, and the file it may live in."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.errors import ConfigError
from models.encryption import Keyring
from models.redaction import HIDDEN, redacted

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_what_was_sealed_opens_again() -> None:
    keyring = Keyring.from_text(NEW)

    sealed = keyring.seal("Jürgen Müller")

    assert "Müller" not in sealed
    assert keyring.open(sealed) == "Jürgen Müller"


def test_the_newest_key_seals_and_every_key_opens() -> None:
    sealed_long_ago = Keyring.from_text(OLD).seal("Ada")
    ring = Keyring.from_text(f"{NEW},{OLD}")

    assert ring.open(sealed_long_ago) == "Ada"
    assert not ring.is_newest(sealed_long_ago)
    assert ring.is_newest(ring.seal("Ada"))
    assert Keyring.from_text(NEW).open(ring.seal("Ada")) == "Ada"


def test_a_key_that_is_not_on_the_ring_is_a_clear_sentence() -> None:
    with pytest.raises(ConfigError, match="sealed with another key"):
        Keyring.from_text(NEW).open(Keyring.from_text(OLD).seal("Ada"))


@pytest.mark.parametrize(
    "written",
    ["", " , ", "short", f"{NEW},nonsense", "ü" * 44],
    ids=["nothing", "a comma", "too short", "one of two", "no ascii"],
)
def test_what_is_no_key_is_a_clear_sentence_without_the_key(written: str) -> None:
    with pytest.raises(ConfigError, match="MTA_ENCRYPTION_KEYS") as refused:
        Keyring.from_text(written)

    assert NEW not in str(refused.value)


def test_a_keyring_never_shows_its_keys() -> None:
    assert repr(Keyring.from_text(NEW)) == "Keyring(…)"


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys"

    sealed = Keyring.from_file(path).seal("Ada")

    assert Keyring.from_file(path).open(sealed) == "Ada"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_key_file_that_cannot_be_read_is_a_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Keyring.from_file(tmp_path)


def test_what_looks_personal_or_secret_is_hidden_at_any_depth() -> None:
    fields = {
        "office_id": 10489,
        "Mail": "ada@example.org",
        "said": "write to ada@example.org with 0123456789abcdef0123456789abcdef",
        "link": "https://example.org/#/appointment/confirm/eyJpZCI6MX0",
        "seen": [{"authKey": "beef", "url": "…/confirm/eyJpZCI6MTIzNH0="}],
    }

    shown = redacted(fields)

    assert shown == {
        "office_id": 10489,
        "Mail": HIDDEN,
        "said": f"write to {HIDDEN} with {HIDDEN}",
        "link": HIDDEN,
        "seen": [{"authKey": HIDDEN, "url": f"…/confirm/{HIDDEN}="}],
    }
