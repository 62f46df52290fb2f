"""Everything that is kept about a chat, as a file that a person can read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.texts import Words, office
from core.catalog import Catalog


def written(kept: Mapping[str, Any], words: Words, catalog: Catalog | None) -> bytes:
    """JSON with a first section that explains the others, and the City's names for its numbers."""
    sections = sorted({*kept, *(name for person in kept["persons"] for name in person), "names"})
    explained = {name: words.label(f"privacy.tables.{name}") for name in sections}
    whole = {
        words.label("privacy.tables.explained"): explained,
        "names": names(kept, words, catalog),
        **kept,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def files(kept: Mapping[str, Any]) -> Sequence[str]:
    """The pictures and calendar entries that belong to it, by their paths."""
    booked = [booking for person in kept["persons"] for booking in person["booking"]]
    return [one[name] for one in booked for name in ("screenshot_path", "calendar_path") if one[name]]


def names(kept: Mapping[str, Any], words: Words, catalog: Catalog | None) -> dict[str, dict[str, str]]:
    """By number, for what occurs in it."""
    offices, wanted = set(_offices(kept)), set(_services(kept))
    by_id = catalog.service_by_id if catalog else {}
    return {
        "offices": {str(one): office(one, words.language, catalog) for one in sorted(offices)},
        "services": {str(one): by_id[one].name for one in sorted(wanted) if one in by_id},
    }


def _offices(kept: Mapping[str, Any]) -> Iterator[int]:
    for person in kept["persons"]:
        yield from (one["office_id"] for one in person["booking"])
        yield from (office_id for one in person["watch"] for office_id in one["office_ids"])


def _services(kept: Mapping[str, Any]) -> Iterator[int]:
    for person in kept["persons"]:
        for one in person["watch"]:
            yield from (service["service_id"] for service in one["services"])
