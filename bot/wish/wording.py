"""Days, hours, notice and mode of a wish in words, in either language, for every screen that shows a wish."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from bot import texts
from bot.markup import Html
from bot.screens import lines
from bot.texts import Words, words
from bot.wish import week
from bot.wish.week import Span, Spans
from core.wishes import DayRange, HourRange, Mode, WishRules

MOST_LISTED = 6  # of anything, where there is more to read beside it
_A_RUN = 3  # weekdays at least that are told as “Monday to Wednesday”


def short_day(day: date, spoken: Words) -> str:
    """Without weekday and year."""
    name = words(spoken.language)["dates"]["months"][day.month - 1]
    return spoken.label("wish_when.short_day", number=day.day, name=name)


def short_range(span: DayRange, spoken: Words) -> str:
    if span.first == span.last:
        return short_day(span.first, spoken)
    return spoken.label("wish_when.range", first=short_day(span.first, spoken), last=short_day(span.last, spoken))


def range_(span: DayRange, spoken: Words) -> Html:
    if span.first == span.last:
        return spoken.say("wish_when.one_day", first=span.first)
    return spoken.say("wish_when.range", first=span.first, last=span.last)


def days(rules: WishRules, spoken: Words, *, most: int = MOST_LISTED) -> Html:
    """Each part on a line; `most` of the ranges and of the excluded days are named."""
    ranges = "; ".join(range_(span, spoken) for span in rules.ranges[:most])
    excluded = ", ".join(short_day(day, spoken) for day in sorted(rules.excluded)[:most])
    return lines(
        Html(ranges) + _more(len(rules.ranges) - most, spoken) if ranges else spoken.say("wish_when.any_day"),
        spoken.say("wish_when.except", names=Html(excluded + _more(len(rules.excluded) - most, spoken)))
        if excluded
        else "",
        spoken.say("wish_when.until", last=rules.latest) if rules.latest is not None else "",
    )


def hours(given: Sequence[HourRange], spoken: Words) -> Html:
    """Weekdays with the same hours together, one group on a line."""
    by_day = {one: week.expanded(given)[one] for one in sorted(week.expanded(given))} if given else {}
    if all(spans == ((time.min, time.max),) for spans in by_day.values()) and week.SUNDAY not in by_day:
        return spoken.say("wish_when.any_hour")
    if week.collapsed(by_day) and all(one.weekday is None for one in week.collapsed(by_day)):
        return spoken.say("wish_when.hours", name=spoken.label("wish_when.every_day"), names=_spans(by_day[0], spoken))
    alike: dict[Spans, list[int]] = {}
    for weekday, spans in by_day.items():
        if spans:
            alike.setdefault(spans, []).append(weekday)
    return lines(
        *(
            spoken.say("wish_when.hours", name=_weekdays(weekdays, spoken), names=_spans(spans, spoken))
            for spans, weekdays in alike.items()
        )
    )


def notice(rules: WishRules, spoken: Words) -> Html:
    return (
        spoken.say("wish_when.notice.at_least", span=rules.minimum_notice)
        if rules.minimum_notice
        else spoken.say("wish_when.notice.none")
    )


def mode(chosen: Mode, spoken: Words) -> str:
    return spoken.label(f"wish_when.mode.{chosen}.name")


def _more(left_out: int, spoken: Words) -> Html:
    return Html(f" {spoken.say('wish_when.more', count=left_out)}") if left_out > 0 else Html("")


def _weekdays(numbers: Sequence[int], spoken: Words) -> str:
    names = [texts.weekday(number, spoken.language) for number in numbers]
    if len(numbers) >= _A_RUN and numbers[-1] - numbers[0] == len(numbers) - 1:
        return spoken.label("wish_when.range", first=names[0], last=names[-1])
    return ", ".join(names)


def _spans(spans: Iterable[Span], spoken: Words) -> str:
    return ", ".join(_span(one, spoken) for one in spans)


def _span(one: Span, spoken: Words) -> str:
    start, end = one
    if one == (time.min, time.max):
        return spoken.label("wish_when.all_day")
    if start == time.min:
        return spoken.label("wish_when.before", last=end)
    if end == time.max:
        return spoken.label("wish_when.from", first=start)
    return spoken.label("wish_when.between", first=start, last=end)
