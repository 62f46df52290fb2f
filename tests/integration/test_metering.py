"""Nobody asks the City without a grant, what was asked is written down, and no deadline is missed for it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from core import pacing
from core.bookings import BookingState
from core.errors import Refused
from core.footprint import Purpose, munich_day
from core.slots import Slot, utc_now
from models import decisions, footprints
from tests.jobs_fixtures import ONE_DIALECT, Works
from tests.portal_fixtures import AT_ONE_OFFICE, moment, target
from tests.rehearsal_fixtures import ABMELDUNG, KFZ, ORLEANSPLATZ
from workers import booking, metering, pacer, settling
from workers.booking import Errand
from workers.cancel import cancel
from workers.confirm import confirm
from workers.look import look
from workers.pacer import Wait
from workers.runtime import Runtime

S = BookingState
SECOND = timedelta(seconds=1)


async def written_down(works: Works) -> Counter[Purpose]:
    span = replace(munich_day(utc_now()), start=utc_now() - timedelta(hours=2))
    rows = await works.database.read(lambda session: footprints.of(session, span))
    return sum((Counter({row.purpose: row.requests}) for row in rows), Counter())


async def preconfirmed(works: Works) -> int:
    """A booking whose link was given."""
    await works.town.offer(KFZ, moment(2, 9))
    booking_id = await works.wanted(await works.watch(), Slot(moment(2, 9), KFZ))
    await works.book(booking_id)
    await works.give_link(booking_id)
    return booking_id


async def held(works: Works) -> int:
    await works.town.offer(KFZ, moment(2, 9))
    booking_id = await works.wanted(await works.watch(), Slot(moment(2, 9), KFZ))
    await works.walk(booking_id, until=S.HELD)
    return booking_id


async def use_up(runtime: Runtime, *, ago: timedelta = timedelta(0)) -> None:
    """The lane has asked all it may, the last of it so long ago."""
    earlier = replace(runtime.pacer, clock=lambda: utc_now() - ago)
    await earlier.settle(granted=0, used=1000, budget=None)


def after_silence(runtime: Runtime) -> Runtime:
    return replace(runtime, pacer=replace(runtime.pacer, clock=lambda: utc_now() + pacing.SILENCE))


async def test_every_request_the_city_saw_is_written_down_once(works: Works) -> None:
    await works.town.offer(ORLEANSPLATZ, moment(2, 9), moment(3, 10))
    watch = await works.watch(at=AT_ONE_OFFICE, captcha=True)
    await works.look(watch)
    [row] = await works.bookings()
    await works.confirm(row.id)
    await works.database.act(lambda session: decisions.ask_cancel(session, row.id, now=utc_now()))
    works.runtime.queue.cancel(row.id)
    await works.rest()

    counted = await written_down(works)

    assert await works.states() == [S.CANCELLED]
    assert set(counted) == {Purpose.LOOK, Purpose.BOOK, Purpose.CONFIRM, Purpose.READ, Purpose.CANCEL}
    assert counted.total() == len(await works.town.requests())
    assert counted[Purpose.CONFIRM] + counted[Purpose.READ] <= 8
    assert counted[Purpose.CANCEL] == 5


@ONE_DIALECT
async def test_the_bytes_of_the_answers_are_written_down_too(works: Works) -> None:
    await works.look(await works.watch())

    [row] = await works.database.read(lambda session: footprints.of(session, munich_day(utc_now())))

    assert row.received > 10_000, "the catalogue alone is more"


@ONE_DIALECT
async def test_a_look_that_came_to_nothing_counts_what_it_asked(works: Works) -> None:
    watch = await works.watch(at=target(ABMELDUNG, offices={ORLEANSPLATZ}))

    await look(works.runtime, watch.target_id)

    asked = len(await works.town.requests())
    assert asked > 0
    assert await written_down(works) == {Purpose.LOOK: asked}
    assert (await works.runtime.pacer.spent()).count >= asked


@ONE_DIALECT
async def test_a_link_waits_for_the_silence_while_there_is_time(works: Works) -> None:
    booking_id = await preconfirmed(works)
    await use_up(works.runtime)

    with pytest.raises(Wait):
        await confirm(works.runtime, booking_id)

    row = await works.booking(booking_id)
    assert (row.state, row.lease_until) == (S.PRECONFIRMED, None)
    assert await works.asked("confirm-appointment") == 0
    await confirm(after_silence(works.runtime), booking_id)
    assert await works.states() == [S.CONFIRMED]


@ONE_DIALECT
@pytest.mark.parametrize("left", [timedelta(seconds=100), timedelta(seconds=5)], ids=str)
async def test_a_link_whose_deadline_is_near_is_opened_all_the_same(works: Works, left: timedelta) -> None:
    booking_id = await preconfirmed(works)
    await works.change(booking_id, deadline_at=utc_now() + left)
    await use_up(works.runtime)

    await confirm(works.runtime, booking_id)

    assert await works.states() == [S.CONFIRMED]
    assert (await works.runtime.pacer.spent()).count > 1000, "what was asked counts"


@ONE_DIALECT
async def test_a_link_that_the_city_refused_near_its_deadline_is_opened_again(works: Works) -> None:
    booking_id = await preconfirmed(works)
    await works.change(booking_id, deadline_at=utc_now() + timedelta(seconds=100))
    await use_up(works.runtime)
    await works.town.also("throttled:confirm-appointment#1")

    await confirm(works.runtime, booking_id)
    refused = await works.states()
    await works.reconcile()

    assert (refused, await works.states()) == ([S.PRECONFIRMED], [S.CONFIRMED])


@ONE_DIALECT
async def test_a_near_deadline_does_not_wait_for_redis_either(works: Works) -> None:
    booking_id = await preconfirmed(works)
    nowhere = pacer.connect("redis://127.0.0.1:1/0", lane=works.runtime.lane, reserve=15)
    alone = replace(works.runtime, pacer=nowhere)

    with pytest.raises(Wait, match="out of reach"):
        await confirm(alone, booking_id)
    await works.change(booking_id, deadline_at=utc_now() + timedelta(seconds=80))
    await confirm(alone, booking_id)

    assert await works.states() == [S.CONFIRMED]
    await nowhere.close()


@pytest.mark.parametrize(
    ("until", "urgent"),
    [
        (timedelta(minutes=30), False),
        (pacing.SILENCE + metering.MARGIN, False),
        (pacing.SILENCE + metering.MARGIN - SECOND, True),
        (timedelta(0), True),
        (-booking.CITY_JOB + SECOND, True),
        (-booking.CITY_JOB, False),
    ],
)
def test_only_a_deadline_that_waiting_would_miss_is_urgent(until: timedelta, urgent: bool) -> None:  # noqa: FBT001
    now = utc_now()
    wait = Wait("silent", retry_in=pacing.SILENCE)

    assert metering._too_late_after(wait, now + until, now=now) is urgent


@ONE_DIALECT
async def test_a_hold_without_an_owner_is_given_back_after_the_silence(works: Works) -> None:
    booking_id = await held(works)
    asked = len(await works.town.requests())
    await use_up(works.runtime)

    await works.reconcile()
    silent = await works.states(), len(await works.town.requests())
    errand = await taken(works, booking_id)
    await settling.settle(after_silence(works.runtime), errand)

    assert silent == ([S.HELD], asked)
    assert (await works.booking(booking_id)).state is S.RELEASED
    assert await works.asked("cancel-appointment") == 1


@ONE_DIALECT
async def test_why_a_walk_ended_is_not_forgotten_in_the_silence(works: Works) -> None:
    booking_id = await held(works)
    errand = await taken(works, booking_id)
    await use_up(works.runtime, ago=pacing.SILENCE - SECOND)

    await settling.failed(works.runtime, errand, Refused("Too many.", code="tooManyAppointmentsWithSameMail"))

    [row] = await works.bookings()
    assert (row.state, row.reason) == (S.RELEASED, "tooManyAppointmentsWithSameMail")
    assert await works.live_at_the_city() == []


@ONE_DIALECT
async def test_giving_back_waits_for_the_silence_unless_the_appointment_begins(works: Works) -> None:
    booking_id = await preconfirmed(works)
    await works.database.act(lambda session: decisions.ask_cancel(session, booking_id, now=utc_now()))
    await use_up(works.runtime)

    with pytest.raises(Wait):
        await cancel(works.runtime, booking_id)
    due = await works.database.read(lambda session: decisions.to_cancel(session, now=utc_now()))
    await works.change(booking_id, starts_at=utc_now() + timedelta(seconds=100))
    await cancel(works.runtime, booking_id)

    assert [one.id for one in due] == [booking_id]
    assert await works.states() == [S.CANCELLED]
    assert await works.live_at_the_city() == []


async def taken(works: Works, booking_id: int) -> Errand:
    runtime = works.runtime
    errand = await works.database.act(
        lambda session: booking.take(
            session, booking_id, keyring=runtime.keyring, run=runtime.run_name(), now=utc_now()
        )
    )
    assert errand is not None
    return errand
