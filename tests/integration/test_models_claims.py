"""What only one may have, with several processes and threads asking for it at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from sqlmodel import Session

from core.bookings import BookingState, IllegalMove
from core.services import ServiceCount
from models import bookings, events, notices, targets, watches
from models.booking import OFFICE_TIME, PERSON_SERVICE
from models.database import Database
from models.encryption import Keyring
from tests.models_cast import (
    BELA,
    LICENCE,
    MINUTE,
    NOW,
    PASSPORT,
    Race,
    booking_of,
    opened,
    slot,
    walk,
    want_or_name,
    watch_of,
)


def claim_targets(number: int, url: str) -> list[int]:
    """Everything that is due, two at a time."""
    database, mine = opened(url), []
    while due := database.transact(
        lambda session: targets.claim_due(session, now=NOW, owner=f"p{number}", lease=MINUTE, limit=2)
    ):
        mine += [target.id for target in due]
    database.close()
    return mine


def test_a_due_target_is_looked_at_by_one_process(database: Database, database_url: str, race: Race) -> None:
    def many(session: Session) -> list[int]:
        return [watch_of(session, services=[ServiceCount(number)]).target_id for number in range(1, 41)]

    due = database.transact(many)

    claimed = race(claim_targets, database_url)

    assert sorted(chain.from_iterable(claimed)) == sorted(due), "each one once"


def test_a_claimed_target_is_due_again_when_its_lease_has_run_out(database: Database) -> None:
    target_id = database.transact(watch_of).target_id

    def claimed_at(now: timedelta) -> list[int]:
        due = database.transact(
            lambda session: targets.claim_due(session, now=NOW + now, owner="x", lease=MINUTE, limit=9)
        )
        return [target.id for target in due]

    assert claimed_at(timedelta(0)) == [target_id]
    assert claimed_at(MINUTE / 2) == []
    assert claimed_at(MINUTE) == [target_id]
    database.transact(lambda session: targets.release_lease(session, target_id, owner="somebody else"))
    assert claimed_at(MINUTE) == []
    database.transact(lambda session: targets.release_lease(session, target_id, owner="x"))
    assert claimed_at(MINUTE) == [target_id]


def claim_notices(_number: int, url: str) -> list[int]:
    database, mine = opened(url), []
    while due := database.transact(lambda session: notices.claim_due(session, NOW, lease=MINUTE, limit=3)):
        mine += [notice.id for notice in due]
    database.close()
    return mine


def test_a_notice_is_claimed_by_one_deliverer(database: Database, database_url: str, race: Race) -> None:
    def many(session: Session) -> list[int]:
        person_id = watch_of(session).person_id
        return [notices.write(session, person_id=person_id, kind="x", facts={}, now=NOW).id for _ in range(60)]

    written = database.transact(many)

    assert sorted(chain.from_iterable(race(claim_notices, database_url))) == written


def want_all(_number: int, url: str, watch_ids: list[int]) -> list[str]:
    """Every watch wants the slot of its place in the list, in this order."""
    database = opened(url)
    answers = [
        database.transact(partial(want_or_name, watch_id=one, taken=slot(day))) for day, one in enumerate(watch_ids)
    ]
    database.close()
    return answers


def test_a_person_gets_one_live_booking_for_a_service(database: Database, database_url: str, race: Race) -> None:
    def twenty(session: Session) -> list[int]:
        return [watch_of(session).id for _ in range(20)]

    watch_ids = database.transact(twenty)

    answers = race(want_all, database_url, watch_ids)

    for of_one_watch in zip(*answers, strict=True):
        assert Counter(of_one_watch) == {"": 1, PERSON_SERVICE: 2}
    with database.reading() as session:
        assert len(bookings.list(session)) == 20


def want_one_slot(number: int, url: str, watch_ids: list[int]) -> list[str]:
    database = opened(url)
    answers = [
        database.transact(partial(want_or_name, watch_id=watch_ids[number], taken=slot(day))) for day in range(10)
    ]
    database.close()
    return answers


def test_an_office_time_is_claimed_once(database: Database, database_url: str, race: Race) -> None:
    watch_ids = database.transact(lambda session: [watch_of(session).id for _ in range(3)])

    answers = race(want_one_slot, database_url, watch_ids)

    assert {answer for of_one in answers for answer in of_one} <= {"", PERSON_SERVICE, OFFICE_TIME}
    assert [of_one.count("") for of_one in answers] == [1, 1, 1], "three persons, three different slots"
    with database.reading() as session:
        assert len({booking.slot for booking in bookings.list(session)}) == 3


def want_overlapping(number: int, url: str, pairs: list[list[int]]) -> list[str]:
    database = opened(url)
    answers = [
        database.transact(partial(want_or_name, watch_id=pair[number % 2], taken=slot(2 * day + number % 2)))
        for day, pair in enumerate(pairs)
    ]
    database.close()
    return answers


def test_services_that_overlap_are_one_wish(database: Database, database_url: str, race: Race) -> None:
    def pair(session: Session) -> list[int]:
        both = watch_of(session, services=[PASSPORT, LICENCE])
        alone = watch_of(session, services=[LICENCE], person_id=both.person_id)
        return [both.id, alone.id]

    pairs = database.transact(lambda session: [pair(session) for _ in range(15)])

    answers = race(want_overlapping, database_url, pairs)

    for of_one_pair in zip(*answers, strict=True):
        assert Counter(of_one_pair) == {"": 1, PERSON_SERVICE: 2}


def claim_bookings(number: int, url: str, booking_ids: list[int]) -> list[int]:
    database = opened(url)
    claimed = [
        database.transact(partial(bookings.claim, booking_id=one, owner=f"p{number}", lease=MINUTE, now=NOW))
        for one in booking_ids
    ]
    database.close()
    return [booking.id for booking in claimed if booking is not None]


def test_a_booking_is_in_the_hands_of_one_worker(database: Database, database_url: str, race: Race) -> None:
    def many(session: Session) -> list[int]:
        return [booking_of(session, taken=slot(day)).id for day in range(20)]

    booking_ids = database.transact(many)

    assert sorted(chain.from_iterable(race(claim_bookings, database_url, booking_ids))) == booking_ids


def test_of_two_that_move_a_booking_at_once_one_is_told(database: Database) -> None:
    """The loser's view is stale: it must hear of it, and the timeline must show each step once."""
    booking_ids = database.transact(lambda session: [booking_of(session, taken=slot(day)).id for day in range(10)])

    def hold(booking_id: int) -> bool:
        try:
            database.transact(lambda session: bookings.move(session, booking_id, BookingState.HOLDING, now=NOW))
        except IllegalMove:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(hold, booking_ids * 4))

    assert sum(moved) == 10
    with database.reading() as session:
        kinds = [[event.kind for event in events.of_booking(session, one)] for one in booking_ids]
    assert kinds == [["booking.wanted", "booking.holding"]] * 10


