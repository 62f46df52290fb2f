"""The City is asked whether an appointment stands, in both generations: what it says is followed and told once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from core.bookings import Appointment, BookingState, HoldKey
from core.coverage import Span
from core.footprint import Purpose
from core.slots import Slot, utc_now
from models import bookings, footprints, holds, lanes, notices, watches
from models.booking import Booking
from models.notice import Notice
from models.watch import Watch, WatchState
from rehearsal.appointments import Appointment as AtTheCity
from tests.integration.test_jobs import check_files
from tests.jobs_fixtures import LANE, ONE_DIALECT, Works
from tests.models_cast import TO_CONFIRMED, walk
from tests.portal_fixtures import moment
from tests.rehearsal_fixtures import KFZ
from workers import scheduler
from workers.verify import COST

S = BookingState
HOUR = timedelta(hours=1)
BY_CITY = "cancelled-at-city"


@pytest.fixture
def starts_at() -> datetime:
    """So that its first reminder is near enough to ask, whatever its turn."""
    return (utc_now() + 24 * HOUR + timedelta(minutes=40)).replace(second=0, microsecond=0)


@pytest.fixture
async def booking_id(works: Works, starts_at: datetime) -> int:
    return await confirmed_long_ago(works, await works.watch(), starts_at)


async def confirmed_long_ago(works: Works, watch: Watch, starts_at: datetime) -> int:
    """By the City, days ago; since then nobody has asked."""
    await works.town.offer(KFZ, moment(2, 9))
    said = await works.town.visitor.confirmed()
    at_the_city(works).start = int(starts_at.timestamp())
    shown = Appointment(HoldKey(said["processId"], said["authKey"]), "confirmed", KFZ, starts_at, "S1")
    ago = utc_now() - 5 * 24 * HOUR

    def write(session: Session) -> int:
        made = bookings.want(session, watch=watches.get(session, watch.id), slot=Slot(starts_at, KFZ), now=ago)
        walk(session, made.id, *TO_CONFIRMED, now=ago)
        holds.keep(session, works.runtime.keyring, made.id, shown, now=ago)
        watches.fulfil(session, watch.id, now=ago)
        return made.id

    return int(await works.database.act(write))


def at_the_city(works: Works) -> AtTheCity:
    return next(iter(works.town.visitor.running.city.appointments))


async def asks(works: Works, booking_id: int, *, times: int = 1) -> None:
    for _ in range(times):
        works.runtime.queue.verify(booking_id)
        await works.rest()


async def told(works: Works, booking_id: int) -> list[Notice]:
    """With the reminder that is due an hour and a bit from now."""
    await scheduler.mind(works.database, now=utc_now() + 1.1 * HOUR)
    return list(await works.database.read(lambda session: notices.of_booking(session, booking_id)))


async def cancels_at_the_city(works: Works, booking_id: int) -> None:
    """As its person does by the link in the City's mail: past MTA."""
    answer = await works.town.visitor.post("cancel-appointment", **await works.key_of(booking_id))
    assert answer.is_success, answer.text


async def test_what_stands_is_reminded_of_as_ever_and_asked_about_once(works: Works, booking_id: int) -> None:
    before = len(await works.town.requests())

    await asks(works, booking_id, times=3)

    assert len(await works.town.requests()) - before <= COST
    assert (await works.happened(booking_id)).count("booking.asked") == 1
    [reminder] = await told(works, booking_id)
    assert (reminder.kind, reminder.facts["unasked"]) == ("visit.tomorrow", False)
    day = Span(utc_now() - 24 * HOUR, utc_now() + HOUR)
    counted = await works.database.read(lambda session: footprints.of(session, day))
    assert sum(one.requests for one in counted if one.purpose == Purpose.READ) >= COST


async def test_what_its_person_cancelled_at_the_city_is_told_once_and_reminded_of_no_more(
    works: Works, booking_id: int
) -> None:
    await cancels_at_the_city(works, booking_id)

    await asks(works, booking_id, times=2)

    row = await works.booking(booking_id)
    assert (row.state, row.reason) == (S.CANCELLED, BY_CITY)
    [news] = await told(works, booking_id)
    assert (news.kind, news.facts["reason"], news.facts["search"]) == ("booking.cancelled", BY_CITY, "over")
    watch = await works.database.read(lambda session: watches.get(session, row.watch_id))
    assert watch.state is WatchState.FULFILLED, "nothing is looked for unless they say so"
    assert await works.asked("cancel-appointment") == 1, "theirs"


