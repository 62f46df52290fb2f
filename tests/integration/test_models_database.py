"""Transactions, errors in our own words, and what lies in the open."""

import asyncio
import threading
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from core.bookings import BookingState
from core.errors import ConfigError
from models import bookings, events, lanes, people
from models.database import AlreadyThere, Busy, Database, Unreachable, put
from models.notice import Notice
from tests.models_cast import (
    ADA,
    NOW,
    booking_of,
    opened,
    watch_of,
)


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    summer = datetime(2026, 7, 1, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    person = database.transact(lambda session: people.add(session, database.keys, ADA, now=summer))

    with database.reading() as session:
        read = people.get(session, person.id).created_at

    assert read == summer
    assert read.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 7, 1, 10, 0)  # noqa: DTZ001  # the point of the test

    with pytest.raises(Exception, match="timezone"), database.transaction() as session:
        people.add(session, database.keys, ADA, now=naive)


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def half(session: Session) -> None:
        lanes.ensure(session, "main")
        raise KeyError("half way")

    with pytest.raises(KeyError):
        database.transact(half)

    with database.reading() as session:
        assert not lanes.list(session)


def test_rows_can_be_read_after_their_session(database: Database) -> None:
    watch = database.transact(watch_of)

    assert watch.office_ids
    assert watch.rules.takes_day(NOW.date())


def test_reading_can_write_nothing(database: Database) -> None:
    with database.reading() as session, pytest.raises(Exception, match=r"(?i)read-only|cannot be opened for writing"):
        lanes.ensure(session, "main")

    with database.reading() as session:
        assert not lanes.list(session)


async def test_acts_at_the_same_time_are_all_committed(database: Database) -> None:
    await asyncio.gather(*(database.act(partial(lanes.ensure, name=f"lane-{number}")) for number in range(40)))

    assert len(await database.read(lanes.list)) == 40


def test_work_that_met_somebody_is_done_once_more(database: Database) -> None:
    calls: list[int] = []

    def work(session: Session) -> None:
        calls.append(len(calls))
        lanes.ensure(session, f"lane-{len(calls)}")
        if len(calls) == 1:
            raise Busy("somebody was in the way")

    database.transact(work)

    with database.reading() as session:
        assert [lane.name for lane in lanes.list(session)] == ["lane-2"]


def test_two_transactions_in_each_others_way_both_end(fresh_postgres_url: str) -> None:
    database = opened(fresh_postgres_url)
    database.migrate()
    database.transact(lambda session: [lanes.ensure(session, name) for name in ("left", "right")])
    both_hold_one = threading.Barrier(2)
    tries: list[str] = []

    def cross(first: str, second: str) -> None:
        def work(session: Session) -> None:
            tries.append(first)
            lanes.pause(session, first, reason=f"{first} first")
            session.flush()
            if len(tries) <= 2:
                both_hold_one.wait(60)
            lanes.pause(session, second)
            session.flush()

        database.transact(work)

    threads = [threading.Thread(target=cross, args=pair) for pair in (("left", "right"), ("right", "left"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert len(tries) == 3, "one of them was the victim and tried again"
    database.close()


def test_a_constraint_has_the_same_name_everywhere(database: Database) -> None:
    def twice(session: Session) -> str:
        person = people.add(session, database.keys, ADA, now=NOW)
        put(session, Notice(person_id=person.id, kind="x", created_at=NOW, next_try_at=NOW, dedupe="once"))
        with pytest.raises(AlreadyThere) as already:
            put(session, Notice(person_id=person.id, kind="y", created_at=NOW, next_try_at=NOW, dedupe="once"))
        lanes.ensure(session, "still-usable")
        return already.value.constraint

    assert database.transact(twice) == "uq_notice_dedupe"
    with database.reading() as session:
        assert lanes.list(session), "the transaction went on after the refusal"


def test_an_unknown_state_is_refused_by_the_database_itself(database: Database) -> None:
    booking = database.transact(booking_of)

    with pytest.raises(Exception, match=r"(?i)check constraint"), database.transaction() as session:
        session.connection().execute(
            text("UPDATE booking SET state = 'dreamt' WHERE id = :booking_id"), {"booking_id": booking.id}
        )

    with database.reading() as session:
        assert bookings.get(session, booking.id).state is BookingState.WANTED


def test_a_row_cannot_refer_to_nobody(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.transaction() as session:
        events.note(session, "look.due", now=NOW, target_id=4711)


@pytest.mark.parametrize("url", ["", "mysql://localhost/mta", "sqlite://", "sqlite:///:memory:", "not an address"])
def test_an_address_we_cannot_use_is_a_clear_sentence(url: str) -> None:
    with pytest.raises(ConfigError, match="MTA_DATABASE_URL"):
        opened(url)


def test_a_file_that_is_no_database_is_a_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Sehr geehrte Damen und Herren, " * 100)
    database = opened(f"sqlite:///{tmp_path / 'letter.txt'}")

    with pytest.raises(ConfigError, match="not a database"):
        database.migrate()
    database.close()


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    database = opened(f"postgresql+psycopg://mta@/mta?host={tmp_path}")

    with pytest.raises(Unreachable):
        database.migrate()
    database.close()


def test_a_database_that_is_not_there_is_a_setting(postgres_url: str) -> None:
    database = opened(postgres_url.replace("/postgres?", "/nowhere?"))

    with pytest.raises(ConfigError, match="PostgreSQL refuses"):
        database.migrate()
    database.close()


def test_sqlite_is_readable_by_its_owner_alone_and_logs_ahead(tmp_path: Path) -> None:
    database = opened(f"sqlite:///{tmp_path / 'deep' / 'mta.sqlite3'}")
    database.migrate()

    with database.reading() as session:
        assert session.connection().execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.connection().execute(text("PRAGMA synchronous")).scalar() == 1
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "deep").glob("mta.sqlite3*")} == {0}
    database.close()
