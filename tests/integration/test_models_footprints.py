"""The footprint's rows: each request counted once, by hour and purpose, and who was served by them."""

from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session, col, select

from core.coverage import Span
from core.footprint import Purpose, Waiting
from core.looks import Answer
from models import footprints, looks, retention, watches
from models.database import Database
from models.footprint import Footprint
from models.footprints import Asked
from tests.models_cast import BELA, LICENCE, MINUTE, NOW, PASSPORT, RUPPERT, Race, looked, opened, watch_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = Span(NOW - 8 * HOUR, NOW)


def count(
    database: Database,
    requests: int,
    *,
    purpose: Purpose = Purpose.LOOK,
    lane: str = "main",
    received: int = 0,
    now: datetime = NOW,
) -> None:
    counted = partial(footprints.add, lane=lane, purpose=purpose, requests=requests, received=received, now=now)
    database.transact(counted)


def told(database: Database, span: Span = TODAY) -> list[Asked]:
    with database.reading() as session:
        return list(footprints.of(session, span))


def test_requests_of_an_hour_add_up_by_purpose_on_all_lanes(database: Database) -> None:
    count(database, 4, received=1000)
    count(database, 3, received=10**10, now=NOW + 59 * MINUTE)
    count(database, 2, lane="second")
    count(database, 5, purpose=Purpose.BOOK)
    count(database, 1, now=NOW - MINUTE)

    assert told(database) == [
        Asked(NOW - HOUR, Purpose.LOOK, requests=1, received=0),
        Asked(NOW, Purpose.BOOK, requests=5, received=0),
        Asked(NOW, Purpose.LOOK, requests=9, received=1000 + 10**10),
    ]


def test_what_asked_nothing_leaves_no_row(database: Database) -> None:
    count(database, 0)

    assert told(database) == []


def test_only_hours_of_the_span_are_told(database: Database) -> None:
    for at in (TODAY.start - MINUTE, TODAY.start, NOW + HOUR):
        count(database, 1, now=at)

    assert [one.hour for one in told(database)] == [TODAY.start]


def add_a_hundred(_number: int, url: str) -> None:
    database = opened(url)
    for _ in range(100):
        count(database, 1)
    database.close()


def test_nothing_is_lost_where_processes_count_at_once(database: Database, database_url: str, race: Race) -> None:
    race(add_a_hundred, database_url)

    assert [one.requests for one in told(database)] == [300]


def test_it_is_forgotten_after_a_year_and_a_month(database: Database) -> None:
    count(database, 1, now=NOW - 401 * DAY)
    count(database, 2, now=NOW - 399 * DAY)

    database.transact(lambda session: retention.sweep(session, now=NOW))

    with database.reading() as session:
        assert session.exec(select(Footprint.requests).order_by(col(Footprint.hour))).all() == [2]


def test_looks_are_told_by_target_the_dearest_first(database: Database) -> None:
    def looked_at(session: Session) -> list[int]:
        targets = [watch_of(session, services=[one]).target_id for one in (PASSPORT, LICENCE)]
        for target_id, times in zip(targets, (1, 3), strict=True):
            for number in range(times):
                looks.record(session, target_id, "main", looked(Answer.NONE, at=NOW - number * MINUTE))
        looks.record(session, targets[0], "main", looked(Answer.NONE, at=TODAY.start - MINUTE))
        return targets

    cheap, dear = database.transact(looked_at)

    with database.reading() as session:
        found = footprints.by_target(session, TODAY)
    assert [(one.target_id, one.looks, one.requests) for one in found] == [(dear, 3, 6), (cheap, 1, 2)]
    assert (found[0].services, found[0].office_ids) == ((LICENCE,), (RUPPERT,))


def test_who_waited_is_told_with_the_time_they_did(database: Database) -> None:
    began, ended = NOW - 3 * HOUR, NOW - HOUR

    def people(session: Session) -> dict[str, int]:
        stays, stops, rests, returns, left = (
            watch_of(session, contact, now=NOW - 9 * HOUR) for contact in (BELA, BELA, BELA, BELA, BELA)
        )
        came = watch_of(session, now=began, captcha=True)
        watches.stop(session, stops.id, now=ended)
        watches.pause(session, rests.id, now=ended)
        watches.pause(session, returns.id, now=TODAY.start - MINUTE)
        watches.resume(session, returns.id, now=began)
        watches.stop(session, left.id, now=TODAY.start - MINUTE)
        found = {"stays": stays, "stops": stops, "rests": rests, "returns": returns, "came": came}
        return {name: watch.person_id for name, watch in found.items()}

    who = database.transact(people)

    with database.reading() as session:
        found = footprints.waiting(session, TODAY)
    assert {one.person_id: (one.waited.start, one.waited.end) for one in found} == {
        who["stays"]: (TODAY.start, NOW),
        who["stops"]: (TODAY.start, ended),
        who["rests"]: (TODAY.start, ended),
        who["returns"]: (began, NOW),
        who["came"]: (began, NOW),
    }
    assert [one.captcha for one in found if one.person_id == who["came"]] == [True]
    assert all(isinstance(one, Waiting) for one in found)
