"""What is forgotten of a person, when, and what they get who ask for all of it before."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session, col, select

from core.bookings import BookingState
from core.errors import BadInput, HoldLost
from core.looks import Answer
from models import disclosure, events, holds, looks, notices, people, retention, schema, slots_seen, watches
from models.booking import Booking
from models.database import Database
from models.notice import Notice
from models.slot_seen import SlotSeen
from models.watch import WatchState
from tests.models_cast import (
    ADA,
    AUTH_KEY,
    BELA,
    NOW,
    RING,
    TO_CONFIRMED,
    booking_of,
    everything_in,
    held,
    hold_of,
    looked,
    slot,
    watch_of,
)

DAY = timedelta(days=1)


def test_erasing_forgets_who_and_names_the_files(database: Database) -> None:
    def booked(session: Session) -> Booking:
        booking = held(session, *TO_CONFIRMED)
        booking.screenshot_path, booking.calendar_path = "shots/1.png", "shots/1.ics"
        return booking

    booking = database.transact(booked)

    files = database.transact(lambda session: people.erase(session, booking.person_id, now=NOW + DAY))

    with database.reading() as session:
        person, watch = people.get(session, booking.person_id), watches.get(session, booking.watch_id)
        assert (files, person.erased_at) == (["shots/1.png", "shots/1.ics"], NOW + DAY)
        assert (watch.state, watch.ended_reason) == (WatchState.ENDED, "mandate-revoked")
        with pytest.raises(BadInput, match="erased"):
            people.contact(RING, person)
        with pytest.raises(HoldLost):
            holds.key(RING, hold_of(session, booking))


def test_nobody_is_erased_in_the_middle_of_a_hold(database: Database) -> None:
    booking = database.transact(lambda session: held(session, BookingState.HOLDING, BookingState.HELD))

    with pytest.raises(BadInput, match="Release it first"):
        database.transact(lambda session: people.erase(session, booking.person_id, now=NOW))


def test_the_key_goes_a_day_after_the_visit_and_the_contact_a_week_after(database: Database) -> None:
    booking = database.transact(lambda session: held(session, *TO_CONFIRMED))
    database.transact(lambda session: watches.fulfil(session, booking.watch_id, now=NOW))
    visit = slot().starts_at

    def left_at(now: datetime) -> tuple[bool, bool]:
        database.transact(lambda session: retention.sweep(session, now=now))
        with database.reading() as session:
            hold, person = hold_of(session, booking), people.get(session, booking.person_id)
            return hold.sealed_key is not None, person.sealed_contact is not None

    assert left_at(visit + DAY / 2) == (True, True)
    assert left_at(visit + 2 * DAY) == (False, True)
    assert left_at(visit + 8 * DAY) == (False, False)


def test_who_still_waits_is_not_forgotten(database: Database) -> None:
    watch = database.transact(watch_of)

    database.transact(lambda session: retention.sweep(session, now=NOW + 300 * DAY))

    with database.reading() as session:
        assert people.contact(RING, people.get(session, watch.person_id)) == ADA


def test_old_looks_go_with_their_evidence(database: Database) -> None:
    watch = database.transact(watch_of)
    for age, name in ((40 * DAY, "old.png"), (2 * DAY, "new.png")):
        look = looked(at=NOW - age, evidence=(name,))
        look_id = database.transact(partial(looks.record, target_id=watch.target_id, lane="main", look=look))
        database.transact(partial(events.note, kind="look.answered", now=NOW, look_id=look_id))

    files = database.transact(lambda session: retention.sweep(session, now=NOW))

    with database.reading() as session:
        assert files == ["old.png"]
        assert [look.evidence for look in looks.latest(session, watch.target_id)] == [("new.png",)]
        assert len([event for event in events.since(session, 0) if event.kind == "look.answered"]) == 2


def test_what_is_forgotten_lies_nowhere_in_the_database(database: Database, database_url: str) -> None:
    booking = database.transact(lambda session: held(session, *TO_CONFIRMED))
    with database.reading() as session:
        person = people.get(session, booking.person_id)
        seals = [person.sealed_contact, person.mark, hold_of(session, booking).sealed_key]
    assert [str(seal).encode() in everything_in(database_url) for seal in seals] == [True] * 3

    database.transact(lambda session: people.erase(session, booking.person_id, now=NOW))
    database.close()

    assert [str(seal).encode() in everything_in(database_url) for seal in seals] == [False] * 3


def test_a_person_who_comes_back_after_erasing_is_new(database: Database) -> None:
    before = database.transact(lambda session: people.add(session, RING, ADA, now=NOW))

    database.transact(lambda session: people.erase(session, before.id, now=NOW))

    assert database.transact(lambda session: people.add(session, RING, ADA, now=NOW)).id != before.id


def test_a_person_gets_all_that_is_kept_about_them_and_nothing_of_others(database: Database) -> None:
    def two_people(session: Session) -> tuple[Booking, Booking]:
        theirs, others = held(session, *TO_CONFIRMED), booking_of(session, taken=slot(3))
        for booking in (theirs, others):
            notices.write(session, person_id=booking.person_id, kind="booking.confirmed", facts={}, now=NOW)
        watch_of(session, BELA)
        return theirs, others

    theirs, others = database.transact(two_people)

    with database.reading() as session:
        given = disclosure.export(session, RING, theirs.person_id)

    written = json.dumps(given, ensure_ascii=False)
    assert given["contact"]["mail"] == ADA.mail
    assert {name: len(rows) for name, rows in given.items() if isinstance(rows, list)} == {
        "mandate": 1,
        "watch": 1,
        "booking": 1,
        "hold": 1,
        "notice": 1,
        "event": 7,
        "chat_person": 0,
        "erasure": 0,
    }
    assert given["booking"][0]["starts_at"].startswith(slot().starts_at.date().isoformat())
    assert others.id not in {row.get("booking_id") for row in given["event"]}
    assert AUTH_KEY not in written
    assert "sealed" not in written


def test_no_table_about_a_person_is_left_out_of_what_they_get(database: Database) -> None:
    person_id = database.transact(watch_of).person_id
    about = {
        table.name
        for table in schema.metadata.tables.values()
        if {key.column.table.name for key in table.foreign_keys} & {"person", "watch", "booking"}
    }

    with database.reading() as session:
        assert about <= disclosure.export(session, RING, person_id).keys()


def test_who_was_erased_gets_nothing(database: Database) -> None:
    person = database.transact(lambda session: people.add(session, RING, ADA, now=NOW))
    database.transact(lambda session: people.erase(session, person.id, now=NOW))

    with database.reading() as session, pytest.raises(BadInput, match="erased"):
        disclosure.export(session, RING, person.id)


def test_what_was_told_or_given_up_goes_and_what_waits_stays(database: Database) -> None:
    def written(session: Session) -> None:
        person_id = watch_of(session).person_id
        for kind in ("told", "given-up", "waiting", "told-lately"):
            notices.write(session, person_id=person_id, kind=kind, facts={}, now=NOW)
        told, given_up, _, told_lately = notices.untold(session)
        notices.told(session, told.id, now=NOW)
        notices.told(session, told_lately.id, now=NOW + 2 * DAY)
        notices.failed(session, given_up.id, None)

    database.transact(written)

    database.transact(lambda session: retention.sweep(session, now=NOW + retention.NOTICES + DAY))

    with database.reading() as session:
        assert session.exec(select(Notice.kind).order_by(col(Notice.kind))).all() == ["told-lately", "waiting"]


def test_slots_go_after_a_year_whether_or_not_anybody_saw_them_go(database: Database) -> None:
    def seen(session: Session) -> None:
        target_id = watch_of(session).target_id
        for offered, at in (((slot(0), slot(1)), NOW), ((slot(1),), NOW + DAY)):
            slots_seen.record(session, target_id, looked(Answer.FREE, *offered, at=at), now=at)

    database.transact(seen)

    def left_at(now: datetime) -> Sequence[datetime]:
        database.transact(lambda session: retention.sweep(session, now=now))
        with database.reading() as session:
            return session.exec(select(SlotSeen.starts_at).order_by(col(SlotSeen.starts_at))).all()

    year = NOW + retention.SLOTS
    assert left_at(year) == [slot(0).starts_at, slot(1).starts_at]
    assert left_at(year + DAY / 2) == [slot(1).starts_at]
    assert left_at(year + 2 * DAY) == []


def test_the_timeline_goes_after_ninety_days(database: Database) -> None:
    watch = database.transact(watch_of)
    database.transact(partial(events.note, kind="watch.young", now=NOW + DAY, watch_id=watch.id))

    database.transact(lambda session: retention.sweep(session, now=NOW + retention.EVENTS + DAY / 2))

    with database.reading() as session:
        assert [event.kind for event in events.since(session, 0)] == ["watch.young"]
