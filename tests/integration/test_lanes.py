"""A lane's row: who may begin on it, what closes it, and how it comes back after a restart."""

import random
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from core.looks import Answer
from models import events, lanes
from models.database import Database
from models.lane import Lane
from tests.models_cast import NOW, Race, opened
from workers import resting

LANE = "main"
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LEASE = 2 * MINUTE


def heard(session: Session, answer: Answer, at: datetime = NOW, *, target_id: int | None = None) -> Lane:
    resting.heard(session, LANE, answer, asked_at=at, now=at, rng=random.Random(1), target_id=target_id)
    return session.get_one(Lane, LANE)


def admitted(session: Session, target_id: int, at: datetime) -> bool:
    return lanes.admits(session, LANE, target_id=target_id, lease=LEASE, now=at)


def ends(lane: Lane) -> datetime:
    assert lane.breaker_until is not None
    return lane.breaker_until


def test_a_lane_nobody_has_closed_admits_everybody(database: Database) -> None:
    with database.transaction() as session:
        assert all(admitted(session, number, NOW) for number in (1, 2, 3))
        assert lanes.room(session, LANE, most=3, now=NOW) == 3
        resting.heard(session, LANE, Answer.FREE, asked_at=NOW, now=NOW, rng=random.Random(1))
        assert lanes.list(session) == []


@pytest.mark.parametrize("answer", [Answer.THROTTLED, Answer.BLOCKED, Answer.MAINTENANCE])
def test_after_its_rest_one_target_probes_and_success_opens_the_lane_for_all(
    database: Database, answer: Answer
) -> None:
    with database.transaction() as session:
        until = ends(heard(session, answer))
        assert (admitted(session, 1, until - SECOND), lanes.room(session, LANE, most=3, now=until - SECOND)) == (
            False,
            0,
        )

        assert lanes.room(session, LANE, most=3, now=until) == 1
        assert [admitted(session, number, until) for number in (1, 2, 1)] == [True, False, True]
        assert lanes.room(session, LANE, most=3, now=until) == 0

        lane = heard(session, Answer.NONE, until, target_id=1)
        assert (lane.breaker_until, lane.trouble, lane.trouble_count, lane.reason) == (None, None, 0, "")
        assert admitted(session, 2, until)


def test_a_probe_that_was_not_made_or_never_ended_is_followed_by_another(database: Database) -> None:
    with database.transaction() as session:
        until = ends(heard(session, Answer.THROTTLED))
        assert admitted(session, 1, until)
        lanes.probe_over(session, LANE, target_id=2)
        assert not admitted(session, 2, until)
        lanes.probe_over(session, LANE, target_id=1)
        assert admitted(session, 2, until)
        assert not admitted(session, 3, until + LEASE - SECOND)
        assert admitted(session, 3, until + LEASE)


def test_a_probe_that_meets_the_same_rests_longer_and_lets_the_next_target_try(database: Database) -> None:
    with database.transaction() as session:
        first = ends(heard(session, Answer.MAINTENANCE))
        assert admitted(session, 1, first)
        second = ends(heard(session, Answer.MAINTENANCE, first, target_id=1))

        assert second - first >= MINUTE
        assert admitted(session, 2, second)


def test_a_restart_finds_the_lane_as_it_was(database: Database, database_url: str) -> None:
    until = database.transact(lambda session: ends(heard(session, Answer.BLOCKED)))
    database.close()

    again = opened(database_url)
    with again.transaction() as session:
        assert not lanes.open_at(session, LANE, now=until - SECOND)
        assert ends(heard(session, Answer.BLOCKED, until)) - until >= 2 * HOUR
    again.close()


def test_the_operator_is_told_of_a_lock_out(database: Database) -> None:
    with capture_logs() as logs, database.transaction() as session:
        lane = heard(session, Answer.BLOCKED)

    assert lane.reason == "blocked"
    [said] = logs
    assert (said["event"], said["log_level"], said["lane"]) == ("lane.blocked", "warning", LANE)
    with database.reading() as session:
        [noted] = events.since(session, 0)
    assert (noted.kind, noted.fields["lane"], noted.fields["times"]) == ("lane.blocked", LANE, 1)
    assert noted.fields["until"] == ends(lane).isoformat()


def test_what_happens_to_a_lane_is_noted_once(database: Database) -> None:
    with database.transaction() as session:
        until = ends(heard(session, Answer.THROTTLED))
        heard(session, Answer.THROTTLED, NOW + SECOND)
        until = ends(heard(session, Answer.FAILED, until))
        heard(session, Answer.FREE, until)
        heard(session, Answer.FREE, until + SECOND)

    assert kinds(database) == ["lane.throttled", "lane.unanswered", "lane.recovered"]


def kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.kind for one in events.since(session, 0)]


def test_the_kill_switch_stands_above_the_breaker_and_keeps_its_reason(database: Database) -> None:
    with database.transaction() as session:
        lanes.pause(session, LANE, reason="holidays")
        lane = heard(session, Answer.THROTTLED)
        assert (lane.reason, lane.trouble) == ("holidays", "throttled")
        heard(session, Answer.FREE, ends(lane))
        assert not lanes.open_at(session, LANE, now=ends(lane) if lane.breaker_until else NOW + HOUR)
        with pytest.raises(lanes.LaneClosed):
            lanes.check_open(session, LANE, now=NOW + HOUR)


def test_resuming_opens_a_lane_whatever_closed_it(database: Database) -> None:
    with database.transaction() as session:
        heard(session, Answer.BLOCKED)
        lanes.pause(session, LANE, reason="holidays")
        lane = lanes.resume(session, LANE)

        assert (lane.paused, lane.breaker_until, lane.trouble_count, lane.reason) == (False, None, 0, "")
        assert lanes.room(session, LANE, most=3, now=NOW) == 3


def probe(number: int, url: str, at: datetime) -> bool:
    database = opened(url)
    got = database.transact(lambda session: admitted(session, number + 1, at))
    database.close()
    return got


def test_of_processes_that_probe_at_once_one_is_admitted(database: Database, database_url: str, race: Race) -> None:
    until = database.transact(lambda session: ends(heard(session, Answer.THROTTLED)))

    assert sorted(race(probe, database_url, until)) == [False, False, True]
