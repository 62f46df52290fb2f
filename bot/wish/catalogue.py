"""The City's catalogue, which a step cannot do without."""

from bot.context import Talk
from core.catalog import Catalog
from core.errors import Transient


class NoCatalog(Transient):
    """Nobody has asked the City for its services and offices yet."""


async def known(talk: Talk) -> Catalog:
    catalog = await talk.parts.catalog()
    if catalog is None:
        raise NoCatalog("The City's list of services is not here yet.")
    return catalog
