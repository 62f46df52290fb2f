"""What is on record of a service, and that a year of it is read at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlmodel import Session

from core.coverage import Sighting, Span, by_office
from core.looks import Answer
from core.replay import Appearance, replay
from core.services import ServiceCount
from core.slots import Slot
from core.wishes import Wish, WishRules
from models import looks, recorded, slots_seen
from models.database import Database
from models.look import Look
from models.slot_seen import SlotSeen
from tests.models_cast import LICENCE, MINUTE, NOW, PASING, PASSPORT, RUPPERT, looked, slot, watch_of
from tests.statements import statements

DAY = timedelta(days=1)
WEEK = Span(NOW - 7 * DAY, NOW)
BOTH = frozenset({RUPPERT, PASING})


def look(session: Session, target_id: int, *slots: Slot, at: datetime, answer: Answer = Answer.FREE) -> None:
    seen = looked(answer, *slots, at=at, office_ids=BOTH)
    looks.record(session, target_id, "main", seen)
    slots_seen.record(session, target_id, seen, now=at)


def of_week(database: Database, services: Sequence[ServiceCount] = (PASSPORT,)) -> list[Appearance]:
    with database.reading() as session:
        return sorted(recorded.appearances(session, services, WEEK), key=lambda one: one.slot)


def test_slots_are_told_as_they_came_and_went(database: Database) -> None:
    first, second = slot(0), slot(1)
    came, again, gone = NOW - DAY, NOW - DAY + MINUTE, NOW - DAY + 2 * MINUTE

    def looks_of_a_day(session: Session) -> None:
        target_id = watch_of(session).target_id
        look(session, target_id, first, second, at=came)
        look(session, target_id, first, at=again)
        look(session, target_id, first, at=gone)

    database.transact(looks_of_a_day)

    assert of_week(database) == [
        Appearance(first, first=came, last=gone, gone=None),
        Appearance(second, first=came, last=came, gone=again),
    ]
    assert of_week(database, [LICENCE]) == []


def test_what_was_gone_before_the_span_or_came_after_it_is_left_out(database: Database) -> None:
    def seen_before_and_after(session: Session) -> None:
        target_id = watch_of(session).target_id
        look(session, target_id, slot(0), at=WEEK.start - 2 * MINUTE)
        look(session, target_id, slot(1), at=WEEK.start - MINUTE)
        look(session, target_id, slot(1), slot(2), at=WEEK.start + MINUTE)
        look(session, target_id, slot(1), slot(2), slot(3), at=WEEK.end + MINUTE)

    database.transact(seen_before_and_after)

    assert [one.slot for one in of_week(database)] == [slot(1), slot(2)]


def test_every_target_of_the_service_is_on_record(database: Database) -> None:
    def two_targets(session: Session) -> None:
        for captcha in (False, True):
            target_id = watch_of(session, captcha=captcha).target_id
            look(session, target_id, slot(int(captcha)), at=NOW - DAY)

    database.transact(two_targets)

    assert [one.slot for one in of_week(database)] == [slot(0), slot(1)]


def test_only_looks_that_could_see_and_tell_where_are_sightings(database: Database) -> None:
    minutes = [NOW - DAY + number * MINUTE for number in range(5)]

    def looks_of_all_kinds(session: Session) -> None:
        target_id = watch_of(session).target_id
        look(session, target_id, at=minutes[0], answer=Answer.NONE)
        look(session, target_id, slot(), at=minutes[1])
        look(session, target_id, at=minutes[2], answer=Answer.THROTTLED)
        looks.record(session, target_id, "main", looked(at=minutes[3]))
        looks.record(session, target_id, "main", looked(at=minutes[4], office_ids=frozenset()))
        look(session, target_id, at=WEEK.start - 10 * MINUTE)

    database.transact(looks_of_all_kinds)

    with database.reading() as session:
        seen = recorded.sightings(session, [PASSPORT], WEEK)
        assert recorded.sightings(session, [LICENCE], WEEK) == []
    assert sorted(seen, key=lambda one: one.at) == [
        Sighting(minutes[0], BOTH),
        Sighting(minutes[1], BOTH),
        Sighting(minutes[4], frozenset()),
    ]


@pytest.fixture
def a_year(database: Database) -> Database:
    """100,000 slots of one service, and the looks of a month."""

    def fill(session: Session) -> None:
        target_id = watch_of(session).target_id
        session.connection().execute(insert(SlotSeen), [_slot(target_id, number) for number in range(100_000)])
        session.connection().execute(insert(Look), [_look(target_id, number) for number in range(40_000)])

    database.transact(fill)
    return database


def test_a_week_of_a_year_is_replayed_from_two_questions(a_year: Database) -> None:
    with a_year.reading() as session, statements(a_year) as sent:
        seen = recorded.appearances(session, [PASSPORT], WEEK)
        sightings = recorded.sightings(session, [PASSPORT], WEEK)
    told = replay(seen, Wish(WishRules(minimum_notice=400 * DAY), (RUPPERT,)), WEEK)
    sight = by_office(sightings, told.offered, WEEK)

    assert 1_900 < len(seen) < 2_000
    assert (len(told.offered), told.pleasing) == (20, ())
    assert set(sight.values()) == {WEEK.lasts}
    assert len([one for one in sent if one.startswith("SELECT")]) == 2, "however much was recorded"


def _slot(target_id: int, number: int) -> dict[str, object]:
    came = NOW - number * 365 * DAY / 100_000
    return {
        "target_id": target_id,
        "office_id": RUPPERT + number % 20,
        "starts_at": NOW + 30 * DAY + number * 5 * MINUTE,
        "first_seen_at": came,
        "last_seen_at": came + MINUTE,
        "gone_at": came + 2 * MINUTE,
    }


def _look(target_id: int, number: int) -> dict[str, object]:
    at = NOW - number * MINUTE
    own = {"target_id": target_id, "lane": "main", "started_at": at, "finished_at": at, "answer": Answer.NONE}
    return own | {"slots": 0, "requests": 2, "detail": "", "evidence": (), "office_ids": ()}
