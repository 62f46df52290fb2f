"""Who is told that MTA is blind, and that it sees again; and what it does not believe. Rows alone, no browser."""

import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from core import plausible
from core.bookings import BookingState
from core.looks import Answer, Look
from core.services import ServiceCount
from core.slots import Slot
from models import bookings, lanes, looks, notices, slots_seen, targets, watches
from models.database import Database
from models.event import Event
from models.watch import Watch
from tests.models_cast import BELA, MINUTE, NOW, PASING, RUPPERT, looked, opened, slot, watch_of
from tests.statements import statements
from workers import blindness, looking
from workers.looking import Outcome
from workers.runtime import Pace

PACE = Pace(interval=timedelta(seconds=65))
MANY = [slot(day, office_id=office, hour=hour) for day in (0, 1) for office in (RUPPERT, PASING) for hour in (8, 9, 10)]


def at(minutes: float) -> datetime:
    return NOW + minutes * MINUTE


def look(database: Database, watch: Watch, answer: Answer, *slots: Slot, minutes: float) -> Outcome:
    """A look at the watch's target so many minutes after the first, and all that follows from it."""
    return database.transact(
        partial(absorbed, watch=watch, look=looked(answer, *slots, at=at(minutes)), now=at(minutes))
    )


def absorbed(session: Session, *, watch: Watch, look: Look, now: datetime) -> Outcome:
    target = targets.get(session, watch.target_id)
    return looking.absorb(session, target, look, lane="main", pace=PACE, now=now, rng=random.Random(1))


def blind(database: Database, watch: Watch, *, times: int, answer: Answer = Answer.FAILED, first: int = 1) -> None:
    for minute in range(first, first + times):
        look(database, watch, answer, minutes=minute)


def told(database: Database, watch: Watch) -> list[str]:
    with database.reading() as session:
        return [one.kind for one in notices.of_watch(session, watch.id)]


def facts(database: Database, watch: Watch) -> dict[str, Any]:
    """Of the last notice."""
    with database.reading() as session:
        return notices.of_watch(session, watch.id)[-1].facts


def happened(database: Database, kind: str) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [
            one.fields for one in session.exec(select(Event).where(col(Event.kind) == kind).order_by(col(Event.id)))
        ]


def locked_out(session: Session) -> None:
    lanes.answered(session, "main", Answer.BLOCKED, asked_at=NOW, now=NOW, rng=random.Random(1))


def test_a_look_that_was_cut_short_closes_the_lane_for_what_cut_it_short(database: Database) -> None:
    watch = database.transact(watch_of)
    seen = replace(looked(Answer.FREE, slot(), at=NOW), cut_short=Answer.BLOCKED)

    database.transact(lambda session: absorbed(session, watch=watch, look=seen, now=NOW))

    with database.reading() as session:
        assert not lanes.open_at(session, "main", now=NOW)
        assert targets.get(session, watch.target_id).last_good_at == seen.finished_at


def come_to_nothing(database: Database) -> None:
    """The bookings that looks led to."""

    def released(session: Session) -> None:
        for one in bookings.list(session):
            if one.state is BookingState.WANTED:
                bookings.move(session, one.id, BookingState.RELEASED, now=NOW)

    database.transact(released)


def test_the_alarm_survives_a_restart_between_any_two_looks(database_url: str) -> None:
    with closing(opened(database_url)) as database:
        watch = database.transact(watch_of)
    sounded = []
    for minute in range(1, 25):
        with closing(opened(database_url)) as database:
            blind(database, watch, times=1, first=minute)
            sounded.append(len(told(database, watch)))
    assert [minute for minute in range(1, 25) if sounded[minute - 1] > [0, *sounded][minute - 1]] == [3, 6, 12, 24]


