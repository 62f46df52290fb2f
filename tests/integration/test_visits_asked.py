"""Which appointments the City is asked about, when, and how often. Rows and messages alone, no browser."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core import visits as rules
from core.bookings import Appointment, BookingState
from core.contact import Contact
from core.slots import Slot
from models import bookings, chats, decisions, holds, lanes, notices, visits
from models.booking import Booking
from models.chat import ChatSettings
from models.database import Database
from tests.integration.test_scheduler import HELD_BACK, Clock, running
from tests.integration.test_visiting import HOUR, VISIT, confirmed
from tests.jobs_fixtures import messages, until
from tests.models_cast import ADA, BELA, NOW, RING, TO_CONFIRMED, appointment, hold_of, slot, walk, watch_of
from workers import booking, queue, scheduler, verify
from workers.scheduler import Rhythm

MINUTE = timedelta(minutes=1)
FIRST = VISIT - 24 * HOUR  # reminder
IN_TIME = FIRST - rules.ASKED_UNTIL


def due(database: Database, now: datetime) -> list[int]:
    return list(database.transact(lambda session: visits.to_ask(session, now=now)))


def asked(database: Database, row: Booking, *, now: datetime) -> None:
    database.transact(lambda session: visits.note_asked(session, bookings.get(session, row.id), now=now))


def test_it_is_asked_in_the_hours_before_the_first_reminder_until_the_city_has_said_so(database: Database) -> None:
    made = database.transact(confirmed)

    assert due(database, FIRST - rules.ASKED_FROM - MINUTE) == []
    assert due(database, IN_TIME) == [made.id]
    database.transact(lambda session: holds.note_status(session, made.id, "confirmed", now=IN_TIME))

    every = [due(database, IN_TIME + minutes * MINUTE) for minutes in range(0, 26 * 60, 15)]
    assert {len(one) for one in every} == {0}, "once is enough"


def test_without_an_answer_it_is_asked_again_but_not_at_once_and_before_the_second_one_too(
    database: Database,
) -> None:
    made = database.transact(confirmed)
    now, times = FIRST - rules.ASKED_FROM, []
    while now < VISIT:
        if due(database, now):
            times.append(now)
            asked(database, made, now=now)
        now += 5 * MINUTE

    first = [one for one in times if one < FIRST]
    second = [one for one in times if one > FIRST]
    assert 2 <= len(first) <= 5
    assert 2 <= len(second) <= 5
    assert min(second) >= VISIT - rules.SOON_BEFORE - rules.ASKED_FROM
    assert max(second) < VISIT - rules.SOON_BEFORE
    assert min(later - sooner for sooner, later in itertools.pairwise(times)) >= visits.ASKED_AGAIN


def _without_a_key(session: Session, row: Booking) -> None:
    hold_of(session, row).sealed_key = None


def _in_hands(session: Session, row: Booking) -> None:
    bookings.claim(session, row.id, owner="another", lease=HOUR, now=IN_TIME)


def _given_back(session: Session, row: Booking) -> None:
    decisions.ask_cancel(session, row.id, now=NOW)


def _cancelled(session: Session, row: Booking) -> None:
    bookings.move(session, row.id, BookingState.CANCELLED, now=NOW)


def _just_booked(session: Session, row: Booking) -> None:
    bookings.get(session, row.id).moved_at = IN_TIME - HOUR
    holds.note_status(session, row.id, "confirmed", now=IN_TIME - HOUR)


NEVER: list[Callable[[Session, Booking], None]] = [_without_a_key, _in_hands, _given_back, _cancelled, _just_booked]


@pytest.mark.parametrize("how", NEVER, ids=[one.__name__.strip("_") for one in NEVER])
def test_what_cannot_be_asked_or_need_not_be_is_not(
    database: Database, how: Callable[[Session, Booking], None]
) -> None:
    made = database.transact(confirmed)
    database.transact(lambda session: how(session, bookings.get(session, made.id)))

    assert due(database, IN_TIME) == []


def test_quiet_hours_that_move_the_reminder_move_the_question_with_it(database: Database) -> None:
    quiet = ChatSettings.model_validate({"quiet_from": "09:00", "quiet_to": "14:00"})

    def chatting(session: Session) -> Booking:
        chat = chats.meet(session, RING, 77, language="de", now=NOW)
        chats.choose(session, chat.id, quiet, now=NOW)
        return confirmed(session, person_id=chats.adopt(session, RING, chat.id, ADA, now=NOW).id)

    made = database.transact(chatting)
    told = VISIT - 26.25 * HOUR

    assert due(database, told - rules.ASKED_UNTIL) == [made.id]
    assert due(database, told + MINUTE) == [], "the reminder is out, and the next one is far"


def test_the_questions_are_strewn() -> None:
    begins = [rules._asked_before(turn) for turn in range(60)]

    assert len(set(begins)) == 60
    assert rules.ASKED_UNTIL <= min(begins) < max(begins) <= rules.ASKED_FROM < rules.FRESH


@pytest.mark.parametrize("how", ["asked back meanwhile", "neither here nor there"])
def test_what_is_no_answer_changes_nothing(database: Database, how: str) -> None:
    row = database.transact(confirmed)
    errand = database.transact(lambda session: booking.take(session, row.id, keyring=RING, run="one", now=IN_TIME))
    assert errand is not None
    seen: Appointment | None = appointment("missed")
    if how == "asked back meanwhile":
        database.transact(lambda session: decisions.ask_cancel(session, row.id, now=IN_TIME))
        seen = None

    database.transact(lambda session: verify._follow(session, errand, seen, None, now=IN_TIME))

    with database.reading() as session:
        after = bookings.get(session, row.id)
        assert (after.state, notices.of_booking(session, row.id)) == (BookingState.CONFIRMED, [])
        assert hold_of(session, after).read_at < IN_TIME, "it was not heard of"


async def test_a_time_that_the_city_changed_is_reminded_of_anew(database: Database) -> None:
    made = database.transact(confirmed)
    later = slot(3, hour=10)
    await scheduler.mind(database, now=VISIT - 23 * HOUR)

    def shifted(session: Session) -> None:
        visits.shift(session, bookings.get(session, made.id), later, number="B2", now=VISIT - 22 * HOUR)

    database.transact(shifted)
    for before in (23, 22):
        await scheduler.mind(database, now=later.starts_at - before * HOUR)

    with database.reading() as session:
        first, second = notices.of_booking(session, made.id)
    assert (first.kind, second.kind) == ("visit.tomorrow", "visit.tomorrow")
    assert (second.facts["starts_at"], second.facts["number"]) == (later.starts_at.isoformat(), "B2")


@pytest.mark.parametrize("paused", [False, True])
async def test_the_scheduler_sends_one_at_a_time_the_most_urgent_first(
    database: Database, fresh_redis_url: str, *, paused: bool
) -> None:
    later = database.transact(lambda session: near(session, ADA, Slot(VISIT + 15 * MINUTE, slot().office_id)))
    sooner = database.transact(lambda session: near(session, BELA, slot(hour=9)))
    if paused:
        database.transact(lambda session: lanes.pause(session, "main"))
    sending, verified, sent = queue.connect(fresh_redis_url), IN_TIME - HOUR, []

    for seconds in (0, 5, 9, 10):
        now = IN_TIME + timedelta(seconds=seconds)
        verified = await scheduler.send_verify(
            database, sending, lane="main", verified=verified, rhythm=Rhythm(), now=now
        )
        asked(database, sooner, now=now)
        sent.append(verifies(fresh_redis_url))

    wanted = [{sooner.id}, {sooner.id}, {sooner.id}, {sooner.id, later.id}]
    assert sent == ([set()] * 4 if paused else wanted)


@pytest.mark.parametrize(("how", "span"), HELD_BACK.values(), ids=HELD_BACK)
async def test_the_running_scheduler_sends_it_only_when_a_look_might_be_sent(
    database: Database, fresh_redis_url: str, how: dict[str, Any], span: timedelta
) -> None:
    taken, ago = Slot(NOW + 24 * HOUR + 40 * MINUTE, slot().office_id), NOW - 120 * HOUR
    made = database.transact(lambda session: near(session, ADA, taken, now=ago))
    clock = Clock()
    async with running(database, fresh_redis_url, clock, **how):
        await clock.looked_at(100)
        assert verifies(fresh_redis_url) == set()
        clock.move(span)

        async def sent() -> bool:
            return verifies(fresh_redis_url) == {made.id}

        await until(sent)


def verifies(redis_url: str) -> set[int]:
    return {one.args[0] for one in messages(redis_url, "booking") if one.actor_name == "verify"}


def near(session: Session, person: Contact, taken: Slot, *, now: datetime = NOW) -> Booking:
    made = bookings.want(session, watch=watch_of(session, person, now=now), slot=taken, now=now)
    walk(session, made.id, *TO_CONFIRMED, now=now)
    holds.keep(session, RING, made.id, appointment("confirmed"), now=now)
    return made
