"""DAYS: which days suit, tapped on a calendar."""

from datetime import date, timedelta

from bot.context import Talk
from bot.wish import ranges
from bot.wish.calendar import month_of
from bot.wish.day_screen import (
    MOST_EXCLUDED,
    MOST_RANGES,
    AnyDay,
    DaysDone,
    Does,
    DropRange,
    NextWeeks,
    NoExcluded,
    NoLatest,
    PickDay,
    TurnMonth,
    UseDays,
    WeekdayHead,
    begun,
    bookable,
    draw,
)
from bot.wish.form import Form, StepName
from bot.wish.step import Step
from core.errors import BadInput
from core.wishes import DayRange, WishRules

SOON = timedelta(days=13)  # with today two weeks


async def pick(talk: Talk, form: Form, tapped: PickDay) -> Form:
    _check(talk, tapped.day)
    match tapped.does:
        case Does.BEGIN:
            return form.changed(view={**form.view, "from": tapped.day.isoformat()})
        case Does.END:
            return _taken(form, tapped.day)
        case Does.SKIP:
            return _skipped(form, tapped.day)
        case Does.KEEP:
            return _with(form, excluded=form.rules.excluded - {tapped.day})
        case Does.LATEST:
            return _with(form, latest=tapped.day).changed(view={"month": month_of(tapped.day).isoformat()})


async def turn(talk: Talk, form: Form, to: TurnMonth) -> Form:
    first, last = bookable(talk)
    month = min(max(month_of(to.month), month_of(first)), month_of(last))
    return form.changed(view={**form.view, "month": month.isoformat()})


async def head(talk: Talk, form: Form, _: WeekdayHead) -> Form:
    await talk.toast(talk.words.label("wish_when.days.head"))
    return form


async def use(_: Talk, form: Form, chosen: UseDays) -> Form:
    month = {"month": form.view["month"]} if "month" in form.view else {}
    return form.changed(view={**month, "use": str(chosen.use)})


async def any_day(_: Talk, form: Form, __: AnyDay) -> Form:
    return _with(form, ranges=(), latest=None).changed(view={})


async def next_weeks(talk: Talk, form: Form, _: NextWeeks) -> Form:
    today, _last = bookable(talk)
    return _with(form, ranges=(DayRange(first=today, last=today + SOON),), latest=None).changed(view={})


async def drop(_: Talk, form: Form, gone: DropRange) -> Form:
    left = tuple(one for one in form.rules.ranges if (one.first, one.last) != (gone.first, gone.last))
    return _with(form, ranges=left)


async def no_excluded(_: Talk, form: Form, __: NoExcluded) -> Form:
    return _with(form, excluded=frozenset())


async def no_latest(_: Talk, form: Form, __: NoLatest) -> Form:
    return _with(form, latest=None)


async def done(_: Talk, form: Form, __: DaysDone) -> Form:
    return form.onward()


def _taken(form: Form, day: date) -> Form:
    """From the day tapped before, or for this day alone."""
    grown = ranges.added(form.rules.ranges, ranges.between(begun(form) or day, day))
    if len(grown) > MOST_RANGES:
        raise BadInput("These are too many ranges of days.", field="days", code="ranges_full", count=MOST_RANGES)
    return _with(form, ranges=grown).changed(view={"month": month_of(day).isoformat()})


def _skipped(form: Form, day: date) -> Form:
    excluded = form.rules.excluded | {day}
    if len(excluded) > MOST_EXCLUDED:
        raise BadInput("These are too many excluded days.", field="days", code="excluded_full", count=MOST_EXCLUDED)
    return _with(form, excluded=excluded)


def _check(talk: Talk, day: date) -> None:
    first, last = bookable(talk)
    if day < first:
        raise BadInput("That day is over.", field="day", code="day_past")
    if day > last:
        raise BadInput("The City gives no appointments so far ahead.", field="day", code="day_far")


def _with(form: Form, **rules: object) -> Form:
    return form.changed(rules=WishRules.model_validate({**dict(form.rules), **rules}))


STEP = Step(
    StepName.DAYS,
    draw,
    taps={
        PickDay: pick,
        TurnMonth: turn,
        WeekdayHead: head,
        UseDays: use,
        AnyDay: any_day,
        NextWeeks: next_weeks,
        DropRange: drop,
        NoExcluded: no_excluded,
        NoLatest: no_latest,
        DaysDone: done,
    },
)
