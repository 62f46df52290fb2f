"""A calendar that was full a moment ago and now says that nothing at all is left is asked again before it is believed.

That is how a broken backend, a page of the wrong office or an emptied cache looks; and, rarely, a release that is over.
The price of asking once more is one look; the price of believing would be every slot counted as gone.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.looks import Answer, Look
from core.slots import Slot

MANY = 10  # slots; fewer than these are gone within a minute on any good morning
RECENT = timedelta(minutes=10)  # what was seen longer ago may well be gone by now
AGAIN_AFTER = timedelta(seconds=15)
EMPTIED = "The City offered many slots a moment ago and now none at all. It is asked again before that is believed."


def emptied(look: Look, before: Iterable[Slot], *, seen_at: datetime | None) -> bool:
    """Whether this look says "none" too suddenly. `before` is what the last good look saw, which ended at `seen_at`."""
    if look.answer is not Answer.NONE or seen_at is None or look.started_at - seen_at > RECENT:
        return False
    ahead = [slot for slot in before if slot.starts_at > look.finished_at]
    spread = max(len({slot.day for slot in ahead}), len({slot.office_id for slot in ahead}))
    return len(ahead) >= MANY and spread > 1


def doubted(look: Look) -> Look:
    """The same look, not believed."""
    return replace(look, answer=Answer.CHANGED, detail=EMPTIED)