def test_who_comes_while_mta_is_blind_is_told_with_the_next_look(database: Database) -> None:
    early = database.transact(watch_of)
    blind(database, early, times=4)
    late = database.transact(lambda session: watch_of(session, BELA, now=at(4)))
    blind(database, late, times=1, first=5)
    assert (told(database, early), told(database, late)) == (["look.blind"], ["look.blind"])
    assert facts(database, late) == {"answer": "failed", "since": at(1).isoformat()}
    blind(database, late, times=1, first=6)
    assert (told(database, early), told(database, late)) == (["look.blind"] * 2, ["look.blind"] * 2)


def test_sight_is_told_once_to_those_who_were_told_of_the_blindness(database: Database) -> None:
    was_told = database.transact(watch_of)
    stopped = database.transact(lambda session: watch_of(session, BELA))
    blind(database, was_told, times=7)
    database.transact(lambda session: watches.stop(session, stopped.id, now=at(7)))
    new = database.transact(lambda session: watch_of(session, BELA, now=at(7)))
    for minute in (30, 31):
        look(database, was_told, Answer.NONE, minutes=minute)
    assert told(database, was_told) == ["look.blind", "look.blind", "look.sees_again"]
    assert facts(database, was_told) == {"seen_at": at(30).isoformat(), "lasted": 29 * 60}
    assert told(database, stopped) == ["look.blind", "look.blind"]
    assert told(database, new) == []


def test_two_blind_looks_alarm_nobody_and_their_end_is_not_told(database: Database) -> None:
    watch = database.transact(watch_of)
    blind(database, watch, times=2)
    look(database, watch, Answer.NONE, minutes=3)
    assert (told(database, watch), happened(database, "look.sees_again")) == ([], [])


def test_a_lock_out_is_told_at_once_and_its_end_too(database: Database) -> None:
    watch = database.transact(watch_of)
    for minute in (1, 61):
        look(database, watch, Answer.BLOCKED, minutes=minute)
        assert told(database, watch) == ["look.blind"]
    assert facts(database, watch) == {"answer": "blocked", "since": at(1).isoformat()}
    seeing = look(database, watch, Answer.NONE, minutes=121)
    assert told(database, watch) == ["look.blind", "look.sees_again"]
    assert seeing.alarm is not None
    assert len(happened(database, "look.blind")) == 1


def test_a_second_blindness_is_told_anew(database: Database) -> None:
    watch = database.transact(watch_of)
    for hour in (0, 60):
        blind(database, watch, times=3, first=hour + 1)
        look(database, watch, Answer.NONE, minutes=hour + 10)
    assert told(database, watch) == ["look.blind", "look.sees_again"] * 2


def test_the_operator_gets_an_event_and_after_the_commit_a_line_in_the_log(database: Database) -> None:
    watch = database.transact(watch_of)
    blind(database, watch, times=2)
    alarm = look(database, watch, Answer.BLOCKED, minutes=3)
    quiet = look(database, watch, Answer.BLOCKED, minutes=4)
    seeing = look(database, watch, Answer.NONE, minutes=5)
    with capture_logs() as lines:
        for outcome in (alarm, quiet, seeing):
            blindness.report(outcome.alarm)
    assert [(line["log_level"], line["event"], line["looks"]) for line in lines] == [
        ("warning", "look.blind", 3),
        ("info", "look.sees_again", 4),
    ]
    assert lines[1]["lasted"] == 240
    [said] = happened(database, "look.blind")
    assert (said["answer"], said["since"], said["told"]) == ("blocked", at(1).isoformat(), 1)
    [said] = happened(database, "look.sees_again")
    assert (said["lasted"], said["told"]) == (240.0, 1)


@pytest.mark.parametrize("answer", [Answer.FAILED, Answer.NONE])
def test_an_alarm_for_a_crowd_takes_as_many_statements_as_one_for_two(database: Database, answer: Answer) -> None:
    def sent_with(people: int) -> int:
        watch = database.transact(partial(crowd, people))
        blind(database, watch, times=2 if answer is Answer.FAILED else 3)
        with statements(database) as sent:
            look(database, watch, answer, minutes=4)
        assert len(told(database, watch)) == (1 if answer is Answer.FAILED else 2)
        return len(sent)

    assert sent_with(2) == sent_with(30)


