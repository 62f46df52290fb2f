"""A target is nobody's again once its look is not made: because nobody waits for it, or because Redis is away."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from core.looks import Answer, Look
from core.slots import utc_now
from models import targets, watches
from models.database import Database
from tests.models_cast import BELA, watch_of
from workers import look, queue, scheduler
from workers.queue import LOOK_CLAIM, Queue, QueueUnreachable

LANE = "main"


@pytest.fixture
def nowhere(tmp_path: Path) -> Queue:
    """A queue whose Redis does not run."""
    return queue.connect(f"unix://{tmp_path / 'nobody-listens.sock'}")


def claimed(session: Session) -> tuple[int, int]:
    """A watch and its target, which the scheduler has claimed and sent a look for."""
    watch = watch_of(session, now=utc_now())
    assert targets.claim_due(session, now=utc_now(), owner="scheduler", lease=LOOK_CLAIM, limit=5)
    return watch.id, watch.target_id


def can_be_claimed(session: Session, target_id: int) -> bool:
    return targets.claim_one(session, target_id, now=utc_now(), owner="next", lease=timedelta(seconds=1))


async def test_who_comes_after_the_last_one_left_is_looked_for_at_once(database: Database) -> None:
    watch_id, target_id = await database.act(claimed)
    await database.act(lambda session: watches.stop(session, watch_id, now=utc_now()))

    found = await database.act(
        lambda session: look._wanted(session, target_id, lane=LANE, site_url="", run="worker/run")
    )
    await database.act(lambda session: watch_of(session, BELA, now=utc_now()))

    assert found is None
    assert await database.act(lambda session: can_be_claimed(session, target_id))


async def test_a_look_under_way_keeps_its_target(database: Database) -> None:
    _, target_id = await database.act(claimed)

    found = await database.act(
        lambda session: look._wanted(session, target_id, lane=LANE, site_url="", run="worker/run")
    )

    assert found is not None
    assert not await database.act(lambda session: can_be_claimed(session, target_id))


async def test_what_could_not_be_sent_is_due_again(database: Database, nowhere: Queue) -> None:
    target_id = await database.act(lambda session: watch_of(session, now=utc_now()).target_id)

    with pytest.raises(QueueUnreachable):
        await scheduler.send_due(
            database, nowhere, lane=LANE, owner="scheduler", rhythm=scheduler.Rhythm(), now=utc_now()
        )

    assert await database.act(lambda session: can_be_claimed(session, target_id))


async def test_looks_whose_messages_are_lost_are_due_again_but_not_those_in_hand(database: Database) -> None:
    _, lost = await database.act(claimed)
    await database.act(lambda session: targets.sent_in_vain(session, owner="scheduler"))
    assert await database.act(lambda session: can_be_claimed(session, lost))

    await database.act(lambda session: look._wanted(session, lost, lane=LANE, site_url="", run="worker/run"))
    await database.act(lambda session: targets.sent_in_vain(session, owner="scheduler"))
    assert not await database.act(lambda session: can_be_claimed(session, lost))


async def test_the_first_look_of_a_new_watch_is_due_again_too(database: Database) -> None:
    target_id = await database.act(lambda session: watch_of(session, now=utc_now()).target_id)
    made, hour = f"{targets.MADE}{target_id}", timedelta(hours=1)
    await database.act(lambda session: targets.claim_one(session, target_id, now=utc_now(), owner=made, lease=hour))

    await database.act(lambda session: targets.sent_in_vain(session, owner="scheduler"))

    assert await database.act(lambda session: can_be_claimed(session, target_id))


async def test_who_came_since_the_last_look_makes_the_next_one_urgent(database: Database) -> None:
    before = utc_now()
    _, target_id = await database.act(claimed)

    def wanted(session: Session) -> look.Wanted | None:
        return look._wanted(session, target_id, lane=LANE, site_url="", run="worker/run")

    first = await database.act(wanted)
    seen = Look(answer=Answer.NONE, started_at=before, finished_at=utc_now())
    await database.act(lambda session: targets.answered(session, target_id, seen, next_look_at=utc_now()))
    later = await database.act(wanted)
    await database.act(lambda session: watch_of(session, BELA, now=utc_now()))
    with_bela = await database.act(wanted)

    assert [one.newcomer for one in (first, later, with_bela) if one] == [True, False, True]