def test_a_move_on_a_row_that_changed_since_it_was_read_is_refused(fresh_postgres_url: str) -> None:
    database = opened(fresh_postgres_url)
    database.migrate()
    booking_id = database.transact(booking_of).id

    with database.transaction() as slow:
        assert bookings.get(slow, booking_id).state is BookingState.WANTED
        database.transact(lambda session: walk(session, booking_id, BookingState.HOLDING))
        with pytest.raises(IllegalMove):
            bookings.move(slow, booking_id, BookingState.HOLDING, now=NOW)

    database.close()


def join_target(_number: int, url: str) -> list[int]:
    database = opened(url)
    joined = [database.transact(partial(watch_of, contact=BELA, services=[ServiceCount(n)])) for n in range(1, 11)]
    database.close()
    return [watch.target_id for watch in joined]


def test_watches_that_come_at_once_share_their_target(database: Database, database_url: str, race: Race) -> None:
    joined = race(join_target, database_url)

    assert joined[0] == joined[1] == joined[2]
    with database.reading() as session:
        assert len(targets.list(session)) == 10
        assert len(watches.list(session)) == 30


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path, race: Race) -> None:
    path = tmp_path / "keys"

    sealed = race(seal_with_file, str(path))

    assert {Keyring.from_file(path).open(one) for one in sealed} == {"0", "1", "2"}
    assert list(tmp_path.iterdir()) == [path]


def seal_with_file(number: int, path: str) -> str:
    return Keyring.from_file(Path(path)).seal(str(number))
