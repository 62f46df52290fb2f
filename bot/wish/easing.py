"""What a wish would have had last week, told honestly, and the one change that would have helped most."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final

from bot.markup import Html, plain
from bot.texts import Words
from bot.wish import wording
from core import relaxations
from core.catalog import Catalog
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
from core.sight import Span
from core.wishes import Wish
from models import recorded
from models.database import Session

WEEK: Final = timedelta(days=7)
HOUR: Final = timedelta(hours=1)
LONGEST_NAME: Final = 40  # of an office on a button


@dataclass(frozen=True, slots=True)
class Lately:
    """`best` is the change that would have won most, where there was nothing at all."""

    history: History
    best: Gain | None


def lately(
    session: Session, services: Sequence[ServiceCount], wish: Wish, *, office_ids: Sequence[int], now: datetime
) -> Lately:
    """`office_ids` are those that offer the services: no other may be proposed."""
    history = recorded.history(session, services, wish, Span(now - WEEK, now), others=office_ids)
    possible = [one for one in history.had.gains if _can_be_had(one.relaxation, wish, office_ids, now=now)]
    return Lately(history, best=possible[0] if possible and not history.had.pleasing else None)


def mark_of(relaxation: Relaxation) -> int:
    """Its code, short enough for a button."""
    return zlib.crc32(relaxation.code.encode())


def found(wish: Wish, mark: int, *, office_ids: Sequence[int]) -> Relaxation | None:
    """The change of this wish that the button named."""
    return next((one for one in relaxations.of(wish, office_ids=office_ids) if mark_of(one) == mark), None)


def in_words(told: Lately, words: Words) -> Html:
    """Nothing is said of slots where nobody could have seen any."""
    had, concerned = told.history.had, told.history.concerned
    seen = max(concerned, default=timedelta(0)) > timedelta(0)
    if not seen and not had.pleasing:
        return words.say("wish_when.lately.unseen")
    sight = _sight(concerned, words) if seen else Html("")
    if had.pleasing:
        return Html(f"{words.say('wish_when.lately.had', count=len(had.pleasing))} {sight}".strip())
    help_ = words.say("wish_when.lately.help") if told.best else words.say("wish_when.lately.no_help")
    return Html(f"{words.say('wish_when.lately.nothing')} {sight} {help_}")


def _sight(concerned: Sequence[timedelta], words: Words) -> Html:
    """For how many hours of the week somebody looked, begun ones counted in."""
    least, most = (ceil(one / HOUR) for one in (min(concerned), max(concerned)))
    if least == most:
        return words.say("wish_when.lately.sight", number=most, most=WEEK // HOUR)
    return words.say("wish_when.lately.sight_by_office", first=least, last=most, most=WEEK // HOUR)


def offer(gain: Gain, words: Words, catalog: Catalog | None) -> str:
    """For a button."""
    return words.label("wish_when.ease.button", name=change(gain.relaxation, words, catalog), number=gain.more)


def change(relaxation: Relaxation, words: Words, catalog: Catalog | None) -> str:
    match relaxation:
        case AddOffice(office_id):
            office = catalog.office_by_id.get(office_id) if catalog else None
            name = office.name if office else words.label("wish_when.office", number=office_id)
            return words.label("wish_when.ease.office", name=plain(name, longest=LONGEST_NAME))
        case ShorterNotice(notice):
            return words.label("wish_when.ease.notice", span=notice)
        case AnyHour() | AddWeekday() | WiderHours():
            return _of_hours(relaxation, words)
        case DropExcluded() | LaterLatest() | LongerRange():
            return _of_days(relaxation, words)


def _of_hours(relaxation: AnyHour | AddWeekday | WiderHours, words: Words) -> str:
    match relaxation:
        case AnyHour():
            return words.label("wish_when.ease.any_hour")
        case AddWeekday(weekday):
            return words.label("wish_when.ease.weekday", name=wording.weekday(weekday, words))
        case WiderHours(earlier):
            return words.label("wish_when.ease.earlier" if earlier else "wish_when.ease.later")


def _of_days(relaxation: DropExcluded | LaterLatest | LongerRange, words: Words) -> str:
    match relaxation:
        case DropExcluded(day):
            return words.label("wish_when.ease.day", name=wording.short_day(day, words))
        case LaterLatest(days):
            return words.label("wish_when.ease.latest", count=days)
        case LongerRange(later=0):
            return words.label("wish_when.ease.begin", name=wording.short_day(relaxation.longer.first, words))
        case LongerRange():
            return words.label("wish_when.ease.end", name=wording.short_day(relaxation.longer.last, words))


def _can_be_had(relaxation: Relaxation, wish: Wish, office_ids: Sequence[int], *, now: datetime) -> bool:
    """What would have won something lately may be over by now, or not be offered any more."""
    if isinstance(relaxation, AddOffice):
        return relaxation.office_id in office_ids
    return _opens_a_day(relaxation.apply(wish), wish, today=now.date())


def _opens_a_day(relaxed: Wish, wish: Wish, *, today: date) -> bool:
    """Whether it can still win anything: days that are over are no gain."""
    if relaxed.rules.last_day is not None and relaxed.rules.last_day < today:
        return False
    if relaxed.rules.ranges == wish.rules.ranges and relaxed.rules.excluded == wish.rules.excluded:
        return True
    soon = (today + timedelta(days=number) for number in range(400))
    return any(relaxed.rules.takes_day(day) and not wish.rules.takes_day(day) for day in soon)
