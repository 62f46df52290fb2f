"""Leases of killed processes are let go at once; those of living ones, and of other machines, stand."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.slots import utc_now
from models import bookings, targets
from models.database import Database
from tests.models_cast import slot, watch_of
from workers import succession

LEASE = timedelta(minutes=3)
NAME_IT = "from workers.succession import owner_name; print(owner_name(), flush=True); input()"


@contextmanager
def another_process() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """One that has told its name in leases."""
    with subprocess.Popen(
        [sys.executable, "-c", NAME_IT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
        process.kill()


def leased(session: Session, owner: str) -> tuple[int, int]:
    """A booking and its target, both in the hands of one run of that process."""
    watch = watch_of(session)
    booking = bookings.want(session, watch=watch, slot=slot(), now=utc_now())
    run = f"{owner}/run"
    assert bookings.claim(session, booking.id, owner=run, lease=LEASE, now=utc_now())
    targets.lease(session, watch.target_id, owner=run, until=utc_now() + LEASE)
    return booking.id, watch.target_id


def holders(session: Session, ids: tuple[int, int]) -> tuple[str, str]:
    return bookings.get(session, ids[0]).leased_by, targets.get(session, ids[1]).leased_by


async def test_what_a_killed_process_held_is_free_at_once(database: Database) -> None:
    with another_process() as (owner, process):
        ids = await database.act(lambda session: leased(session, owner))

        await succession.let_go_of_the_dead(database)
        while_it_lived = await database.read(lambda session: holders(session, ids))
        process.kill()
        process.wait()
        await succession.let_go_of_the_dead(database)

    assert while_it_lived == (f"{owner}/run", f"{owner}/run")
    assert await database.read(lambda session: holders(session, ids)) == ("", "")


async def test_a_process_of_another_machine_is_not_judged(database: Database) -> None:
    host, boot, number, started = succession.owner_name().split(":")
    elsewhere = f"{host}:{'0' * len(boot)}:{number}:{int(started) - 1}"
    ids = await database.act(lambda session: leased(session, elsewhere))

    await succession.let_go_of_the_dead(database)

    assert await database.read(lambda session: holders(session, ids)) == (f"{elsewhere}/run", f"{elsewhere}/run")


def test_a_number_given_anew_is_not_the_process_that_had_it() -> None:
    own = succession.owner_name()
    before_us = f"{own.rpartition(':')[0]}:{int(own.rpartition(':')[2]) - 1}"

    assert (succession.gone(own), succession.gone(before_us)) == (False, True)


@pytest.mark.parametrize("name", ["", "watch-made:3", "host:12", "a/b/c"])
def test_a_name_of_another_make_is_not_judged(name: str) -> None:
    assert not succession.gone(name)
