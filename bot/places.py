"""Where an office is: its address in words, and a link to a map that only the person's own app asks."""

from urllib.parse import quote

from bot.markup import Html, escaped
from bot.screens import Link, short
from bot.texts import Words, office
from core.catalog import Catalog, Office

_MAP = "https://www.openstreetmap.org"


def name(office_id: int, words: Words, catalog: Catalog | None) -> Html:
    return escaped(office(office_id, words.language, catalog))


def address(office_id: int, catalog: Catalog | None) -> Html:
    """Empty where the City's catalogue names none."""
    found = _found(office_id, catalog)
    return escaped(found.address) if found is not None else Html("")


def map_link(office_id: int, words: Words, catalog: Catalog | None) -> tuple[Link, ...]:
    """One link, or none where nobody knows the place."""
    found = _found(office_id, catalog)
    if found is None or not (found.address or found.latitude):
        return ()
    return (Link(short(words.label("place.map")), _address_of_map(found)),)


def _address_of_map(found: Office) -> str:
    if found.latitude is not None and found.longitude is not None:
        latitude, longitude = f"{found.latitude:.6f}", f"{found.longitude:.6f}"
        return f"{_MAP}/?mlat={latitude}&mlon={longitude}#map=18/{latitude}/{longitude}"
    return f"{_MAP}/search?query={quote(found.address)}"


def _found(office_id: int, catalog: Catalog | None) -> Office | None:
    return catalog.office_by_id.get(office_id) if catalog is not None else None
