"""The buttons about an appointment. Each conversation that answers them stands in bot/handlers."""

from dataclasses import dataclass
from enum import StrEnum

from bot.callbacks import Callback
from bot.screens import Button, Rows, rows
from bot.texts import Words


@dataclass(frozen=True)
class Appointments(Callback, word="visits"):
    """The list of them: in place, or `anew` at the bottom of the chat."""

    anew: bool


@dataclass(frozen=True)
class ShowVisit(Callback, word="visit", repeatable=True):
    booking_id: int


@dataclass(frozen=True)
class SendPapers(Callback, word="papers"):
    booking_id: int


@dataclass(frozen=True)
class GiveBack(Callback, word="giveback", repeatable=True):
    """Asks back first."""

    booking_id: int


@dataclass(frozen=True)
class GiveBackNow(Callback, word="gbnow"):
    booking_id: int


@dataclass(frozen=True)
class LookAgain(Callback, word="lookagn"):
    watch_id: int
    booking_id: int


class Gain(StrEnum):
    """How much earlier a swap must be at least."""

    DAY = "1d"
    THREE_DAYS = "3d"
    WEEK = "1w"


@dataclass(frozen=True)
class Earlier(Callback, word="earlier", repeatable=True):
    booking_id: int


@dataclass(frozen=True)
class EarlierBy(Callback, word="earlyby", repeatable=True):
    booking_id: int
    gain: Gain


def purpose(booking_id: int) -> str:
    """What the message about a booking stands for: the same as of its notices."""
    return f"booking:{booking_id}"


def of_result(booking_id: int, words: Words) -> Rows:
    """Under the news that it is booked, which brought the papers along."""
    return rows(
        Button(words.label("result.earlier"), Earlier(booking_id)),
        Button(words.label("result.give_back"), GiveBack(booking_id)),
        Button(words.label("result.list"), Appointments(anew=True)),
    )


def of_reminder(booking_id: int, words: Words) -> Rows:
    return rows(
        Button(words.label("result.papers"), SendPapers(booking_id)),
        Button(words.label("result.give_back"), GiveBack(booking_id)),
        Button(words.label("result.list"), Appointments(anew=True)),
    )


def of_card(booking_id: int, words: Words, *, earlier: bool) -> Rows:
    every = [
        Button(words.label("result.papers"), SendPapers(booking_id)),
        Button(words.label("result.earlier"), Earlier(booking_id)),
        Button(words.label("result.give_back"), GiveBack(booking_id)),
        back_to_list(words),
    ]
    return rows(*(one for one in every if earlier or not isinstance(one.callback, Earlier)))


def back_to_list(words: Words) -> Button:
    return Button(words.label("result.back_to_list"), Appointments(anew=False))


def of_waiting(booking_id: int, words: Words) -> Rows:
    """While it is being given back."""
    return rows(Button(words.label("giveback.how_far"), ShowVisit(booking_id)), back_to_list(words))
