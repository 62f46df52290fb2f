"""The buttons that every step of the wish conversation has, and those that lead into it."""

from dataclasses import dataclass

from bot.callbacks import Callback
from bot.wish.form import StepName


@dataclass(frozen=True)
class NewWish(Callback, word="wnew"):
    """From anywhere: a new wish, or the one that is half made."""


@dataclass(frozen=True)
class GoOn(Callback, word="wgo", repeatable=True):
    """With the half-made wish, where it stood."""


@dataclass(frozen=True)
class Afresh(Callback, word="wanew"):
    """Drop the half-made wish and begin another one."""


@dataclass(frozen=True)
class EditInstead(Callback, word="wedit"):
    """Drop the half-made wish and change this watch."""

    watch_id: int


@dataclass(frozen=True)
class Back(Callback, word="wback"):
    """`step` and `view` (its mark) are where it was shown: a second tap on it must not lead back twice."""

    step: StepName
    view: int


@dataclass(frozen=True)
class Cancel(Callback, word="wstop", repeatable=True):
    """Asks back."""


@dataclass(frozen=True)
class Drop(Callback, word="wdrop"):
    pass
