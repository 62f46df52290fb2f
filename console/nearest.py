"""A service or an office given by its name: refused, with the numbers of those that are called like it."""

import asyncio
from collections.abc import Iterable, Sequence

from config.settings import Settings
from console import one_look
from console.store import Store
from core.catalog import Catalog
from core.errors import BadInput
from core.wanted import Match, search_offices, search_services

NAMED = 3
_SEARCH = "Search with: mta catalog search TEXT"


def refuse_words(kept: Store, settings: Settings, *, services: Sequence[str], offices: Sequence[str]) -> None:
    """Raise BadInput for the first name among numbers; the catalogue is asked for only if there is one."""
    if any(map(_is_name, (*services, *offices))):
        refuse_names(asyncio.run(one_look.catalog_of(kept, settings)), services=services, offices=offices)


def refuse_names(catalog: Catalog, *, services: Iterable[str], offices: Iterable[str]) -> None:
    for name in filter(_is_name, services):
        found = search_services(catalog, name, limit=NAMED)
        raise BadInput(f"“{name}” is not a service's number.", field="service", hint=_hint(found))
    for name in filter(_is_name, offices):
        found = search_offices(catalog, name, limit=NAMED)
        raise BadInput(f"“{name}” is not an office's number.", field="office", hint=_hint(found))


def _hint(found: Sequence[Match]) -> str:
    if not found:
        return f"Nothing is called like it. {_SEARCH}"
    return f"Nearest: {', '.join(f'{one.name} ({one.id})' for one in found)}."


def _is_name(written: str) -> bool:
    return written.strip()[:1].isalpha()
