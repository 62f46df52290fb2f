"""What each look writes down of when slots appeared, and how long anybody looked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.looks import Answer
from models import look_hours, retention, slots_seen
from models.database import Database
from models.look_hour import LookHour
from tests.models_cast import MINUTE, NOW, PASING, looked, slot, watch_of
from tests.releases_cast import Eyes

HOUR = timedelta(hours=1)


@pytest.fixture
def eyes(database: Database) -> Eyes:
    return Eyes(database, database.transact(watch_of).target_id)


def test_a_slot_appeared_after_the_look_that_did_not_see_it(eyes: Eyes) -> None:
    eyes.see(0, slot(0))
    eyes.see(1, slot(0), slot(1))
    eyes.see(2, slot(0), slot(1))

    assert (eyes.unseen(slot(0)), eyes.unseen(slot(1))) == (None, 0)


def test_nobody_knows_when_it_appeared_after_a_long_time_without_sight(eyes: Eyes) -> None:
    eyes.see(0)
    eyes.see(10, slot(0))
    eyes.see(20.1, slot(0), slot(1))

    assert (eyes.unseen(slot(0)), eyes.unseen(slot(1))) == (0, None)


def test_blind_looks_in_between_neither_help_nor_harm(eyes: Eyes) -> None:
    eyes.see(0, answer=Answer.NONE)
    eyes.see(1, answer=Answer.THROTTLED)
    eyes.see(2, slot(0))

    assert eyes.unseen(slot(0)) == 0


@pytest.mark.parametrize(
    "sight",
    [
        {"unread_days": (slot(1).day,)},
        {"office_ids": frozenset({PASING})},
        {"beyond": slot(1).day},
        {"beyond": slot(0).day},
    ],
    ids=["day unread", "office not asked", "bookable day beyond", "nothing known beyond an earlier day"],
)
def test_what_the_look_before_could_not_see_has_no_known_time(eyes: Eyes, sight: dict[str, Any]) -> None:
    eyes.see(0, **sight)
    eyes.see(1, slot(1))

    assert eyes.unseen(slot(1)) is None


@pytest.mark.parametrize("sight", [{"office_ids": frozenset({PASING})}, {"beyond": slot(1).day}])
def test_what_a_look_could_not_see_is_not_gone(eyes: Eyes, sight: dict[str, Any]) -> None:
    eyes.see(0, slot(0), slot(1))
    eyes.see(1, slot(0, office_id=PASING), **sight)

    assert eyes.row(slot(1)).gone_at is None


def test_what_a_look_saw_on_an_earlier_day_than_it_read_no_more_is_gone(eyes: Eyes) -> None:
    eyes.see(0, slot(0), slot(1))
    eyes.see(1, slot(0), beyond=slot(2).day)

    assert eyes.row(slot(1)).gone_at == NOW + MINUTE


def test_a_slot_given_back_appears_anew(eyes: Eyes) -> None:
    for minutes, offered in enumerate(((slot(0),), (), (), (slot(0),))):
        eyes.see(minutes, *offered)

    assert eyes.unseen(slot(0)) == 2
    assert eyes.row(slot(0)).first_seen_at == NOW + 3 * MINUTE


def test_a_slot_that_a_booking_found_gone_was_unseen_then(eyes: Eyes) -> None:
    eyes.see(0, answer=Answer.NONE)
    eyes.see(1, slot(0))
    found_gone = NOW + 1.5 * MINUTE
    eyes.database.transact(lambda session: slots_seen.take_off(session, eyes.target_id, slot(0), now=found_gone))
    eyes.see(2, slot(0))

    assert eyes.unseen(slot(0)) == 1.5


def test_days_that_are_read_in_turn_are_known_from_the_last_time(eyes: Eyes) -> None:
    eyes.see(0, slot(1))
    eyes.see(1, unread_days=(slot(0).day, slot(1).day))
    eyes.database.transact(
        lambda session: slots_seen.take_off(session, eyes.target_id, slot(1), now=NOW + 1.5 * MINUTE)
    )
    eyes.see(2, slot(0), slot(1))
    eyes.see(3, unread_days=(slot(2).day,))
    eyes.see(13, unread_days=(slot(2).day,))
    eyes.see(14, slot(2))

    assert (eyes.unseen(slot(0)), eyes.unseen(slot(1))) == (0, 1.5)
    assert eyes.unseen(slot(2)) is None, "that was too long ago"


def test_sight_is_added_up_by_the_hour(eyes: Eyes) -> None:
    for minutes, offered in ((0, ()), (55, (slot(0),)), (58, (slot(0), slot(1))), (62, (slot(2), slot(3))), (80, ())):
        eyes.see(minutes, *offered)

    with eyes.database.reading() as session:
        rows = session.exec(select(LookHour).order_by(col(LookHour.begins_at))).all()
    assert [(row.begins_at, row.looks, row.seconds, row.slots) for row in rows] == [
        (NOW, 3, 300, 1),
        (NOW + HOUR, 2, 120, 2),
    ]


def test_a_slot_is_counted_in_the_hour_it_is_first_seen_in_though_the_look_began_before(eyes: Eyes) -> None:
    began, ended = NOW + HOUR - MINUTE / 60, NOW + HOUR + MINUTE / 60
    eyes.see(55, answer=Answer.NONE)
    look = looked(Answer.FREE, slot(0), at=began)
    eyes.database.transact(lambda session: slots_seen.record(session, eyes.target_id, look, now=ended))

    with eyes.database.reading() as session:
        rows = session.exec(select(LookHour).order_by(col(LookHour.begins_at))).all()
    assert [(row.looks, row.slots) for row in rows] == [(2, 0), (0, 1)]


def _a_look(session: Session, target_id: int, *, at: datetime) -> None:
    look_hours.add(session, target_id, at=at, since=None, slots=0, now=at)


def test_sight_goes_with_the_slots_after_a_year(eyes: Eyes) -> None:
    eyes.see(0, answer=Answer.NONE)
    later = NOW + retention.SLOTS
    eyes.database.transact(lambda session: _a_look(session, eyes.target_id, at=later))

    eyes.database.transact(lambda session: retention.sweep(session, now=later + MINUTE))

    with eyes.database.reading() as session:
        assert session.exec(select(LookHour.begins_at)).all() == [later]
