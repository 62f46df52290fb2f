"""A calendar that is empty all at once, looked at by a real worker on a real page."""

import pytest

from core import plausible
from core.looks import Answer
from core.slots import Slot, utc_now
from core.wishes import Mode
from models import looks, slots_seen, targets
from models.watch import Watch
from tests.jobs_fixtures import ONE_DIALECT, Works
from tests.portal_fixtures import moment
from tests.rehearsal_fixtures import KFZ

STARTS = [moment(day, hour) for day in (1, 2) for hour in range(8, 14)]


async def answers(works: Works, watch: Watch) -> list[Answer]:
    rows = await works.database.read(lambda session: looks.latest(session, watch.target_id))
    return [row.answer for row in reversed(rows)]


async def offered(works: Works, watch: Watch) -> list[Slot]:
    return list(
        await works.database.read(lambda session: slots_seen.fresh(session, watch.target_id, since=moment(-1, 0)))
    )


@ONE_DIALECT
@pytest.mark.usefixtures("generation")
async def test_sudden_emptiness_is_looked_at_again_on_a_new_page_before_it_is_believed(works: Works) -> None:
    await works.town.offer(KFZ, *STARTS)
    watch = await works.watch(mode=Mode.NOTIFY)
    await works.look(watch)
    await works.town.visitor.order("slots", remove=[{"office": KFZ, "time": one.isoformat()} for one in STARTS])

    await works.look(watch)
    target = await works.database.read(lambda session: targets.get(session, watch.target_id))
    assert target.next_look_at is not None
    assert target.next_look_at <= utc_now() + plausible.AGAIN_AFTER
    assert len(await offered(works, watch)) == len(STARTS)
    assert works.town.pool.stats().retired_total["doubted"] == 1

    await works.look(watch)
    assert await answers(works, watch) == [Answer.FREE, Answer.CHANGED, Answer.NONE]
    assert await offered(works, watch) == []
