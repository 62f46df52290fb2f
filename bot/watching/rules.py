"""The rules of a wish, each as a line a person reads."""

from collections.abc import Iterator, Mapping

from bot import texts
from bot.markup import Html, escaped
from bot.screens import lines
from bot.texts import Words
from bot.watching import naming
from bot.wish import wording
from core.catalog import Catalog
from core.wishes import Wish, WishRules

ORDER = ("offices", "ranges", "excluded", "latest", "hours", "minimum_notice")
LONGEST = 600  # characters of a line


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
            return "; ".join(wording.hours(wish.rules.hours, words).splitlines())
        case "minimum_notice":
            return texts.span(wish.rules.minimum_notice, words.language)
        case _:
            return "; ".join(_days(wish.rules, rule, words))


def _days(rules: WishRules, rule: str, words: Words) -> Iterator[str]:
    if rule == "ranges":
        yield from (wording.range_(one, words) for one in rules.ranges)
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