async def test_where_the_city_has_moved_it_is_followed(works: Works, booking_id: int, starts_at: datetime) -> None:
    there = starts_at + 3 * HOUR
    at_the_city(works).start = int(there.timestamp())

    await asks(works, booking_id, times=2)

    row = await works.booking(booking_id)
    assert (row.state, row.starts_at) == (S.CONFIRMED, there)
    [news] = await told(works, booking_id)
    assert (news.kind, news.facts["starts_at"], news.facts["was"]) == (
        *("booking.moved", there.isoformat()),
        starts_at.isoformat(),
    )
    check_files(row, starts_at=there)


@ONE_DIALECT
async def test_where_another_of_ours_stands_there_already_it_is_told_and_let_go(
    works: Works, booking_id: int, starts_at: datetime
) -> None:
    there = starts_at + 3 * HOUR
    at_the_city(works).start = int(there.timestamp())
    await works.database.act(lambda session: _another(session, bookings.get(session, booking_id), there))

    await asks(works, booking_id)

    row = await works.booking(booking_id)
    assert (row.state, row.reason) == (S.CANCELLED, "moved-at-city")
    [news] = await told(works, booking_id)
    assert (news.kind, news.facts["starts_at"], news.facts["in_sight"]) == ("booking.moved", there.isoformat(), False)


def _another(session: Session, like: Booking, starts_at: datetime) -> None:
    taken = like.model_dump(exclude={"id", "service_key", "starts_at"})
    session.add(Booking(**taken, service_key="1", starts_at=starts_at))


async def _closed(works: Works) -> None:
    await works.database.act(lambda session: lanes.pause(session, LANE))


async def _silent(works: Works) -> None:
    await _used_but(works, 1)


async def _used_but(works: Works, left: int) -> None:
    """Of what the lane may ask."""
    spent = await works.runtime.pacer.spent()
    await works.runtime.pacer.settle(granted=0, used=spent.limit - spent.taken - left, budget=None)


def _mood(name: str) -> Callable[[Works], Awaitable[None]]:
    return lambda works: works.town.also(f"{name}:appointment")


UNASKED = {
    "paused": _closed,
    "no budget": _silent,
    **{name: _mood(name) for name in ("throttled", "blacklisted", "maintenance", "html", "renamed-field")},
}


@ONE_DIALECT
@pytest.mark.parametrize("trouble", UNASKED)
async def test_without_an_answer_the_reminder_comes_all_the_same_and_says_so(
    works: Works, booking_id: int, trouble: str
) -> None:
    await UNASKED[trouble](works)
    before = len(await works.town.requests())

    await asks(works, booking_id, times=3)

    assert (await works.booking(booking_id)).state is S.CONFIRMED
    assert len(await works.town.requests()) - before <= COST, "once, and not at once again"
    [reminder] = await told(works, booking_id)
    assert (reminder.kind, reminder.facts["unasked"]) == ("visit.tomorrow", True)
    assert (await works.booking(booking_id)).lease_until is None


@ONE_DIALECT
async def test_the_reserve_for_bookings_is_not_touched(works: Works, booking_id: int) -> None:
    await _used_but(works, works.runtime.pacer.reserve + COST - 1)
    before = len(await works.town.requests())

    await asks(works, booking_id)

    assert len(await works.town.requests()) == before


@ONE_DIALECT
async def test_an_earlier_one_is_not_looked_for_in_place_of_what_is_gone(works: Works, booking_id: int) -> None:
    better = await works.watch()

    def improve(session: Session) -> None:
        watches.get(session, better.id).improves_id = booking_id

    await works.database.act(improve)
    await cancels_at_the_city(works, booking_id)
    await asks(works, booking_id)

    assert (await works.watch_row(better)).state is WatchState.STOPPED
    [news] = await told(works, booking_id)
    assert news.facts["ends_swap"] is True
