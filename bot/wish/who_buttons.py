"""The buttons of step WHO."""

from dataclasses import dataclass

from bot.callbacks import Callback
from bot.wish.newcomer import Field


@dataclass(frozen=True)
class ForWhom(Callback, word="wfor"):
    person_id: int


@dataclass(frozen=True)
class SomebodyElse(Callback, word="wother"):
    pass


@dataclass(frozen=True)
class Details(Callback, word="wabout"):
    """Look at the details of somebody known, to change them."""

    person_id: int


@dataclass(frozen=True)
class Fill(Callback, word="wfill"):
    field: Field


@dataclass(frozen=True)
class LeaveOut(Callback, word="wskip"):
    field: Field


@dataclass(frozen=True)
class SoBeIt(Callback, word="wright"):
    """The details are right, and whoever they are of has asked for it."""
