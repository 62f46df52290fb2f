"""A run that died: what the next one makes of each state, by asking the City. Also with a worker really killed."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from core.bookings import BookingState
from core.slots import Slot, utc_now
from models import targets
from models.watch import Watch, WatchState
from rehearsal.settings import Dialect
from tests.jobs_fixtures import Works, at_work, until
from tests.models_cast import KEY
from tests.portal_fixtures import moment
from tests.rehearsal_fixtures import KFZ

S = BookingState
SLOT = Slot(moment(2, 9), KFZ)


@pytest.fixture
def generation() -> Dialect:
    return Dialect.AUG


async def killed_at(works: Works, state: BookingState) -> tuple[Watch, int]:
    await works.town.offer(KFZ, SLOT.starts_at)
    watch = await works.watch()
    booking_id = await works.wanted(watch, SLOT)
    await works.walk(booking_id, state)
    return watch, booking_id


async def test_before_the_answer_it_is_a_possible_hold(works: Works) -> None:
    watch, _ = await killed_at(works, S.HOLDING)
    await works.reconcile()
    assert (await works.states(), await works.told(watch)) == ([S.HOLDING], ["booking.possible_hold"])
    assert await works.asked("reserve-appointment") == 0


@pytest.mark.parametrize("state", [S.HELD, S.DETAILED])
async def test_with_a_hold_it_is_given_back_and_the_same_slot_wanted_anew(works: Works, state: BookingState) -> None:
    watch, _ = await killed_at(works, state)
    await works.reconcile()
    assert await works.states() == [S.RELEASED, S.PRECONFIRMED]
    assert await works.town.statuses() == ["deleted", "preconfirmed"]
    assert await works.told(watch) == ["booking.preconfirmed"]


async def test_a_hold_that_the_city_dropped_meanwhile_has_expired(works: Works) -> None:
    watch, _ = await killed_at(works, S.HELD)
    await works.town.visitor.pass_time(minutes=45)
    await works.reconcile()
    assert (await works.states(), await works.told(watch)) == ([S.EXPIRED], ["booking.expired"])
    assert (await works.watch_row(watch)).state is WatchState.OPEN
    target = await works.database.read(lambda session: targets.get(session, watch.target_id))
    assert target.next_look_at is not None
    assert target.next_look_at <= utc_now()


@pytest.mark.parametrize("confirmed", [False, True], ids=["preconfirmed", "confirmed"])
async def test_what_the_city_did_before_the_row_said_so_is_taken_over(works: Works, *, confirmed: bool) -> None:
    watch, booking_id = await killed_at(works, S.DETAILED)
    key = await works.key_of(booking_id)
    for verb in ("preconfirm", "confirm")[: 1 + confirmed]:
        await works.town.visitor.step(f"{verb}-appointment", key)
    await works.reconcile()
    ended = S.CONFIRMED if confirmed else S.PRECONFIRMED
    assert (await works.states(), await works.told(watch)) == ([ended], [f"booking.{ended}"])
    assert await works.asked("preconfirm-appointment") == 1


async def test_a_link_that_was_given_before_the_kill_is_opened(works: Works) -> None:
    watch, booking_id = await killed_at(works, S.PRECONFIRMED)
    await works.give_link(booking_id)
    await works.reconcile()
    assert (await works.states(), await works.town.statuses()) == ([S.CONFIRMED], ["confirmed"])
    assert await works.told(watch) == ["booking.preconfirmed", "booking.confirmed"]


async def test_a_link_that_nobody_gave_lapses_and_is_told(works: Works) -> None:
    watch, booking_id = await killed_at(works, S.PRECONFIRMED)
    await works.reconcile()
    assert await works.states() == [S.PRECONFIRMED]
    await works.town.visitor.pass_time(minutes=45)
    await works.change(booking_id, deadline_at=utc_now() - timedelta(minutes=5))
    await works.reconcile()
    assert (await works.states(), await works.live_at_the_city()) == ([S.EXPIRED], [])
    assert await works.told(watch) == ["booking.preconfirmed", "booking.expired"]
    assert (await works.watch_row(watch)).state is WatchState.OPEN


async def test_a_link_opened_by_the_person_alone_is_found_out(works: Works) -> None:
    watch, booking_id = await killed_at(works, S.PRECONFIRMED)
    await works.town.visitor.step("confirm-appointment", await works.key_of(booking_id))
    await works.change(booking_id, deadline_at=utc_now() - timedelta(minutes=5))
    await works.reconcile()
    assert await works.states() == [S.CONFIRMED]
    assert await works.told(watch) == ["booking.preconfirmed", "booking.confirmed"]


@asynccontextmanager
async def worker_process(works: Works, redis_url: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker of its own on these rows. What it leaves behind when it is killed ends with the block."""
    environment = {
        "MTA_SITE_URL": works.runtime.site_url,
        "MTA_DATA_DIR": str(folder),
        "MTA_REDIS_URL": redis_url,
        "MTA_ENCRYPTION_KEYS": KEY,
        "MTA_TIMING": "brisk",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers", "worker"), env=os.environ | environment, start_new_session=True
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def in_hands_at(works: Works, state: BookingState) -> bool:
    return any(one.state is state and one.leased_by for one in await works.bookings())


async def kill_at(works: Works, state: BookingState, *, redis_url: str, folder: Path) -> None:
    """Let a worker process do what is queued until a booking is in its hands and there; then kill it."""
    async with worker_process(works, redis_url, folder) as process:
        await until(lambda: in_hands_at(works, state))
        process.kill()
        await process.wait()
    with redis.Redis.from_url(redis_url) as client:  # what it had is anybody's once its last sign of life is old
        client.zadd("mta:__heartbeats__", dict.fromkeys(client.zrange("mta:__heartbeats__", 0, -1), 0))


async def test_a_worker_killed_while_it_holds_leaves_a_known_possible_hold(
    idle: Works, fresh_redis_url: str, tmp_path: Path
) -> None:
    await idle.town.offer(KFZ, SLOT.starts_at)
    await idle.town.also("slow=1:reserve-appointment")
    watch = await idle.watch()
    booking_id = await idle.wanted(watch, SLOT)
    idle.runtime.queue.book(booking_id)
    await kill_at(idle, S.HOLDING, redis_url=fresh_redis_url, folder=tmp_path)
    async with at_work(idle.runtime, fresh_redis_url):
        await idle.abandon(booking_id)
        await idle.reconcile()
        row = await idle.booking(booking_id)
        assert (row.state, row.reason) == (S.HOLDING, "possible-hold")
        assert row.deadline_at is not None
        await idle.town.visitor.pass_time(minutes=(row.deadline_at - utc_now()) / timedelta(minutes=1))
        await idle.change(booking_id, deadline_at=utc_now())
        await idle.reconcile()
    assert (await idle.states(), await idle.live_at_the_city()) == ([S.EXPIRED], [])
    assert await idle.told(watch) == ["booking.possible_hold", "booking.expired"]
    assert await idle.asked("reserve-appointment") <= 1


async def test_a_worker_killed_while_it_preconfirms_leaves_one_appointment(
    idle: Works, fresh_redis_url: str, tmp_path: Path
) -> None:
    await idle.town.offer(KFZ, SLOT.starts_at)
    await idle.town.also("slow=1:preconfirm-appointment#1")
    watch = await idle.watch()
    booking_id = await idle.wanted(watch, SLOT)
    idle.runtime.queue.book(booking_id)
    await kill_at(idle, S.DETAILED, redis_url=fresh_redis_url, folder=tmp_path)
    async with at_work(idle.runtime, fresh_redis_url):
        await idle.abandon(booking_id)
        await idle.reconcile()
    assert (await idle.states())[-1] is S.PRECONFIRMED
    assert (await idle.live_at_the_city(), await idle.told(watch)) == (["preconfirmed"], ["booking.preconfirmed"])


async def test_a_worker_killed_while_it_confirms_leaves_one_confirmed(
    idle: Works, fresh_redis_url: str, tmp_path: Path
) -> None:
    await idle.town.offer(KFZ, SLOT.starts_at)
    watch = await idle.watch()
    booking_id = await idle.wanted(watch, SLOT)
    await idle.walk(booking_id, S.PRECONFIRMED)
    await idle.give_link(booking_id)
    await idle.town.also("slow=1:confirm-appointment#1")
    idle.runtime.queue.confirm(booking_id)
    await kill_at(idle, S.PRECONFIRMED, redis_url=fresh_redis_url, folder=tmp_path)
    async with at_work(idle.runtime, fresh_redis_url):
        await idle.abandon(booking_id)
        await idle.reconcile()
    assert (await idle.states(), await idle.town.statuses()) == ([S.CONFIRMED], ["confirmed"])
    assert await idle.told(watch) == ["booking.preconfirmed", "booking.confirmed"]
