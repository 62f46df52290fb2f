"""The look at a search that was just begun, changed or taken up again: now, not with the scheduler's next round."""

import asyncio

from bot.context import Talk
from core.errors import Transient
from models.watch import Watch, WatchState


async def send(talk: Talk, watch: Watch) -> bool:
    """False leaves it to the scheduler, which sends what is due. None is due while the watch rests."""
    if watch.state is not WatchState.OPEN:
        return False
    try:
        await asyncio.to_thread(talk.parts.queue.first_look, talk.parts.database, watch.target_id)
    except Transient:
        return False
    return True
