"""Ways to ask for a little less strictly: each changes one rule of a wish, and none can lose a slot.

A relaxation is a value. `apply` gives the changed wish, `rule` is the name of the rule it changes as in
`Wish.refusals`, `code` names it where a short text is needed and is the same for the same change of the same wish.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import ClassVar, TypeAlias

from core.horizon import last_bookable
from core.slots import BERLIN
from core.wishes import DayRange, HourRange, Wish, WishRules

AN_HOUR = 1
WEEKS = (7, 14)  # days
NOTICES = (timedelta(days=1), timedelta(hours=2))
_LAST_HOUR = 23


@dataclass(frozen=True, slots=True)
class DropExcluded:
    rule: ClassVar[str] = "excluded"
    day: date

    @property
    def code(self) -> str:
        return f"day:{self.day}"

    def apply(self, wish: Wish) -> Wish:
        return _with(wish, excluded=wish.rules.excluded - {self.day})


@dataclass(frozen=True, slots=True)
class WiderHours:
    """Every range of hours begins so many hours `earlier` and ends so many `later`, within its day."""

    rule: ClassVar[str] = "hours"
    earlier: int = 0
    later: int = 0

    @property
    def code(self) -> str:
        return f"hours:-{self.earlier}+{self.later}"

    def apply(self, wish: Wish) -> Wish:
        return _with_hours(
            wish,
            (
                HourRange(start=_back(one.start, self.earlier), end=_on(one.end, self.later), weekday=one.weekday)
                for one in wish.rules.hours
            ),
        )


@dataclass(frozen=True, slots=True)
class AnyHour:
    """Any hour of the weekdays that were chosen."""

    rule: ClassVar[str] = "hours"
    code: ClassVar[str] = "hours:any"

    def apply(self, wish: Wish) -> Wish:
        whole = (HourRange(start=time.min, end=time.max, weekday=one.weekday) for one in wish.rules.hours)
        return _with_hours(wish, whole)


@dataclass(frozen=True, slots=True)
class AddWeekday:
    """One weekday more, 0 being Monday, at the hours of the others."""

    rule: ClassVar[str] = "hours"
    weekday: int

    @property
    def code(self) -> str:
        return f"weekday:{self.weekday}"

    def apply(self, wish: Wish) -> Wish:
        chosen = wish.rules.hours
        more = (HourRange(start=one.start, end=one.end, weekday=self.weekday) for one in chosen)
        return _with_hours(wish, (*chosen, *more))


@dataclass(frozen=True, slots=True)
class LaterLatest:
    rule: ClassVar[str] = "latest"
    days: int

    @property
    def code(self) -> str:
        return f"latest:+{self.days}"

    def apply(self, wish: Wish) -> Wish:
        latest = wish.rules.latest
        return wish if latest is None else _with(wish, latest=_shifted(latest, self.days))


@dataclass(frozen=True, slots=True)
class LongerRange:
    """This range of days begins so many days `earlier` or ends so many `later`."""

    rule: ClassVar[str] = "ranges"
    span: DayRange
    earlier: int = 0
    later: int = 0

    @property
    def code(self) -> str:
        return f"range:{self.span.first}/{self.span.last}:-{self.earlier}+{self.later}"

    @property
    def longer(self) -> DayRange:
        return DayRange(first=_shifted(self.span.first, -self.earlier), last=_shifted(self.span.last, self.later))

    def apply(self, wish: Wish) -> Wish:
        return _with(wish, ranges=tuple(self.longer if one == self.span else one for one in wish.rules.ranges))


@dataclass(frozen=True, slots=True)
class ShorterNotice:
    rule: ClassVar[str] = "minimum_notice"
    notice: timedelta

    @property
    def code(self) -> str:
        return f"notice:{self.notice // timedelta(hours=1)}h"

    def apply(self, wish: Wish) -> Wish:
        return _with(wish, minimum_notice=min(wish.rules.minimum_notice, self.notice))


@dataclass(frozen=True, slots=True)
class AddOffice:
    """One office more, as the last choice."""

    rule: ClassVar[str] = "offices"
    office_id: int

    @property
    def code(self) -> str:
        return f"office:{self.office_id}"

    def apply(self, wish: Wish) -> Wish:
        if not wish.office_ids or self.office_id in wish.office_ids:
            return wish
        return replace(wish, office_ids=(*wish.office_ids, self.office_id))


Relaxation: TypeAlias = (
    DropExcluded | WiderHours | AnyHour | AddWeekday | LaterLatest | LongerRange | ShorterNotice | AddOffice
)


def of(wish: Wish, *, office_ids: Iterable[int]) -> tuple[Relaxation, ...]:
    """Every relaxation of this wish, the smallest change first; `office_ids` are those that could be added."""
    one_week, two_weeks = WEEKS
    every: list[Relaxation] = [
        *map(DropExcluded, sorted(wish.rules.excluded)),
        WiderHours(earlier=AN_HOUR),
        WiderHours(later=AN_HOUR),
        *_longer(wish, one_week),
        *_more_weekdays(wish),
        *map(ShorterNotice, NOTICES),
        *_longer(wish, two_weeks),
        *map(AddOffice, sorted(set(office_ids))),
        AnyHour(),
    ]
    return tuple(one for one in every if one.apply(wish) != wish)


def opens_days_ahead(relaxation: Relaxation, wish: Wish, *, today: date) -> bool:
    """Whether it can still win anything: the days that it opens may be over for good, or asked for already."""
    relaxed = relaxation.apply(wish)
    soonest = _shifted(today, relaxed.rules.minimum_notice.days)
    last = last_bookable(today)
    if wish.before is not None:
        last = min(last, wish.before.astimezone(BERLIN).date())
    days = (_shifted(soonest, number) for number in range((last - soonest).days + 1))
    return any(_suiting(relaxed, day) not in (None, _suiting(wish, day)) for day in days)


def _suiting(wish: Wish, day: date) -> tuple[object, ...] | None:
    """What of this day the wish takes: at which hours, where, how soon. None if nothing."""
    if not wish.rules.takes_day(day):
        return None
    hours = {(one.start, one.end) for one in wish.rules.hours if one.weekday in (None, day.weekday())}
    return hours, wish.office_ids, wish.rules.minimum_notice


def _longer(wish: Wish, days: int) -> Iterator[Relaxation]:
    yield LaterLatest(days)
    for span in wish.rules.ranges:
        yield LongerRange(span, later=days)
        yield LongerRange(span, earlier=days)


def _more_weekdays(wish: Wish) -> Iterator[AddWeekday]:
    chosen = {one.weekday for one in wish.rules.hours}
    if None not in chosen:
        yield from (AddWeekday(weekday) for weekday in range(7) if weekday not in chosen)


def _with(wish: Wish, **changes: object) -> Wish:
    return replace(wish, rules=WishRules.model_validate({**dict(wish.rules), **changes}))


def _with_hours(wish: Wish, hours: Iterable[HourRange]) -> Wish:
    return _with(wish, hours=tuple(dict.fromkeys(hours)))


def _back(clock: time, hours: int) -> time:
    return clock.replace(hour=clock.hour - hours) if clock.hour >= hours else time.min


def _on(clock: time, hours: int) -> time:
    return clock.replace(hour=clock.hour + hours) if clock.hour + hours <= _LAST_HOUR else time.max


def _shifted(day: date, days: int) -> date:
    moved = day.toordinal() + days
    return date.fromordinal(min(max(moved, date.min.toordinal()), date.max.toordinal()))
