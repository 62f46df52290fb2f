"""What mta watch list and show say of each watch: when it last saw, or since when and why it is blind."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session

from console import outlook
from core.looks import Answer
from core.services import ServiceCount
from core.slots import Slot
from models import looks, targets, watches
from models.database import Database
from tests.models_cast import BELA, LICENCE, MINUTE, NOW, PASSPORT, looked, watch_of


def look(database: Database, target_id: int, answer: Answer, *slots: Slot, at: datetime, detail: str = "") -> None:
    def happened(session: Session) -> None:
        seen = looked(answer, *slots, at=at, detail=detail)
        looks.record(session, target_id, "main", seen)
        targets.answered(session, target_id, seen, next_look_at=at + MINUTE)

    database.transact(happened)


def said(database: Database, *, now: datetime) -> list[str]:
    with database.reading() as session:
        return list(outlook.of_watches(session, watches.list(session), now=now).values())


def test_a_list_says_of_each_watch_what_can_be_seen(database: Database) -> None:
    seeing, _, blind = (
        database.transact(partial(watch_of, services=[one])) for one in (PASSPORT, ServiceCount(1), LICENCE)
    )
    look(database, seeing.target_id, Answer.NONE, at=NOW)
    look(database, blind.target_id, Answer.NONE, at=NOW - 30 * MINUTE)
    look(database, blind.target_id, Answer.CHANGED, at=NOW - 28 * MINUTE)
    look(database, blind.target_id, Answer.FAILED, at=NOW - MINUTE)
    assert said(database, now=NOW + timedelta(seconds=40)) == [
        "40 s ago",
        "never yet",
        "blind since 08:32: The City's page does not answer. (last good look: 30 min ago)",
    ]


def test_a_watch_that_is_over_is_not_looked_for(database: Database) -> None:
    watch = database.transact(lambda session: watch_of(session, BELA))
    database.transact(lambda session: watches.stop(session, watch.id, now=NOW))
    assert said(database, now=NOW) == [""]


def test_the_last_trouble_names_what_was_missed(database: Database) -> None:
    watch = database.transact(watch_of)
    look(database, watch.target_id, Answer.CHANGED, at=NOW, detail="The page has no Weiter of the calendar we know.")
    look(database, watch.target_id, Answer.NONE, at=NOW + MINUTE)
    with database.reading() as session:
        told = outlook.trouble(looks.latest(session, watch.target_id))
    assert told["last_trouble"] == "Mon 02 Mar 2026 09:00, changed: The page has no Weiter of the calendar we know."
    assert outlook.trouble([]) == {}


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-2), "0 s ago"),
        (timedelta(seconds=59.9), "59 s ago"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=12), "12 days ago"),
    ],
)
def test_ages_are_said_as_people_say_them(passed: timedelta, words: str) -> None:
    assert outlook.ago(NOW, now=NOW + passed) == words


def test_a_blindness_of_another_day_is_said_with_its_day() -> None:
    assert outlook.clock(NOW, now=NOW + timedelta(hours=14)) == "09:00"
    assert outlook.clock(NOW, now=NOW + timedelta(hours=15)) == "Mon 02 Mar 09:00"
