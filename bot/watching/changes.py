"""Relaxations as a person meets them: which one is worth a button, what it is called, and what it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2s

from bot import texts
from bot.texts import Words
from bot.watching import naming
from core import relaxations
from core.catalog import Catalog
from core.contact import Contact
from core.errors import BadInput
from core.relaxations import (
    AddOffice,
    AddWeekday,
    AnyHour,
    DropExcluded,
    LaterLatest,
    LongerRange,
    Relaxation,
    ShorterNotice,
    WiderHours,
)
from core.services import ServiceCount
from core.wanted import check_wanted, missing_fields
from core.wishes import Wish

_MARK_BYTES = 5


@dataclass(frozen=True, slots=True, repr=False)
class Permits:
    """Whether a change can be made: by the calendar, the City's catalogue, and what the person gave of themselves."""

    services: Sequence[ServiceCount]
    contact: Contact
    catalog: Catalog | None
    today: date

    def __call__(self, relaxation: Relaxation, wish: Wish) -> bool:
        if not relaxations.opens_days_ahead(relaxation, wish, today=self.today):
            return False
        return not isinstance(relaxation, AddOffice) or self._takes(relaxation.office_id)

    def _takes(self, office_id: int) -> bool:
        if self.catalog is None:
            return False
        try:
            check_wanted(self.catalog, self.services, [office_id])
        except BadInput:
            return False
        return not missing_fields([self.catalog.office_by_id[office_id]], self.contact)


def mark(relaxation: Relaxation) -> str:
    """Its code, short enough for a button."""
    return blake2s(relaxation.code.encode(), digest_size=_MARK_BYTES).hexdigest()


def permitted(wish: Wish, change: str, permits: Permits) -> Relaxation | None:
    """The one with this mark, if it can be made: the wish may be another one by now, and anybody can forge a button."""
    catalog = permits.catalog
    offered = [office.id for office in catalog.offices_for(permits.services)] if catalog else []
    named = (one for one in relaxations.of(wish, office_ids=offered) if mark(one) == change)
    return next((one for one in named if permits(one, wish)), None)


def label(relaxation: Relaxation, catalog: Catalog | None, words: Words) -> str:
    match relaxation:
        case AddOffice(office_id):
            return words.label("why.change.office", name=naming.of_office(office_id, catalog, words))
        case ShorterNotice(notice):
            return words.label("why.change.notice", span=notice)
        case AnyHour() | WiderHours() | AddWeekday():
            return _of_hours(relaxation, words)
        case DropExcluded() | LaterLatest() | LongerRange():
            return _of_days(relaxation, words)


def _of_hours(relaxation: AnyHour | WiderHours | AddWeekday, words: Words) -> str:
    match relaxation:
        case AnyHour():
            return words.label("why.change.any_hour")
        case WiderHours(earlier, later):
            return words.label("why.change.earlier" if earlier else "why.change.later", count=earlier or later)
        case AddWeekday(weekday):
            return words.label("why.change.weekday", name=texts.weekday(weekday, words.language))


def _of_days(relaxation: DropExcluded | LaterLatest | LongerRange, words: Words) -> str:
    match relaxation:
        case DropExcluded(day):
            return words.label("why.change.excluded", when=day)
        case LaterLatest(days):
            return words.label("why.change.latest", count=days)
        case LongerRange(_, earlier, later):
            return words.label(
                "why.change.range_earlier" if earlier else "why.change.range_later", count=earlier or later
            )
