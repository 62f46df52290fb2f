"""Rows for tests: SQLite with the newest tables, copied from one file, since the revisions need run only once."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from models.database import Database
from tests.models_cast import opened

FILE = "mta.sqlite3"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / FILE
    with contextlib.closing(opened(f"sqlite:///{path}")) as database:
        database.migrate()
    return path


@pytest.fixture
def fresh_file(migrated_file: Path, tmp_path: Path) -> Path:
    copied = copyfile(migrated_file, tmp_path / FILE)
    copied.chmod(0o600)
    return copied


@pytest.fixture
def rows(fresh_file: Path) -> Iterator[Database]:
    """SQLite where a worker process with this data folder has it too."""
    with contextlib.closing(opened(f"sqlite:///{fresh_file}")) as database:
        yield database
