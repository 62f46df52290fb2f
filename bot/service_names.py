"""The City's names of its services, as a person reads them."""

from collections.abc import Iterable, Sequence

from bot.markup import plain
from bot.texts import Words
from core.catalog import Catalog
from core.services import ServiceCount

LONGEST = 60


def name_of(service_id: int, words: Words, catalog: Catalog | None) -> str:
    known = catalog.service_by_id.get(service_id) if catalog else None
    return plain(known.name, longest=LONGEST) if known else words.label("status.unknown_service", number=service_id)


def names_of(services: Iterable[ServiceCount], words: Words, catalog: Catalog | None) -> str:
    """Several with their counts, such as two passports and an identity card."""
    return " + ".join(
        f"{name_of(one.service_id, words, catalog)} ({one.count})"
        if one.count > 1
        else name_of(one.service_id, words, catalog)
        for one in services
    )


def matching(text: str, catalog: Catalog | None) -> Sequence[int]:
    """The services whose names hold every word of the text, the shortest names first."""
    wanted = text.casefold().split()
    every = catalog.services if catalog else ()
    fits = [one for one in every if all(word in one.name.casefold() for word in wanted)]
    return [one.id for one in sorted(fits, key=lambda one: (len(one.name), one.name))]
