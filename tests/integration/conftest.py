"""Every database we run on, empty, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database
from tests.models_cast import Race, opened, runners


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mta.sqlite3'}"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """With the newest tables."""
    database = opened(database_url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture(scope="module")
def race() -> Iterator[Race]:
    with runners() as race:
        yield race
