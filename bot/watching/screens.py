"""The screens of /watches: the list, one watch, the question before it is stopped, and those that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot import texts
from bot.callbacks import Callback
from bot.context import Talk
from bot.markup import Html, escaped
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows, short
from bot.texts import Words
from bot.watching import rules, telling
from bot.watching.cards import Card, Shelf
from bot.watching.taps import (
    AskToStop,
    EditWatch,
    PauseWatch,
    ResumeWatch,
    ShowFinished,
    ShowWatch,
    ShowWatches,
    ShowWhy,
    StopWatch,
)
from bot.wish.buttons import NewWish
from core.catalog import Catalog
from core.wishes import Wish
from models.watch import WatchState

PER_PAGE = 5


class Turns(Protocol):
    """A callback that leads to a page."""

    def __call__(self, page: int) -> Callback: ...


@dataclass(frozen=True, slots=True)
class Page:
    """Pages begin with 0; one beyond the last is the last."""

    cards: Sequence[Card]
    number: int
    of: int
    first: int

    @classmethod
    def cut(cls, every: Sequence[Card], wanted: int) -> "Page":
        of = max(1, -(-len(every) // PER_PAGE))
        number = min(max(wanted, 0), of - 1)
        first = number * PER_PAGE
        return cls(every[first : first + PER_PAGE], number, of, first + 1)


def listed(talk: Talk, shelf: Shelf, catalog: Catalog | None, *, page: int) -> Screen:
    words, shown = talk.words, Page.cut(shelf.going_on, page)
    numbered = list(enumerate(shown.cards, start=shown.first))
    buttons = [(_open(number, card, catalog, words),) for number, card in numbered]
    over = [Button(words.label("watches.finished", count=shelf.finished), ShowFinished(0))] if shelf.finished else []
    return Screen(
        paragraphs(
            words.say("watches.list") if shelf.going_on else words.say("watches.none"),
            *(_entry(number, card, talk, catalog) for number, card in numbered),
            _which(shown, words),
            _as_of(talk) if shelf.going_on else "",
        ),
        (
            *buttons,
            *_turning(shown, ShowWatches, words),
            *rows(
                over,
                [Button(words.label("watches.refresh"), ShowWatches(shown.number))] if shelf.going_on else [],
                Button(words.label("wish.new"), NewWish()),
            ),
        ),
    )


def detail(talk: Talk, card: Card, catalog: Catalog | None) -> Screen:
    words, watch = talk.words, card.watch
    wish = Wish(watch.rules, tuple(watch.office_ids))
    return Screen(
        paragraphs(
            _heading(card, catalog, words),
            lines(telling.state(card, words), words.say(f"watches.mode.{watch.mode}") if card.going_on else ""),
            lines(telling.outlook(card, talk), telling.next_look(card, talk)),
            *_booked(card, talk, catalog),
            words.say("watches.one_at_a_time") if card.under_way and card.going_on else "",
            lines(rules.in_words(wish, catalog, words), _deadline(card, words)),
            _as_of(talk),
        ),
        _choices(card, words),
    )


def ask_to_stop(talk: Talk, card: Card, catalog: Catalog | None) -> Screen:
    """What it ends and what it leaves alone: a booking and an appointment are never lost by it."""
    words, number = talk.words, card.watch.id
    stands = card.improves is not None or len(card.bookings) > len(card.under_way)
    rest = Button(words.label("watches.pause_instead"), PauseWatch(number))
    return Screen(
        paragraphs(
            words.say("watches.stop_ask"),
            _heading(card, catalog, words),
            *_booked(card, talk, catalog),
            words.say("watches.stop_booking") if card.under_way else "",
            words.say("watches.stop_appointment") if stands else "",
            words.say("watches.stop_means"),
        ),
        rows(
            Button(words.label("watches.stop_yes"), StopWatch(number)),
            [rest] if card.watch.state is WatchState.OPEN else [],
            Button(words.label("watches.stop_no"), ShowWatch(number)),
        ),
    )


def finished(talk: Talk, cards: Sequence[Card], catalog: Catalog | None, *, page: int) -> Screen:
    words, shown = talk.words, Page.cut(cards, page)
    told = [_over(card, talk, catalog) for card in shown.cards]
    return Screen(
        paragraphs(
            words.say("watches.finished_list") if cards else words.say("watches.finished_none"),
            *told,
            _which(shown, words),
        ),
        (
            *((_again(card, catalog, words),) for card in shown.cards if card.resumable),
            *_turning(shown, ShowFinished, words),
            *rows(Button(words.label("watches.back"), ShowWatches(0))),
        ),
    )


def _entry(number: int, card: Card, talk: Talk, catalog: Catalog | None) -> Html:
    words = talk.words
    what = Html(f"{number}. {_heading(card, catalog, words)}")
    booked = [telling.booking(one, talk, catalog) for one in card.bookings]
    return lines(what, telling.state(card, words), telling.outlook(card, talk), *booked)


def _over(card: Card, talk: Talk, catalog: Catalog | None) -> Html:
    heading = _heading(card, catalog, talk.words)
    return lines(heading, telling.state(card, talk.words), *_booked(card, talk, catalog))


def _again(card: Card, catalog: Catalog | None, words: Words) -> Button:
    label = words.label("watches.resume_named", name=telling.title(card, catalog, words))
    return Button(short(label), ResumeWatch(card.watch.id))


def _open(number: int, card: Card, catalog: Catalog | None, words: Words) -> Button:
    return Button(short(f"{number}. {telling.title(card, catalog, words)}"), ShowWatch(card.watch.id))


def _heading(card: Card, catalog: Catalog | None, words: Words) -> Html:
    return Html(f"<b>{escaped(telling.title(card, catalog, words))}</b>")


def _booked(card: Card, talk: Talk, catalog: Catalog | None) -> list[Html]:
    said = [telling.booking(one, talk, catalog) for one in card.bookings]
    return [*said, telling.improves(card, talk.words, catalog)]


def _deadline(card: Card, words: Words) -> Html:
    return words.say("watches.gives_up", when=card.watch.deadline) if card.watch.deadline else Html("")


def _choices(card: Card, words: Words) -> Rows:
    number = card.watch.id
    back = Button(words.label("watches.back"), ShowWatches(0))
    if not card.going_on:
        again = [Button(words.label("watches.resume"), ResumeWatch(number))] if card.resumable else []
        return rows([*again, back])
    rests = card.watch.state is WatchState.PAUSED
    turn = ResumeWatch(number) if rests else PauseWatch(number)
    edit = Button(words.label("watches.edit"), EditWatch(number))
    return rows(
        Button(words.label("watches.why"), ShowWhy(number)),
        [Button(words.label("watches.resume" if rests else "watches.pause"), turn), edit],
        Button(words.label("watches.stop"), AskToStop(number)),
        [Button(words.label("watches.refresh"), ShowWatch(number)), back],
    )


def _turning(page: Page, turns: Turns, words: Words) -> Rows:
    before = [Button(words.label("watches.before"), turns(page.number - 1))] if page.number else []
    after = [Button(words.label("watches.after"), turns(page.number + 1))] if page.number + 1 < page.of else []
    return rows([*before, *after]) if before or after else ()


def _which(page: Page, words: Words) -> Html:
    return words.say("watches.page", number=page.number + 1, most=page.of) if page.of > 1 else Html("")


def _as_of(talk: Talk) -> Html:
    return talk.words.say("watches.as_of", when=texts.clock(talk.now, talk.words.language))
