"""Services, offices and spans of time as a person reads them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot import texts
from bot.texts import Words
from core.catalog import Catalog
from core.services import ServiceCount

MOST_OFFICES = 5  # named one by one
_UNITS = (("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1)))


def of_services(wanted: Iterable[ServiceCount], catalog: Catalog | None, words: Words) -> str:
    return ", ".join(_service(one, catalog, words) for one in wanted)


def of_office(office_id: int, catalog: Catalog | None, words: Words) -> str:
    return texts.office(office_id, words.language, catalog)


def of_offices(office_ids: Sequence[int], catalog: Catalog | None, words: Words) -> str:
    """In the order of preference; of many, the first ones and how many more."""
    if not office_ids:
        return words.label("watches.any_office")
    shown = list(office_ids if len(office_ids) <= MOST_OFFICES + 1 else office_ids[:MOST_OFFICES])
    names = ", ".join(of_office(one, catalog, words) for one in shown)
    more = len(office_ids) - len(shown)
    return words.label("watches.and_more", names=names, number=more) if more else names


def ago(moment: datetime, words: Words, *, now: datetime) -> str:
    return words.label("watches.ago", span=_about(max(now - moment, timedelta(0)), words))


def ahead(moment: datetime, words: Words, *, now: datetime) -> str:
    left = moment - now
    if left < timedelta(seconds=2):
        return words.label("watches.any_moment")
    return words.label("watches.ahead", span=_about(left, words))


def _about(span: timedelta, words: Words) -> str:
    """In its largest unit, as it stands after a preposition."""
    for unit, length in _UNITS:
        if span >= length:
            return words.label(f"watches.age.{unit}", count=span // length)
    return words.label("watches.age.seconds", count=int(span.total_seconds()))


def _service(one: ServiceCount, catalog: Catalog | None, words: Words) -> str:
    known = catalog.service_by_id.get(one.service_id) if catalog else None
    name = known.name if known else words.label("watches.unknown_service", number=one.service_id)
    return words.label("watches.several", count=one.count, name=name) if one.count > 1 else name
