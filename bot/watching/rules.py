"""The rules of a wish, each as a line a person reads."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import time

from bot import texts
from bot.markup import Html, escaped
from bot.screens import lines
from bot.texts import Words
from bot.watching import naming
from core.catalog import Catalog
from core.wishes import DayRange, HourRange, Wish, WishRules

ORDER = ("offices", "ranges", "excluded", "latest", "hours", "minimum_notice")
LONGEST = 600  # characters of a line
_WEEK = tuple(range(7))


def in_words(wish: Wish, catalog: Catalog | None, words: Words) -> Html:
    """Every rule that says something, a line each."""
    said = {rule: value(wish, rule, catalog, words) for rule in ORDER}
    given = _given(wish)
    return lines(*(line(rule, said[rule], words) for rule in ORDER if rule == "offices" or given[rule]))


def line(rule: str, said: str, words: Words) -> Html:
    return Html(f"{escaped(name(rule, words))}: {escaped(said, longest=LONGEST)}")


def name(rule: str, words: Words) -> str:
    """Of a rule as in core.wishes.Wish.refusals."""
    return words.label(f"watches.rules.{rule}")


def value(wish: Wish, rule: str, catalog: Catalog | None, words: Words) -> str:
    """What the wish says to this rule; “any” where it says nothing."""
    if rule == "offices":
        return naming.of_offices(wish.office_ids, catalog, words)
    if not _given(wish)[rule]:
        return words.label("watches.any")
    match rule:
        case "hours":
            return _hours(wish.rules.hours, words)
        case "minimum_notice":
            return texts.span(wish.rules.minimum_notice, words.language)
        case _:
            return "; ".join(_days(wish.rules, rule, words))


def _days(rules: WishRules, rule: str, words: Words) -> Iterator[str]:
    if rule == "ranges":
        yield from (_range(one, words) for one in rules.ranges)
    elif rule == "excluded":
        yield from (texts.day(one, words.language) for one in sorted(rules.excluded))
    elif rules.latest is not None:
        yield texts.day(rules.latest, words.language)


def _given(wish: Wish) -> Mapping[str, bool]:
    rules = wish.rules
    return {
        "ranges": bool(rules.ranges),
        "excluded": bool(rules.excluded),
        "latest": rules.latest is not None,
        "hours": bool(rules.hours),
        "minimum_notice": bool(rules.minimum_notice),
    }


def _range(one: DayRange, words: Words) -> str:
    if one.first == one.last:
        return texts.day(one.first, words.language)
    return words.label("watches.days", first=one.first, last=one.last)


def _hours(hours: Iterable[HourRange], words: Words) -> str:
    """Weekdays with the same hours in one piece, in the order of the week."""
    days: dict[tuple[time, time], set[int]] = {}
    for one in hours:
        days.setdefault((one.start, one.end), set()).update(_WEEK if one.weekday is None else (one.weekday,))
    ordered = sorted(days.items(), key=lambda item: (min(item[1]), item[0]))
    return "; ".join(_span(span, sorted(weekdays), words) for span, weekdays in ordered)


def _span(span: tuple[time, time], weekdays: list[int], words: Words) -> str:
    """`time.max` is the end of the day."""
    start, end = span
    names = ", ".join(texts.weekday(one, words.language) for one in weekdays)
    which = words.label("watches.every_day") if len(weekdays) == len(_WEEK) else names
    if start == time.min and end == time.max:
        return words.label("watches.whole_day", names=which)
    if end == time.max:
        return words.label("watches.hours_from", names=which, first=start)
    return words.label("watches.hours", names=which, first=start, last=end)
