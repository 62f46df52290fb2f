"""Relaxations as a person meets them: which one is worth a button, what it is called, and what the button carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2s

from bot import texts
from bot.markup import plain
from bot.screens import short
from bot.texts import Words
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
from core.replay import Gain, History
from core.services import ServiceCount
from core.wanted import check_wanted, missing_fields
from core.wishes import Wish

_MARK_BYTES = 5
_LONGEST_NAME = 36  # of an office: what it would bring must have room on the button too


@dataclass(frozen=True, slots=True, repr=False)
class Permits:
    """Whether a change can be made: by the calendar, the City's catalogue, and what the person gave of themselves.

    `contact` is None while nobody is named: whoever will be is asked for what the offices demand.
    """

    services: Sequence[ServiceCount]
    contact: Contact | None
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
        return self.contact is None or not missing_fields([self.catalog.office_by_id[office_id]], self.contact)


def best(history: History, permits: Permits) -> Gain | None:
    """The one that would have won most, of those that can be made."""
    return next((gain for gain in history.had.gains if permits(gain.relaxation, history.wish)), None)


def mark(relaxation: Relaxation) -> str:
    """Its code, short enough for a button."""
    return blake2s(relaxation.code.encode(), digest_size=_MARK_BYTES).hexdigest()


def marked(wish: Wish, given: str, permits: Permits) -> Relaxation | None:
    """The one with this mark, if it can be made: the wish may be another one by now, and anybody can forge a button."""
    catalog = permits.catalog
    offered = [office.id for office in catalog.offices_for(permits.services)] if catalog else []
    named = (one for one in relaxations.of(wish, office_ids=offered) if mark(one) == given)
    return next((one for one in named if permits(one, wish)), None)


def offer(gain: Gain, catalog: Catalog | None, words: Words) -> str:
    """For a button."""
    return short(words.label("relax.more", name=label(gain.relaxation, catalog, words), count=gain.more))


def label(relaxation: Relaxation, catalog: Catalog | None, words: Words) -> str:
    match relaxation:
        case AddOffice(office_id):
            name = plain(texts.office(office_id, words.language, catalog), longest=_LONGEST_NAME)
            return words.label("relax.office", name=name)
        case ShorterNotice(notice):
            return words.label("relax.notice", span=notice)
        case AnyHour() | WiderHours() | AddWeekday():
            return _of_hours(relaxation, words)
        case DropExcluded() | LaterLatest() | LongerRange():
            return _of_days(relaxation, words)


def _of_hours(relaxation: AnyHour | WiderHours | AddWeekday, words: Words) -> str:
    match relaxation:
        case AnyHour():
            return words.label("relax.any_hour")
        case WiderHours(earlier, later):
            return words.label("relax.earlier" if earlier else "relax.later", count=earlier or later)
        case AddWeekday(weekday):
            return words.label("relax.weekday", name=texts.weekday(weekday, words.language))


def _of_days(relaxation: DropExcluded | LaterLatest | LongerRange, words: Words) -> str:
    match relaxation:
        case DropExcluded(day):
            return words.label("relax.excluded", when=day)
        case LaterLatest(days):
            return words.label("relax.latest", count=days)
        case LongerRange(earlier=0):
            return words.label("relax.range_end", when=relaxation.longer.last)
        case LongerRange():
            return words.label("relax.range_begin", when=relaxation.longer.first)
