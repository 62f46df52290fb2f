"""The City's catalogue, which a step cannot do without."""

import asyncio

from bot.context import Talk
from core.catalog import Catalog
from core.errors import Transient
from workers.queue import QueueUnreachable


class NoCatalog(Transient):
    """Nobody has asked the City for its services and offices yet."""


async def known(talk: Talk) -> Catalog:
    catalog = await talk.parts.catalog()
    if catalog is None:
        raise NoCatalog("The City's list of services is not here yet.")
    return catalog


async def send_for_it(talk: Talk) -> bool:
    """Whether somebody is on the way; else the scheduler sends for it once the queue is back."""
    try:
        await asyncio.to_thread(talk.parts.queue.catalog)
    except QueueUnreachable:
        return False
    return True
