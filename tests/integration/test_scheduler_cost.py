"""A round of the scheduler asks the database as often for many as for few."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event
from sqlmodel import Session

from core.services import ServiceCount
from models import notices, targets, watches
from models.database import Database
from models.watch import WatchState
from tests.models_cast import ADA, NOW, watch_of
from workers import scheduler
from workers.scheduler import Rhythm

FEW, MANY = 3, 40


@dataclass
class Count:
    statements: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Count]:
    count = Count()

    def one_more(*_: object) -> None:
        count.statements += 1

    event.listen(database._engine, "before_cursor_execute", one_more)
    try:
        yield count
    finally:
        event.remove(database._engine, "before_cursor_execute", one_more)


def cost(database: Database, work: Callable[[Session], object]) -> int:
    with counted(database) as count:
        database.transact(work)
    return count.statements


def overdue(database: Database, number: int, *, first: int) -> None:
    """So many watches past their deadline, each on a target of its own, and on each somebody who goes on waiting."""
    with database.transaction() as session:
        for service in range(first, first + number):
            for deadline in (NOW, None):
                watch_of(session, ADA, services=[ServiceCount(service)], deadline=deadline)


def test_many_watches_that_end_at_once_cost_no_more_statements_than_few(database: Database) -> None:
    overdue(database, FEW, first=1000)
    few = cost(database, lambda session: scheduler.end_overdue(session, now=NOW))
    overdue(database, MANY, first=2000)

    many = cost(database, lambda session: scheduler.end_overdue(session, now=NOW))

    assert many == few
    with database.reading() as session:
        assert len(watches.list(session, WatchState.ENDED)) == len(notices.untold(session)) == FEW + MANY
        assert all(target.next_look_at for target in targets.list(session)), "somebody waits there still"


def test_the_last_one_who_leaves_a_target_takes_it_off_the_list(database: Database) -> None:
    with database.transaction() as session:
        alone = watch_of(session, deadline=NOW)
        wider = watch_of(session, services=[ServiceCount(7)], office_ids=(1, 2), deadline=NOW)
        watch_of(session, services=[ServiceCount(7)], office_ids=(2,))

    database.transact(lambda session: scheduler.end_overdue(session, now=NOW))

    with database.reading() as session:
        assert targets.get(session, alone.target_id).next_look_at is None
        assert targets.get(session, wider.target_id).office_ids == (2,)


@pytest.mark.parametrize("among", [FEW, MANY])
def test_a_claim_costs_the_same_among_few_targets_and_among_many(database: Database, among: int) -> None:
    with database.transaction() as session:
        for service in range(among):
            watch_of(session, ADA, services=[ServiceCount(1000 + service)])

    rhythm = Rhythm(most_at_once=FEW)
    statements = cost(
        database, lambda session: scheduler._claim(session, lane="main", owner="one", rhythm=rhythm, now=NOW)
    )

    assert statements <= 4 + 2 * FEW
