"""The tables the revisions make are those the models describe, on both databases."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, String, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from core.errors import ConfigError
from core.looks import Answer
from models import engines, events, schema, slots_seen
from models.database import Database
from models.slot_seen import SlotSeen
from models.target import Target
from tests.models_cast import NOW, PASSPORT, Race, booking_of, looked, opened, slot, watch_of

COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, character_maximum_length
    FROM information_schema.columns WHERE table_schema = :name
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = CAST(:name AS regnamespace)
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = :name"


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = engines.for_migrating(engines.create(url, connections=1))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def sqlite_tables(connection: Connection) -> dict[str, tuple[str, frozenset[str]]]:
    """What makes each table and index: its columns in their order, its constraints in any.

    A table that a revision has changed was renamed, after which SQLite keeps its name in quotation marks.
    """
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    made = {
        name: " ".join(sql.replace(f'"{name}"', name).split()).removesuffix(" )").split(", CONSTRAINT ")
        for name, sql in rows
    }
    return {
        name: (columns, frozenset(constraints))
        for name, (columns, *constraints) in made.items()
        if name not in ("alembic_version", "sqlite_sequence")
    }


def postgres_tables(connection: Connection, name: str) -> set[tuple[object, ...]]:
    found = [
        tuple(re.sub(rf"\b{name}\.", "", value) if isinstance(value, str) else value for value in row)
        for query in (COLUMNS, CONSTRAINTS, INDEXES)
        for row in connection.execute(text(query), {"name": name})
    ]
    return {row for row in found if row[0] != "alembic_version"}


def test_revisions_make_what_the_models_describe_on_sqlite(tmp_path: Path) -> None:
    bare, migrated = (f"sqlite:///{tmp_path / name}" for name in ("bare", "migrated"))
    with connected(bare) as connection:
        schema.metadata.create_all(connection)
        described = sqlite_tables(connection)

    with connected(migrated) as connection:
        schema.upgrade(connection)
        made = sqlite_tables(connection)

    assert len(described) > 40
    assert made == described


def test_revisions_make_what_the_models_describe_on_postgresql(fresh_postgres_url: str) -> None:
    with connected(fresh_postgres_url) as connection:
        connection.execute(text("CREATE SCHEMA bare"))
        translated = connection.execution_options(schema_translate_map={None: "bare"})
        schema.metadata.create_all(translated)
        described = postgres_tables(connection, "bare")
    with connected(fresh_postgres_url) as connection:
        schema.upgrade(connection)
        made = postgres_tables(connection, "public")

    assert len(described) > 150
    assert made == described


def test_autogenerate_finds_nothing_to_add(database_url: str) -> None:
    with connected(database_url) as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_way_back_leaves_nothing_and_can_be_gone_again(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")

    with connected(database_url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    with connected(database_url) as connection:
        names = set(connection.dialect.get_table_names(connection))
        assert names - {"sqlite_sequence"} == {"alembic_version"}
        schema.upgrade(connection)
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_sqlite_changes_a_table_others_refer_to_with_its_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mta.sqlite3'}"
    database = opened(url)
    database.migrate()
    booking = database.transact(booking_of)
    database.close()

    with connected(url) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("watch", recreate="always") as batch:
            batch.add_column(Column("colour", String))
    with connected(url) as connection:
        found = connection.execute(
            text("SELECT booking.id, colour FROM booking JOIN watch ON watch.id = watch_id")
        ).all()

    assert found == [(booking.id, None)]


def test_slots_and_targets_of_before_keep_what_they_had(database_url: str) -> None:
    database = opened(database_url)
    target_id = database.transact(watch_of).target_id
    database.transact(lambda session: slots_seen.record(session, target_id, looked(Answer.FREE, slot()), now=NOW))
    database.close()

    step(database_url, command.downgrade, "0001")
    step(database_url, command.upgrade, "head")

    database = opened(database_url)
    with database.reading() as session:
        kept, target = session.exec(select(SlotSeen)).one(), session.get_one(Target, target_id)
    assert (kept.slot, kept.first_seen_at, kept.unseen_at) == (slot(), NOW, None)
    assert (target.services, target.last_sight, target.learnt) == ((PASSPORT,), None, None)
    database.close()


def step(url: str, move: Callable[[Config, str], None], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with connected(url) as connection:
        config.attributes["connection"] = connection
        move(config, revision)


def test_rows_that_refer_to_nothing_are_not_migrated_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mta.sqlite3'}"
    database = opened(url)
    database.migrate()
    database.transact(booking_of)
    with connected(url) as connection:
        connection.execute(text("DELETE FROM watch"))

    with pytest.raises(ConfigError, match="refer to nothing"):
        database.migrate()
    database.close()


def test_references_are_watched_again_after_migrating(database: Database) -> None:
    database.migrate()

    with pytest.raises(IntegrityError), database.transaction() as session:
        events.note(session, "look.due", now=NOW, target_id=4711)


def migrate(_number: int, url: str) -> int:
    database = opened(url)
    database.migrate()
    with database.reading() as session:
        revisions = session.connection().execute(text("SELECT version_num FROM alembic_version")).all()
    database.close()
    return len(revisions)


def test_processes_that_start_at_once_migrate_once(empty_url: str, race: Race) -> None:
    assert race(migrate, empty_url) == [1, 1, 1]


def test_a_database_from_the_future_is_a_clear_sentence(database: Database) -> None:
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ConfigError, match="newer version"):
        database.migrate()