def crowd(people: int, session: Session) -> Watch:
    """On a target of their own."""
    first, *_ = [watch_of(session, services=[ServiceCount(people)]) for _ in range(people)]
    return first


def test_a_calendar_that_is_empty_all_at_once_is_doubted_and_looked_at_again_soon(database: Database) -> None:
    watch = database.transact(lambda session: watch_of(session, office_ids=[RUPPERT, PASING]))
    look(database, watch, Answer.FREE, *MANY, minutes=0)
    come_to_nothing(database)
    doubt = look(database, watch, Answer.NONE, minutes=2)
    with database.reading() as session:
        target = targets.get(session, watch.target_id)
        [row] = looks.latest(session, watch.target_id, limit=1)
        offered = slots_seen.fresh(session, watch.target_id, since=NOW)
    assert doubt.doubted
    assert (row.answer, row.detail) == (Answer.CHANGED, plausible.EMPTIED)
    assert (target.next_look_at, target.last_good_at) == (at(2) + plausible.AGAIN_AFTER, NOW)
    assert offered == sorted(MANY), "nothing is marked gone"


def test_when_the_second_look_says_the_same_it_is_believed(database: Database) -> None:
    watch = database.transact(lambda session: watch_of(session, office_ids=[RUPPERT, PASING]))
    look(database, watch, Answer.FREE, *MANY, minutes=0)
    come_to_nothing(database)
    assert look(database, watch, Answer.NONE, minutes=1).doubted
    blind(database, watch, times=1, first=2)
    again = look(database, watch, Answer.NONE, minutes=3)
    with database.reading() as session:
        offered = slots_seen.fresh(session, watch.target_id, since=NOW)
        target = targets.get(session, watch.target_id)
    assert not again.doubted
    assert (offered, target.blind_count, target.last_good_at) == ([], 0, at(3))


def test_a_calendar_that_fills_again_is_doubted_anew(database: Database) -> None:
    watch = database.transact(lambda session: watch_of(session, office_ids=[RUPPERT, PASING]))
    doubts = []
    for minute, slots in enumerate((MANY, (), MANY, (), ())):
        answer = Answer.FREE if slots else Answer.NONE
        doubts.append(look(database, watch, answer, *slots, minutes=minute).doubted)
        come_to_nothing(database)
    assert doubts == [False, True, False, True, False]


def test_what_our_own_bookings_took_is_not_missed(database: Database) -> None:
    def everybody(session: Session) -> Watch:
        first, *_ = [watch_of(session, office_ids=[RUPPERT, PASING]) for _ in MANY]
        return first

    watch = database.transact(everybody)
    made = look(database, watch, Answer.FREE, *MANY, minutes=0)
    assert len(made.booking_ids) == len(MANY)
    assert not look(database, watch, Answer.NONE, minutes=1).doubted


@pytest.mark.parametrize(
    ("close", "why"),
    [
        pytest.param(lambda _: None, "unlooked", id="no-worker"),
        pytest.param(lambda session: lanes.pause(session, "main"), "paused", id="paused"),
        pytest.param(locked_out, "blocked", id="locked-out"),
    ],
)
def test_who_is_not_looked_for_at_all_is_told_once_and_told_again_of_the_first_sight(
    database: Database, close: Callable[[Session], object], why: str
) -> None:
    watch = database.transact(watch_of)
    look(database, watch, Answer.NONE, minutes=0)
    database.transact(close)

    def alarms(minutes: float) -> int:
        return len(database.transact(lambda session: blindness.overlooked(session, lane="main", now=at(minutes))))

    sounded = [alarms(minutes) for minutes in (10, 17, 18, 40)]
    assert sounded == [0, 1, 0, 0]
    assert facts(database, watch) == {"answer": why, "since": at(0).isoformat()}
    look(database, watch, Answer.NONE, minutes=41)
    assert told(database, watch) == ["look.blind", "look.sees_again"]
