"""DAYS: which days suit, on a calendar that is used for days to take, days to leave out, and the latest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.callbacks import Callback
from bot.context import Talk
from bot.markup import Html
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows
from bot.texts import Words
from bot.wish import ranges, wording
from bot.wish.calendar import Mark, month_of, month_rows
from bot.wish.form import Form, StepName
from bot.wish.step import Step
from core.errors import BadInput
from core.horizon import last_bookable
from core.slots import BERLIN
from core.wishes import DayRange, WishRules

SOON = timedelta(days=13)  # with today two weeks
MOST_RANGES, MOST_EXCLUDED = 8, 60


class Use(StrEnum):
    """What a tap on a day does."""

    TAKE = "take"
    SKIP = "skip"
    LATEST = "last"


@dataclass(frozen=True)
class PickDay(Callback, word="dday"):
    day: date
    use: Use


@dataclass(frozen=True)
class TurnMonth(Callback, word="dmonth"):
    month: date


@dataclass(frozen=True)
class WeekdayHead(Callback, word="dhead"):
    pass


@dataclass(frozen=True)
class UseDays(Callback, word="duse"):
    use: Use


@dataclass(frozen=True)
class AnyDay(Callback, word="dany"):
    pass


@dataclass(frozen=True)
class NextWeeks(Callback, word="dsoon"):
    pass


@dataclass(frozen=True)
class DropRange(Callback, word="ddrop"):
    first: date
    last: date


@dataclass(frozen=True)
class NoExcluded(Callback, word="dall"):
    pass


@dataclass(frozen=True)
class NoLatest(Callback, word="dnolast"):
    pass


@dataclass(frozen=True)
class DaysDone(Callback, word="ddone"):
    pass


async def draw(talk: Talk, form: Form) -> Screen:
    words, rules, use = talk.words, form.rules, _use(form)
    return Screen(
        paragraphs(
            words.say("wish_when.days.title"),
            lines(words.say("wish_when.days.chosen"), wording.days(rules, words, most=MOST_EXCLUDED)),
            _what_now(form, words),
            words.say("wish_when.days.legend"),
        ),
        (
            *_quick(words, use),
            *_calendar(talk, form),
            *_taking_back(form, words),
            *rows(Button(words.label("wish_when.on"), DaysDone())),
        ),
    )


async def pick(talk: Talk, form: Form, tapped: PickDay) -> Form:
    """As the button was drawn, whatever the calendar is used for by now."""
    _check(talk, tapped.day)
    match tapped.use:
        case Use.TAKE:
            return _taken(form, tapped.day)
        case Use.SKIP:
            return _skipped(form, tapped.day)
        case Use.LATEST:
            return _with(form, latest=tapped.day).changed(view={"month": month_of(tapped.day).isoformat()})


async def turn(talk: Talk, form: Form, to: TurnMonth) -> Form:
    first, last = _span(talk)
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
    today, _last = _span(talk)
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
    """The first tap begins a range, the second ends it."""
    begun = _begun(form)
    if begun is None:
        return form.changed(view={**form.view, "from": day.isoformat()})
    grown = ranges.added(form.rules.ranges, ranges.between(begun, day))
    if len(grown) > MOST_RANGES:
        raise BadInput("These are too many ranges of days.", field="days", code="ranges_full", count=MOST_RANGES)
    return _with(form, ranges=grown).changed(view={"month": month_of(day).isoformat()})


def _skipped(form: Form, day: date) -> Form:
    excluded = form.rules.excluded ^ {day}
    if len(excluded) > MOST_EXCLUDED:
        raise BadInput("These are too many excluded days.", field="days", code="excluded_full", count=MOST_EXCLUDED)
    return _with(form, excluded=excluded)


def _check(talk: Talk, day: date) -> None:
    first, last = _span(talk)
    if day < first:
        raise BadInput("That day is over.", field="day", code="day_past")
    if day > last:
        raise BadInput("The City gives no appointments so far ahead.", field="day", code="day_far")


def _with(form: Form, **rules: object) -> Form:
    return form.changed(rules=WishRules.model_validate({**dict(form.rules), **rules}))


def _quick(words: Words, use: Use) -> Rows:
    others = [one for one in Use if one is not use]
    return rows(
        [Button(words.label("wish_when.any_day"), AnyDay()), Button(words.label("wish_when.days.soon"), NextWeeks())],
        [Button(words.label(f"wish_when.days.use.{one}"), UseDays(one)) for one in others],
    )


def _calendar(talk: Talk, form: Form) -> Rows:
    (first, last), use = _span(talk), _use(form)
    shown = form.view.get("month")
    month = min(max(date.fromisoformat(shown) if shown else _opening(form, first), month_of(first)), month_of(last))
    return month_rows(
        month,
        _marks(form, within=DayRange(first=first, last=last)),
        talk.words,
        first=first,
        last=last,
        tap=lambda day: PickDay(day, use),
        turn=TurnMonth,
        head=WeekdayHead(),
    )


def _opening(form: Form, first: date) -> date:
    """The month in which what was chosen begins."""
    return month_of(max(first, min((span.first for span in form.rules.ranges), default=first)))


def _marks(form: Form, *, within: DayRange) -> Mapping[date, Mark]:
    """The later ones win: a day that is left out stays so within a range."""
    chosen = {day: Mark.CHOSEN for span in form.rules.ranges for day in ranges.days(span, within=within)}
    excluded = dict.fromkeys(form.rules.excluded, Mark.EXCLUDED)
    latest = {form.rules.latest: Mark.LATEST} if form.rules.latest is not None else {}
    begun = {day: Mark.BEGUN for day in (_begun(form),) if day is not None}
    return {**chosen, **latest, **excluded, **begun}


def _taking_back(form: Form, words: Words) -> Rows:
    use, rules = _use(form), form.rules
    if use is Use.SKIP and rules.excluded:
        return rows(Button(words.label("wish_when.days.no_excluded"), NoExcluded()))
    if use is Use.LATEST and rules.latest is not None:
        return rows(Button(words.label("wish_when.days.no_latest"), NoLatest()))
    if use is Use.TAKE:
        return rows(
            *(
                Button(
                    words.label("wish_when.days.drop", name=wording.short_range(span, words)),
                    DropRange(span.first, span.last),
                )
                for span in rules.ranges[:MOST_RANGES]
            )
        )
    return ()


def _what_now(form: Form, words: Words) -> Html:
    begun = _begun(form)
    if begun is not None:
        return words.say("wish_when.days.now_end", first=begun)
    return words.say(f"wish_when.days.now.{_use(form)}")


def _use(form: Form) -> Use:
    return Use(form.view.get("use", Use.TAKE))


def _begun(form: Form) -> date | None:
    """The first day of a range whose last one is still to be tapped."""
    kept = form.view.get("from")
    return date.fromisoformat(kept) if kept else None


def _span(talk: Talk) -> tuple[date, date]:
    """Today in Munich, and the last day the City may offer."""
    today = talk.now.astimezone(BERLIN).date()
    return today, last_bookable(today)


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
