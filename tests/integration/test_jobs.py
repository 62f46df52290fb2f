"""The table of jobs, and the way from a look to a confirmed appointment by jobs alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import dramatiq
import pytest
from dramatiq import Message
from icalendar import Calendar

from browser_profiles.pool import Pool, PoolSettings
from browser_profiles.profiles import Profile
from core.bookings import BookingState
from core.errors import BrowserIll
from core.slots import Slot
from core.wishes import Mode
from models import watches
from models.booking import Booking
from models.watch import WatchState
from tests.jobs_fixtures import ONE_DIALECT, Works, messages, until
from tests.models_cast import BELA
from tests.portal_fixtures import AT_ONE_OFFICE, moment
from tests.rehearsal_fixtures import KFZ, ORLEANSPLATZ
from workers import booking, jobs
from workers import broker as brokers
from workers.book import book
from workers.jobs import TABLE
from workers.look import BOOKING_LIMIT
from workers.queue import QUEUE_OF, Job

DOCS = Path(__file__).parents[2] / "docs" / "jobs.md"
CARRY_A_BOOKING = {Job.BOOK, Job.CONFIRM, Job.CANCEL, Job.VERIFY}


def written(span: timedelta | None) -> str:
    return f"{span.total_seconds():.0f} s" if span else "for ever"


def check_files(row: Booking, *, starts_at: datetime) -> None:
    assert Path(row.screenshot_path).read_bytes().startswith(b"\x89PNG")
    [event] = Calendar.from_ical(Path(row.calendar_path).read_bytes()).walk("VEVENT")
    assert event.decoded("dtstart") == starts_at


@ONE_DIALECT
def test_each_job_is_declared_as_the_table_says(works: Works, fresh_redis_url: str) -> None:
    broker = brokers.build(fresh_redis_url)
    jobs.declare(broker, works.runtime)
    for entry in TABLE:
        actor: dramatiq.Actor[..., None] = broker.get_actor(str(entry.job))
        assert actor.queue_name == QUEUE_OF[entry.job]
        assert actor.options["time_limit"] == (entry.limit + jobs.MARGIN) / timedelta(milliseconds=1)
        assert actor.options["max_retries"] == entry.retries
        assert actor.options.get("max_age") == (entry.keeps and entry.keeps / timedelta(milliseconds=1))
    broker.close()


def test_the_table_knows_every_job_and_is_the_one_in_the_docs() -> None:
    assert [entry.job for entry in TABLE] == [*dict.fromkeys(entry.job for entry in TABLE)]
    assert {entry.job for entry in TABLE} | {Job.TELL} == set(Job) == set(QUEUE_OF), "the bot itself does that one"
    lines = [[cell.strip(" `") for cell in line.split("|")[1:6]] for line in DOCS.read_text("utf-8").splitlines()]
    for entry in TABLE:
        row = [str(entry.job), str(QUEUE_OF[entry.job]), written(entry.limit), written(entry.keeps), str(entry.retries)]
        assert row in lines


def test_no_job_outlives_its_lease_of_a_booking() -> None:
    assert all(entry.limit + jobs.MARGIN < booking.LEASE for entry in TABLE if entry.job in CARRY_A_BOOKING)
    assert BOOKING_LIMIT + jobs.MARGIN < booking.LEASE


async def test_a_look_becomes_a_confirmed_appointment(works: Works) -> None:
    await works.town.offer(ORLEANSPLATZ, moment(2, 9), moment(3, 10))
    watch = await works.watch(at=AT_ONE_OFFICE, captcha=True)
    await works.look(watch)
    [drawn] = await works.bookings()
    assert (drawn.state, drawn.slot) == (BookingState.PRECONFIRMED, Slot(moment(2, 9), ORLEANSPLATZ))
    assert await works.town.confirm_link()
    await works.confirm(drawn.id)
    for again in (works.look(watch), works.book(drawn.id), works.confirm(drawn.id), works.reconcile()):
        await again
    row = await works.booking(drawn.id)
    assert row.state is BookingState.CONFIRMED
    check_files(row, starts_at=moment(2, 9))
    assert await works.told(watch) == ["booking.preconfirmed", "booking.confirmed"]
    assert await works.town.statuses() == ["confirmed"]
    assert [await works.asked(f"{verb}-appointment") for verb in ("reserve", "preconfirm", "confirm")] == [1, 1, 1]
    assert (await works.database.read(lambda session: watches.get(session, watch.id))).state is WatchState.FULFILLED


@ONE_DIALECT
async def test_the_page_that_saw_the_slot_books_it_and_other_pages_the_others(works: Works) -> None:
    first, second = await works.watch(), await works.watch(BELA)
    await works.look(first)
    await works.look(first)
    await works.town.offer(KFZ, moment(2, 9), moment(2, 10))
    before = len(await works.town.requests())

    await works.look(first)

    assert await works.states() == [BookingState.PRECONFIRMED] * 2
    asked = [one["endpoint"] for one in (await works.town.requests())[before:]]
    assert asked.count("reserve-appointment") == 2
    assert asked.count("offices-and-services") == 1  # by the other page alone
    assert [await works.told(watch) for watch in (first, second)] == [["booking.preconfirmed"]] * 2


@ONE_DIALECT
async def test_a_page_whose_slot_was_gone_is_kept_and_takes_the_next(works: Works) -> None:
    watch = await works.watch()
    await works.look(watch)
    await works.look(watch)
    await works.town.offer(KFZ, moment(2, 9), moment(2, 10))
    await works.town.also("gone#1")
    before = len(await works.town.requests())

    await works.look(watch)

    assert await works.states() == [BookingState.LOST, BookingState.PRECONFIRMED]
    asked = [one["endpoint"] for one in (await works.town.requests())[before:]]
    assert asked.count("reserve-appointment") == 2
    assert asked.count("offices-and-services") <= 1  # a step back, and no new visit
    assert "available-calendar" in asked


@ONE_DIALECT
async def test_who_only_wants_to_know_is_told_once_of_each_best_slot(works: Works) -> None:
    watch = await works.watch(mode=Mode.NOTIFY)
    await works.town.offer(KFZ, moment(3, 9))
    await works.look(watch)
    await works.look(watch)
    [notice] = await works.notices(watch)
    assert (notice.kind, datetime.fromisoformat(notice.facts["starts_at"])) == ("slots.found", moment(3, 9))
    assert (notice.facts["service_id"], notice.facts["office_id"]) == (watch.services[0].service_id, KFZ)
    await works.town.offer(KFZ, moment(2, 9))
    await works.look(watch)
    assert await works.told(watch) == ["slots.found", "slots.found"]
    assert await works.bookings() == []
    assert await works.asked("reserve-appointment") == 0


@ONE_DIALECT
async def test_what_may_pass_is_sent_again_later_and_nothing_else(works: Works, fresh_redis_url: str) -> None:
    booking_id = await works.wanted(await works.watch(), Slot(moment(2, 9), KFZ))
    await works.town.offer(KFZ, moment(2, 9))
    await works.book(booking_id)
    await works.give_link(booking_id)
    await works.town.moods("bad-gateway")
    works.runtime.queue.confirm(booking_id)

    async def delayed() -> list[Message[None]]:
        return messages(fresh_redis_url, "booking.DQ")

    [later] = await until(delayed)
    assert (later.actor_name, later.args, later.options["retries"]) == ("confirm", (booking_id,), 1)
    row = await works.booking(booking_id)
    assert (row.state, row.lease_until) == (BookingState.PRECONFIRMED, None)
    await works.town.moods("none")
    works.runtime.queue.broker.flush_all()
    await works.reconcile()
    assert await works.states() == [BookingState.CONFIRMED]


@ONE_DIALECT
async def test_without_a_browser_a_booking_stays_wanted(works: Works, brisk_visitor: Profile) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch()
    booking_id = await works.wanted(watch, Slot(moment(2, 9), KFZ))
    broken = Pool(PoolSettings(profile=brisk_visitor))
    await broken.close()
    with pytest.raises(BrowserIll):
        await book(replace(works.runtime, pool=broken), booking_id)
    row = await works.booking(booking_id)
    assert (row.state, row.lease_until) == (BookingState.WANTED, None)
    assert await works.told(watch) == []
    await works.reconcile()
    assert await works.states() == [BookingState.PRECONFIRMED]
