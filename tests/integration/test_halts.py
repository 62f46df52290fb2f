"""One service is halted by the operator: nobody looks for it, everybody else is looked for, and it is told."""

from datetime import timedelta

from sqlmodel import Session

from models import census, halts, lanes, notices, targets
from models.database import Database
from models.target import Target
from models.watch import Watch, WatchState
from tests.models_cast import BELA, LICENCE, NOW, PASSPORT, watch_of
from workers import blindness

LEASE = timedelta(minutes=1)


def claimed(session: Session) -> list[int]:
    found = targets.claim_due(session, now=NOW, owner="x", lease=LEASE, limit=9)
    for one in found:
        targets.release_lease(session, one.id, owner="x")
    return [one.id for one in found]


def two(session: Session) -> tuple[Watch, Watch]:
    return watch_of(session), watch_of(session, BELA, services=(LICENCE, PASSPORT))


def test_whatever_the_service_belongs_to_is_looked_at_no_more(database: Database) -> None:
    with database.transaction() as session:
        passport, both = two(session)
        halts.halt(session, LICENCE.service_id, now=NOW)
        halts.halt(session, LICENCE.service_id, now=NOW)

        assert claimed(session) == [passport.target_id]
        assert not targets.claim_one(session, both.target_id, now=NOW, owner="y", lease=LEASE)
        assert [one.service_id for one in census.taken(session).halts] == [LICENCE.service_id]

        halts.lift(session, LICENCE.service_id)
        assert sorted(claimed(session)) == [passport.target_id, both.target_id]


def test_a_target_made_meanwhile_is_halted_too(database: Database) -> None:
    with database.transaction() as session:
        halts.halt(session, LICENCE.service_id, now=NOW)
        passport, both = two(session)

        assert claimed(session) == [passport.target_id]
        halts.lift_all(session)
        assert sorted(claimed(session)) == [passport.target_id, both.target_id]


def test_who_waits_is_told_that_the_operator_stopped_it(database: Database) -> None:
    with database.transaction() as session:
        _, both = two(session)
        halts.halt(session, LICENCE.service_id, now=NOW)
        for one in targets.list(session):
            one.next_look_at = NOW - timedelta(hours=1)

        blindness.overlooked(session, lane="main", now=NOW)

        assert [(one.watch_id, one.facts["answer"]) for one in notices.untold(session)] == [
            (1, "unlooked"),
            (both.id, "paused"),
        ]


def test_taking_the_kill_switch_back_ends_no_rest(database: Database) -> None:
    with database.transaction() as session:
        lane = lanes.pause(session, "main", reason="by the operator")
        lane.trouble, lane.breaker_until = "blocked", NOW + timedelta(hours=1)

        lanes.unpause(session, "main")

        assert (lane.paused, lane.reason, lanes.open_at(session, "main", now=NOW)) == (False, "blocked", False)


def test_a_census_counts_and_names_nobody(database: Database) -> None:
    with database.transaction() as session:
        two(session)
        session.get_one(Target, 2).blind_since = NOW

        found = census.taken(session)

        assert (found.watches, found.chats, found.blind) == ({WatchState.OPEN: 2}, {}, 1)
        assert [one.id for one in found.targets] == [2, 1], "the blind ones come first"
        assert (found.waiting, found.oldest, found.given_up, found.erasures) == (0, None, 0, 0)
