"""What the step DAYS shows: one calendar, used for days to take, days to leave out, or the latest day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.callbacks import Callback
from bot.context import Talk
from bot.markup import Html
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows
from bot.texts import Words
from bot.wish import ranges, wording
from bot.wish.calendar import Mark, month_of, month_rows
from bot.wish.form import Form
from core.horizon import last_bookable
from core.slots import BERLIN
from core.wishes import DayRange

MOST_RANGES, MOST_EXCLUDED = 8, 60


class Use(StrEnum):
    """What the calendar is used for."""

    TAKE = "take"
    SKIP = "skip"
    LATEST = "last"


class Does(StrEnum):
    """What a tap on a day does, as the button was drawn: a second tap on an old screen undoes nothing."""

    BEGIN = "from"
    END = "to"
    SKIP = "skip"
    KEEP = "keep"
    LATEST = "last"


@dataclass(frozen=True)
class PickDay(Callback, word="dday", repeatable=True):
    day: date
    does: Does


@dataclass(frozen=True)
class TurnMonth(Callback, word="dmonth", repeatable=True):
    month: date


@dataclass(frozen=True)
class WeekdayHead(Callback, word="dhead"):
    pass


@dataclass(frozen=True)
class UseDays(Callback, word="duse", repeatable=True):
    use: Use


@dataclass(frozen=True)
class AnyDay(Callback, word="dany", repeatable=True):
    pass


@dataclass(frozen=True)
class NextWeeks(Callback, word="dsoon", repeatable=True):
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
    words, rules, use = talk.words, form.rules, use_of(form)
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


def _quick(words: Words, use: Use) -> Rows:
    others = [one for one in Use if one is not use]
    return rows(
        [Button(words.label("wish_when.any_day"), AnyDay()), Button(words.label("wish_when.days.soon"), NextWeeks())],
        [Button(words.label(f"wish_when.days.use.{one}"), UseDays(one)) for one in others],
    )


def _calendar(talk: Talk, form: Form) -> Rows:
    first, last = bookable(talk)
    shown = form.view.get("month")
    month = min(max(date.fromisoformat(shown) if shown else _opening(form, first), month_of(first)), month_of(last))
    return month_rows(
        month,
        _marks(form, within=DayRange(first=first, last=last)),
        talk.words,
        first=first,
        last=last,
        tap=lambda day: PickDay(day, _does(form, day)),
        turn=TurnMonth,
        head=WeekdayHead(),
    )


def _does(form: Form, day: date) -> Does:
    match use_of(form):
        case Use.TAKE:
            return Does.BEGIN if begun(form) is None else Does.END
        case Use.SKIP:
            return Does.KEEP if day in form.rules.excluded else Does.SKIP
        case Use.LATEST:
            return Does.LATEST


def _opening(form: Form, first: date) -> date:
    """The month in which what was chosen begins."""
    return month_of(max(first, min((span.first for span in form.rules.ranges), default=first)))


def _marks(form: Form, *, within: DayRange) -> Mapping[date, Mark]:
    """The later ones win: a day that is left out stays so within a range."""
    chosen = {day: Mark.CHOSEN for span in form.rules.ranges for day in ranges.days(span, within=within)}
    excluded = dict.fromkeys(form.rules.excluded, Mark.EXCLUDED)
    latest = {form.rules.latest: Mark.LATEST} if form.rules.latest is not None else {}
    first = {day: Mark.BEGUN for day in (begun(form),) if day is not None}
    return {**chosen, **latest, **excluded, **first}


def _taking_back(form: Form, words: Words) -> Rows:
    use, rules = use_of(form), form.rules
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
    first = begun(form)
    if first is not None:
        return words.say("wish_when.days.now_end", first=first)
    if use_of(form) is Use.TAKE and form.rules.ranges:
        return words.say("wish_when.days.now_more")
    return words.say(f"wish_when.days.now.{use_of(form)}")


def use_of(form: Form) -> Use:
    return Use(form.view.get("use", Use.TAKE))


def begun(form: Form) -> date | None:
    """The first day of a range whose last one is still to be tapped."""
    kept = form.view.get("from")
    return date.fromisoformat(kept) if kept else None


def bookable(talk: Talk) -> tuple[date, date]:
    """Today in Munich, and the last day the City may offer."""
    today = talk.now.astimezone(BERLIN).date()
    return today, last_bookable(today)
