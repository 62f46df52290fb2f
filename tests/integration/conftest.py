"""Every database we run on, for each test anew: with the newest tables, or without any."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from models.database import Database
from tests.models_cast import Race, opened, runners

MIGRATED = "migrated"


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_url: str) -> str:
    """As `migrated_file` of tests.rows_fixtures, to be given to CREATE DATABASE as a template."""
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE template0")
    url = postgres_url.replace("/postgres?", f"/{MIGRATED}?")
    database = opened(url)
    database.migrate()
    database.close()
    return url


@pytest.fixture
def migrated_copy_url(postgres_url: str, migrated_postgres_url: str, database_names: Iterator[str]) -> Iterator[str]:
    name = next(database_names)
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {MIGRATED}")
        yield migrated_postgres_url.replace(f"/{MIGRATED}?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mta.sqlite3'}"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """With the newest tables."""
    if request.param == "postgres":
        return str(request.getfixturevalue("migrated_copy_url"))
    return f"sqlite:///{request.getfixturevalue('fresh_file')}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = opened(database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def race() -> Iterator[Race]:
    with runners() as race:
        yield race
