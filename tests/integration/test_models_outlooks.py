"""What can be seen for those who wait, and what keeps anybody from seeing."""

from datetime import timedelta

from sqlmodel import Session

from core.looks import Answer
from models import halts, lanes, looks, outlooks, targets
from models.database import Database
from models.outlooks import Outlook
from tests.models_cast import MINUTE, NOW, looked, watch_of

LATER = NOW + timedelta(seconds=40)


def seen_at(session: Session, answer: Answer) -> int:
    target_id = watch_of(session).target_id
    look = looked(answer, at=NOW)
    looks.record(session, target_id, "main", look)
    targets.answered(session, target_id, look, next_look_at=NOW + MINUTE)
    return target_id


def outlook(session: Session, target_id: int) -> Outlook:
    return outlooks.of_targets(session, [target_id], now=LATER)[target_id]


def test_who_sees_is_told_when_it_last_was_and_when_it_will_be(database: Database) -> None:
    target_id = database.transact(lambda session: seen_at(session, Answer.NONE))
    with database.reading() as session:
        assert outlook(session, target_id) == Outlook(NOW, next_look_at=NOW + MINUTE)


def test_a_blind_look_gives_its_answer(database: Database) -> None:
    target_id = database.transact(lambda session: seen_at(session, Answer.CAPTCHA))
    with database.reading() as session:
        assert outlook(session, target_id) == Outlook(None, NOW, "captcha", NOW + MINUTE)


def overlooked(database: Database, *, paused: bool, trouble: str | None = None) -> Outlook:
    """The last look saw something; since then nobody has looked."""

    def happens(session: Session) -> Outlook:
        target_id = seen_at(session, Answer.NONE)
        targets.get(session, target_id).blind_since = NOW
        lane = lanes.ensure(session, "main")
        lane.paused, lane.trouble = paused, trouble
        lane.breaker_until = NOW + 10 * MINUTE if trouble else None
        session.flush()
        return outlook(session, target_id)

    return database.transact(happens)


def test_nothing_free_is_never_why_nobody_sees(database: Database) -> None:
    assert overlooked(database, paused=False).why == "unlooked"


def test_a_paused_lane_looks_at_no_time(database: Database) -> None:
    found = overlooked(database, paused=True)

    assert (found.why, found.next_look_at) == ("paused", None)


def test_a_resting_lane_looks_when_its_rest_is_over(database: Database) -> None:
    found = overlooked(database, paused=False, trouble="throttled")

    assert (found.why, found.next_look_at) == ("throttled", NOW + 10 * MINUTE)


def test_a_service_that_is_halted_is_looked_at_at_no_time(database: Database) -> None:
    def happens(session: Session) -> tuple[Outlook, Outlook]:
        target_id = seen_at(session, Answer.CAPTCHA)
        [service] = targets.get(session, target_id).services
        halts.halt(session, service.service_id, now=LATER)
        while_halted = outlook(session, target_id)
        halts.lift(session, service.service_id)
        return while_halted, outlook(session, target_id)

    while_halted, afterwards = database.transact(happens)

    assert (while_halted.why, while_halted.next_look_at) == ("paused", None)
    assert (afterwards.why, afterwards.next_look_at) == ("captcha", NOW + MINUTE)
