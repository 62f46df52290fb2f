"""What a wish would have had last week, told honestly, and the one change that would have helped most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from bot import relaxing
from bot.markup import Html
from bot.relaxing import Permits
from bot.texts import Words
from core.coverage import Span
from core.replay import Gain, History
from core.wishes import Wish
from models import recorded
from models.database import Session

WEEK: Final = timedelta(days=7)
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lately:
    """`best` is the change that would have won most, where there was nothing at all."""

    history: History
    best: Gain | None


def lately(session: Session, wish: Wish, permits: Permits, *, office_ids: Sequence[int], now: datetime) -> Lately:
    """`office_ids` are those that offer the services."""
    history = recorded.history(session, permits.services, wish, Span(now - WEEK, now), others=office_ids)
    return Lately(history, best=None if history.had.pleasing else relaxing.best(history, permits))


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
