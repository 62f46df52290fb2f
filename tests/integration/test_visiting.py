"""Reminders of visits, each written once and only while the appointment stands; and cancellations that take long."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from models import bookings, chats, decisions, holds, notices
from models.booking import Booking
from models.chat import ChatSettings
from models.database import Database
from tests.models_cast import ADA, NOW, RING, TO_CONFIRMED, appointment, opened, slot, walk, watch_of
from workers import scheduler

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VISIT = slot().starts_at


def confirmed(session: Session, *, now: datetime = NOW, **how: Any) -> Booking:
    booking = bookings.want(session, watch=watch_of(session, now=now, **how), slot=slot(), now=now)
    walk(session, booking.id, *TO_CONFIRMED, now=now)
    holds.keep(session, RING, booking.id, appointment("confirmed"), now=now)
    return booking


def told(database: Database, booking: Booking) -> list[str]:
    with database.reading() as session:
        return [one.kind for one in notices.of_booking(session, booking.id)]


async def minutes(database: Database, *hours_before: float) -> None:
    for hours in hours_before:
        await scheduler.mind(database, now=VISIT - hours * HOUR)


async def test_a_visit_is_reminded_of_twice_and_of_nothing_else(database: Database) -> None:
    booking = database.transact(confirmed)

    await minutes(database, 25, 24, 23.9, 7, 5, 2, 1.9, 0.1, -1)

    assert told(database, booking) == ["visit.tomorrow", "visit.soon"]
    with database.reading() as session:
        first = notices.of_booking(session, booking.id)[0]
    assert first.facts == {
        "office_id": 10489,
        "starts_at": VISIT.isoformat(),
        "services": "1063475",
        "number": "A77",
        "until": (VISIT - 6 * HOUR).isoformat(),
        "unasked": True,
    }
    assert (first.person_id, first.watch_id) == (booking.person_id, booking.watch_id)


@pytest.mark.parametrize(
    ("read_before", "unasked"),
    [(28, True), (27, False), (25, False), (23.9, True)],
    ids=["too early", "early enough", "an hour before", "not in time for the first"],
)
async def test_a_reminder_says_whether_the_city_could_be_asked(
    database: Database, read_before: float, *, unasked: bool
) -> None:
    booking = database.transact(confirmed)

    for hours in (28, 27, 25, 24, 23.9, 2):
        if hours == read_before:
            read_at = VISIT - hours * HOUR
            database.transact(partial(holds.note_status, booking_id=booking.id, status="confirmed", now=read_at))
        await minutes(database, hours)

    with database.reading() as session:
        first, second = notices.of_booking(session, booking.id)
    assert first.facts["unasked"] is unasked
    assert second.facts["unasked"] is (read_before == 28), "what was heard later counts for the later one"


async def test_a_booking_of_the_same_day_gets_only_the_later_reminder(database: Database) -> None:
    booking = database.transact(lambda session: confirmed(session, now=VISIT - 3 * HOUR))

    await minutes(database, 3, 2.5, 2, 1)

    assert told(database, booking) == ["visit.soon"]


async def test_after_an_outage_only_what_is_of_use_is_said(database: Database) -> None:
    booking = database.transact(confirmed)

    await minutes(database, 26, 4, 1)

    assert told(database, booking) == ["visit.soon"]


@pytest.mark.parametrize("ended", ["cancelled", "asked"])
async def test_what_goes_back_is_not_reminded_of(database: Database, ended: str) -> None:
    booking = database.transact(confirmed)

    def end(session: Session) -> None:
        if ended == "asked":
            decisions.ask_cancel(session, booking.id, now=VISIT - 24 * HOUR)
        else:
            bookings.move(session, booking.id, BookingState.CANCELLED, now=NOW)

    database.transact(end)
    await minutes(database, 24)

    assert told(database, booking) == []


async def test_what_a_better_one_replaces_is_not_reminded_of(database: Database) -> None:
    old = database.transact(confirmed)

    def better(session: Session) -> Booking:
        watch = watch_of(session, person_id=old.person_id, improves_id=old.id)
        made = bookings.want(session, watch=watch, slot=slot(0, hour=8), now=NOW)
        walk(session, made.id, *TO_CONFIRMED)
        return made

    new = database.transact(better)
    await scheduler.mind(database, now=NOW + timedelta(minutes=9))
    assert told(database, old) == []
    await minutes(database, 23, 22)

    assert (told(database, old), told(database, new)) == (["booking.cancel_waits"], ["visit.tomorrow"])


async def test_the_chats_quiet_hours_move_the_first_one(database: Database) -> None:
    quiet = ChatSettings.model_validate({"quiet_from": "09:00", "quiet_to": "14:00"})

    def chatting(session: Session) -> Booking:
        chat = chats.meet(session, RING, 77, language="de", now=NOW)
        chats.choose(session, chat.id, quiet, now=NOW)
        return confirmed(session, person_id=chats.adopt(session, RING, chat.id, ADA, now=NOW).id)

    booking = database.transact(chatting)
    assert datetime(2026, 4, 1, 9, tzinfo=UTC) == VISIT, "eleven in Munich: quiet a day before, since nine"

    await minutes(database, 26.3)
    before = told(database, booking)
    await minutes(database, 26.25)

    assert (before, told(database, booking)) == ([], ["visit.tomorrow"])


async def test_a_cancellation_that_takes_long_is_spoken_of_once_and_again_when_asked_again(database: Database) -> None:
    booking = database.transact(confirmed)
    asked = VISIT - 9 * DAY
    database.transact(lambda session: decisions.ask_cancel(session, booking.id, now=asked))

    for after in (9, 10, 11, 300):
        await scheduler.mind(database, now=asked + timedelta(minutes=after))
    assert told(database, booking) == ["booking.cancel_waits"]

    def again(session: Session) -> None:
        bookings.get(session, booking.id).cancel_asked_at = None
        session.flush()
        decisions.ask_cancel(session, booking.id, now=asked + HOUR)

    database.transact(again)
    await scheduler.mind(database, now=asked + 2 * HOUR)
    assert told(database, booking) == ["booking.cancel_waits"] * 2


async def test_a_cancellation_that_came_too_late_is_given_up_and_said(database: Database) -> None:
    booking = database.transact(confirmed)
    database.transact(lambda session: decisions.ask_cancel(session, booking.id, now=VISIT - timedelta(minutes=5)))

    await minutes(database, 0.01, 0, -0.1)

    assert told(database, booking) == ["booking.not_cancelled"]
    with database.reading() as session:
        row = bookings.get(session, booking.id)
        assert (row.state, row.cancel_asked_at) == (BookingState.CONFIRMED, None)
        assert notices.of_booking(session, booking.id)[0].facts["reason"] == "begun"


async def test_two_schedulers_write_it_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mta.sqlite3'}"
    with closing(opened(url)) as one, closing(opened(url)) as other:
        one.migrate()
        booking = one.transact(confirmed)

        for database in (one, other):
            await minutes(database, 24)

        assert told(one, booking) == ["visit.tomorrow"]
