"""From preconfirmed to confirmed: reminders, the mailbox, and who sends what when."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import dramatiq
import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from browser_profiles import profiles
from browser_profiles.pool import Pool
from browser_profiles.settings import PoolSettings
from core.bookings import BookingState, HoldKey
from core.slots import utc_now
from models import bookings, events, holds, notices
from models.database import Database
from models.notice import Notice
from portal import links, mailbox
from portal.mailbox import Mailbox
from portal.portal import Portal, PortalSettings
from tests.mail_fixtures import OwnMailbox
from tests.models_cast import MINUTE, NOW, TO_CONFIRMED, appointment, booking_of, slot, walk
from workers import guard, pacer, queue, scheduler
from workers.queue import Job, Queue
from workers.runtime import Pace, Runtime

SITE = "https://city.example/termin.html"
HALF_AN_HOUR = 30 * MINUTE
TO_PRECONFIRMED = TO_CONFIRMED[:-1]
OURS, OTHER = HoldKey(4711, "c0ffee" * 10 + "beef"), HoldKey(4712, "decade" * 10 + "beef")


def preconfirmed(
    session: Session, database: Database, *, key: HoldKey = OURS, day: int = 0, now: datetime = NOW
) -> int:
    """A booking that the City preconfirmed at `now`, for half an hour."""
    booking = booking_of(session, taken=slot(day), now=now)
    walk(session, booking.id, *TO_PRECONFIRMED[:-1], now=now)
    bookings.move(session, booking.id, BookingState.PRECONFIRMED, now=now, deadline_at=now + HALF_AN_HOUR)
    said = replace(appointment("preconfirmed", activation=HALF_AN_HOUR), key=key)
    holds.keep(session, database.keys, booking.id, said, now=now)
    return booking.id


def reminders_of(database: Database, booking_id: int) -> list[Notice]:
    with database.reading() as session:
        return [one for one in notices.of_booking(session, booking_id) if one.kind == "booking.reminder"]


def remind_each_minute(database: Database, *, until: timedelta, since: timedelta = timedelta(0)) -> None:
    now = NOW + since
    while now <= NOW + until:
        with database.transaction() as session:
            guard.remind(session, now=now)
        now += MINUTE


def test_a_person_is_reminded_three_times_of_the_real_deadline(database: Database) -> None:
    booking_id = database.transact(lambda session: preconfirmed(session, database))

    remind_each_minute(database, until=40 * MINUTE)

    told = reminders_of(database, booking_id)
    assert [one.created_at - NOW for one in told] == [15 * MINUTE, 23 * MINUTE, 27 * MINUTE]
    assert [one.facts["final"] for one in told] == [False, False, True]
    assert {one.facts["until"] for one in told} == {(NOW + HALF_AN_HOUR).isoformat()}


def test_two_schedulers_remind_once(database: Database) -> None:
    booking_id = database.transact(lambda session: preconfirmed(session, database))

    for _ in range(2):
        remind_each_minute(database, until=20 * MINUTE)

    assert len(reminders_of(database, booking_id)) == 1


def test_after_an_outage_only_the_latest_reminder_is_given(database: Database) -> None:
    booking_id = database.transact(lambda session: preconfirmed(session, database))

    remind_each_minute(database, since=28 * MINUTE, until=40 * MINUTE)

    assert [one.facts["final"] for one in reminders_of(database, booking_id)] == [True]


def given(session: Session, booking_id: int) -> None:
    holds.give_link(session, booking_id, now=NOW)


def confirmed(session: Session, booking_id: int) -> None:
    walk(session, booking_id, BookingState.CONFIRMED)


def lapsed(session: Session, booking_id: int) -> None:
    walk(session, booking_id, BookingState.EXPIRED)


def called_off(session: Session, booking_id: int) -> None:
    bookings.get(session, booking_id).cancel_asked_at = NOW


@pytest.mark.parametrize("event", [given, confirmed, lapsed, called_off])
def test_nobody_is_reminded_of_what_is_settled(database: Database, event: Callable[[Session, int], None]) -> None:
    booking_id = database.transact(lambda session: preconfirmed(session, database))
    remind_each_minute(database, until=16 * MINUTE)

    database.transact(lambda session: event(session, booking_id))
    remind_each_minute(database, since=17 * MINUTE, until=40 * MINUTE)

    assert len(reminders_of(database, booking_id)) == 1
    with database.reading() as session:
        assert guard.pause_between_readings(session, now=NOW + MINUTE) is None


def test_the_mailbox_is_read_often_at_first_and_each_minute_later(database: Database) -> None:
    def pause(after: timedelta) -> timedelta | None:
        with database.reading() as session:
            return guard.pause_between_readings(session, now=NOW + after)

    assert pause(timedelta(0)) is None
    database.transact(lambda session: preconfirmed(session, database))
    assert (pause(MINUTE), pause(4 * MINUTE)) == (timedelta(seconds=10), MINUTE)
    database.transact(lambda session: preconfirmed(session, database, day=1, key=OTHER, now=NOW + 4 * MINUTE))
    assert pause(5 * MINUTE) == timedelta(seconds=10)


@pytest.fixture
def redis_queue(fresh_redis_url: str) -> Iterator[Queue]:
    opened = queue.connect(fresh_redis_url)
    yield opened
    opened.close()


def sent(to: Queue, job: Job) -> list[tuple[int, ...]]:
    """Arguments of the messages that wait for a worker."""
    waiting = to.broker.client.hvals(f"{to.broker.namespace}:{queue.QUEUE_OF[job]}.msgs")
    messages = [dramatiq.Message.decode(one) for one in waiting if isinstance(one, bytes)]
    return [tuple(one.args) for one in messages if one.actor_name == job]


def runtime_with(box: str, database: Database, to: Queue, folder: Path) -> Runtime:
    """For jobs that open no page: its browser is never started."""
    return Runtime(
        database=database,
        keyring=database.keys,
        pool=Pool(PoolSettings(profile=profiles.load("visitor"))),
        portal=Portal(PortalSettings(site_url=SITE, captcha="stop", evidence_dir=folder)),
        queue=to,
        pacer=pacer.connect("redis://127.0.0.1:1/0", lane="main", reserve=15),
        pace=Pace(interval=MINUTE),
        site_url=SITE,
        lane="main",
        owner="tests",
        artifacts=folder,
        rng=random.Random(1),
        mailbox=Mailbox(mailbox.parse(box), site_url=SITE),
    )


def letter(text: str) -> EmailMessage:
    mail = EmailMessage()
    mail.set_content(text)
    return mail


def events_of(database: Database, booking_id: int, kind: str) -> list[dict[str, object]]:
    with database.reading() as session:
        return [one.fields for one in events.of_booking(session, booking_id) if one.kind == kind]


async def test_a_link_found_in_the_mailbox_goes_the_way_of_one_handed_in(
    database: Database, redis_queue: Queue, own_mailbox: OwnMailbox, tmp_path: Path
) -> None:
    # given two bookings that wait, with a mail for one and a forged one for the other
    now = utc_now()
    ours = database.transact(lambda session: preconfirmed(session, database, now=now))
    other = database.transact(lambda session: preconfirmed(session, database, key=OTHER, day=1, now=now))
    forged = replace(OTHER, auth_key=OURS.auth_key)
    own_mailbox.deliver(*(letter(links.confirm_link(SITE, key)) for key in (forged, OURS)))
    runtime = runtime_with(own_mailbox.url, database, redis_queue, tmp_path)

    # when it is read twice
    await guard.mailbox(runtime)
    await guard.mailbox(runtime)

    # then
    assert sent(redis_queue, Job.CONFIRM) == [(ours,)]
    assert events_of(database, ours, "booking.link_given") == [{"source": "mailbox"}]
    with database.reading() as session:
        assert [holds.link_was_given(session, one) for one in (ours, other)] == [True, False]
    assert own_mailbox.seen() == [False, True]


async def test_a_mailbox_out_of_reach_is_noted_and_nothing_else(
    database: Database, redis_queue: Queue, tmp_path: Path
) -> None:
    booking_id = database.transact(lambda session: preconfirmed(session, database, now=utc_now()))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with capture_logs() as logs:
        await guard.mailbox(runtime_with(f"imap://erika:geheim@127.0.0.1:{port}/", database, redis_queue, tmp_path))

    assert [one["event"] for one in logs] == ["mailbox.unread"]
    assert not any(word in str(logs) for word in ("erika", "geheim"))
    assert sent(redis_queue, Job.CONFIRM) == []
    assert events_of(database, booking_id, "booking.link_given") == []


async def test_without_anybody_waiting_the_mail_server_is_not_asked(
    database: Database, redis_queue: Queue, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        await guard.mailbox(runtime_with("imap://erika:geheim@127.0.0.1:1/", database, redis_queue, tmp_path))

    assert logs == []


@asynccontextmanager
async def scheduling(database: Database, to: Queue, url: str, *, now: datetime, mailed: bool) -> AsyncIterator[None]:
    stop, lane = asyncio.Event(), pacer.connect(url, lane="main", reserve=15)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(
            scheduler.run(
                *(database, to, lane),
                lane="main",
                owner="tests",
                rhythm=scheduler.Rhythm(tick=timedelta(milliseconds=20)),
                stop=stop,
                reads_mailbox=mailed,
                now=lambda: now,
            )
        )
        try:
            async with asyncio.timeout(20):
                yield
        finally:
            stop.set()
    await lane.close()


async def until(fact: Callable[[], object]) -> None:
    while True:
        if await asyncio.to_thread(fact):
            return
        await asyncio.sleep(0.02)


async def test_the_scheduler_reminds_and_has_the_mailbox_read(
    database: Database, redis_queue: Queue, fresh_redis_url: str
) -> None:
    booking_id = database.transact(lambda session: preconfirmed(session, database))

    async with scheduling(database, redis_queue, fresh_redis_url, now=NOW + 16 * MINUTE, mailed=True):
        await until(lambda: sent(redis_queue, Job.MAILBOX))

    assert len(reminders_of(database, booking_id)) == 1
    assert sent(redis_queue, Job.MAILBOX) == [()]


async def test_the_mailbox_is_asked_for_again_after_the_pause(database: Database, redis_queue: Queue) -> None:
    database.transact(lambda session: preconfirmed(session, database))

    asked = [NOW]
    for after in (9, 10, 11, 20):
        now = NOW + timedelta(seconds=after)
        asked.append(await scheduler.send_mailbox(database, redis_queue, mailed=asked[-1], now=now))

    assert [(moment - NOW).seconds for moment in asked] == [0, 0, 10, 10, 20]
    assert sent(redis_queue, Job.MAILBOX) == [(), ()]


async def test_without_a_mailbox_none_is_read(database: Database, redis_queue: Queue, fresh_redis_url: str) -> None:
    database.transact(lambda session: preconfirmed(session, database))

    async with scheduling(database, redis_queue, fresh_redis_url, now=NOW + MINUTE, mailed=False):
        await until(lambda: sent(redis_queue, Job.RECONCILE) and sent(redis_queue, Job.LOOK))

    assert sent(redis_queue, Job.MAILBOX) == []


async def test_people_are_reminded_while_redis_is_away(database: Database, tmp_path: Path) -> None:
    booking_id = database.transact(lambda session: preconfirmed(session, database))
    nowhere = queue.connect(f"unix://{tmp_path / 'nobody.sock'}")

    async with scheduling(database, nowhere, "redis://127.0.0.1:1/0", now=NOW + 16 * MINUTE, mailed=True):
        await until(lambda: reminders_of(database, booking_id))

    nowhere.close()
