"""The sign of life: once a day, in the evening, to those who wait long and heard nothing, with true figures."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from core.looks import Answer
from core.services import ServiceCount
from core.slots import Slot
from core.wishes import DayRange, WishRules
from models import looks, notices, slots_seen, targets, watches
from models.database import Database
from models.notice import Notice
from models.watch import Watch
from tests.models_cast import BELA, NOW, ORLEANS, PASING, RUPPERT, looked, opened, slot, watch_of
from tests.statements import statements
from workers import daily, scheduler

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIX = datetime(2026, 3, 3, 17, tzinfo=UTC)  # in the evening in Munich, a day and nine hours after the watches began


async def evening(database: Database, *, now: datetime = SIX) -> None:
    await scheduler.mind(database, now=now)


def signs(database: Database, watch: Watch) -> list[Notice]:
    with database.reading() as session:
        return [one for one in notices.of_watch(session, watch.id) if one.kind == "watch.still_looking"]


def waits(database: Database, **how: Any) -> Watch:
    return database.transact(partial(watch_of, **how))


def look(database: Database, watch: Watch, answer: Answer, *slots: Slot, at: datetime) -> None:
    def happened(session: Session) -> None:
        seen = looked(answer, *slots, at=at)
        looks.record(session, watch.target_id, "main", seen)
        targets.answered(session, watch.target_id, seen, next_look_at=at + HOUR)
        slots_seen.record(session, watch.target_id, seen, now=at)

    database.transact(happened)


async def test_who_has_waited_for_a_day_is_told_what_it_came_to(database: Database) -> None:
    watch = waits(database, office_ids=[RUPPERT, ORLEANS])
    other = waits(database, contact=BELA, office_ids=[PASING])
    assert watch.target_id == other.target_id
    database.transact(lambda session: narrow(session, watch))
    look(database, watch, Answer.FREE, slot(0), slot(1), at=SIX - 30 * HOUR)
    look(database, watch, Answer.FREE, slot(0), slot(5), slot(0, office_id=ORLEANS), at=SIX - 23 * HOUR)
    look(database, watch, Answer.FREE, slot(0, office_id=PASING), at=SIX - 2 * HOUR)
    look(database, watch, Answer.FAILED, at=SIX - HOUR)
    await evening(database)
    [sign], [others_sign] = signs(database, watch), signs(database, other)
    good = (SIX - 2 * HOUR).isoformat()
    assert sign.facts == {"looks": 3, "blind": 1, "fitted": 2, "others": 2, "last_good": good}
    assert others_sign.facts == {"looks": 3, "blind": 1, "fitted": 1, "others": 3, "last_good": good}


def narrow(session: Session, watch: Watch) -> None:
    """To the first of April, when `slot(0)` is."""
    row = watches.get(session, watch.id)
    row.rules = WishRules(ranges=(DayRange(first=date(2026, 4, 1), last=date(2026, 4, 1)),))


async def test_a_watch_that_nobody_could_look_for_is_told_so(database: Database) -> None:
    watch = waits(database)
    await evening(database)
    [sign] = signs(database, watch)
    assert sign.facts == {"looks": 0, "blind": 0, "fitted": 0, "others": 0, "last_good": None}


async def test_it_is_said_once_a_day_whoever_else_says_it_and_whatever_is_restarted(database_url: str) -> None:
    with closing(opened(database_url)) as database:
        watch = waits(database)
        for _ in range(2):
            with closing(opened(database_url)) as other:
                await asyncio.gather(evening(database), evening(other), evening(database, now=SIX + HOUR))
        assert len(signs(database, watch)) == 1
        await evening(database, now=SIX + DAY - HOUR)
        assert len(signs(database, watch)) == 1
        await evening(database, now=SIX + DAY)
        assert len(signs(database, watch)) == 2


@pytest.mark.parametrize(
    ("clock", "says"),
    [
        (datetime(2026, 3, 28, 16, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 28, 17, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 15, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 29, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), False),
    ],
)
async def test_six_in_the_evening_is_munichs(database: Database, clock: datetime, *, says: bool) -> None:
    watch = waits(database)
    await evening(database, now=clock)
    assert bool(signs(database, watch)) is says


def told_at(hours: float) -> Callable[[Session, Watch], None]:
    def tell(session: Session, watch: Watch) -> None:
        facts = {"answer": "failed", "since": NOW.isoformat()}
        now = SIX - hours * HOUR
        notices.write(session, person_id=watch.person_id, watch_id=watch.id, kind="look.blind", facts=facts, now=now)

    return tell


@pytest.mark.parametrize(("hours", "says"), [(1, False), (17.9, False), (18.1, True)])
async def test_who_was_told_something_since_midnight_is_left_alone(
    database: Database, hours: float, *, says: bool
) -> None:
    watch = waits(database)
    database.transact(lambda session: told_at(hours)(session, watch))
    await evening(database)
    assert bool(signs(database, watch)) is says


async def test_young_paused_and_ended_watches_get_no_sign(database: Database) -> None:
    young = waits(database, now=SIX - DAY + HOUR)
    paused, stopped = waits(database), waits(database)
    database.transact(lambda session: watches.pause(session, paused.id, now=NOW))
    database.transact(lambda session: watches.stop(session, stopped.id, now=NOW))
    await evening(database)
    assert [signs(database, one) for one in (young, paused, stopped)] == [[], [], []]


async def test_many_watches_take_as_many_statements_as_two(database: Database) -> None:
    def sent_with(people: int, now: datetime) -> int:
        for number in range(people):
            watch = waits(database, services=[ServiceCount(1000 * people + number)])
            look(database, watch, Answer.FREE, slot(), at=now - HOUR)
        with statements(database) as sent, database.reading() as session:
            drafts = daily.due(session, now=now, limit=people)
        assert len(drafts) == people
        database.transact(lambda session: notices.write_all(session, drafts, now=now))
        return len(sent)

    assert sent_with(2, SIX) == sent_with(20, SIX + HOUR)


async def test_a_crowd_is_told_a_part_each_minute(database: Database) -> None:
    crowd = [waits(database) for _ in range(5)]
    told = []
    for minute in range(4):
        await daily.tell(database, now=SIX + minute * timedelta(minutes=1), at_once=2)
        told.append(sum(bool(signs(database, one)) for one in crowd))
    assert told == [2, 4, 5, 5]
