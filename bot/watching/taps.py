"""What the buttons of the watches carry; the handlers are in bot.handlers.watches and why."""

from dataclasses import dataclass

from bot.callbacks import Callback


@dataclass(frozen=True)
class ShowWatches(Callback, word="wlist", repeatable=True):
    page: int


@dataclass(frozen=True)
class ShowFinished(Callback, word="wfinish", repeatable=True):
    page: int


@dataclass(frozen=True)
class ShowWatch(Callback, word="wshow", repeatable=True):
    watch_id: int


@dataclass(frozen=True)
class PauseWatch(Callback, word="wpause"):
    watch_id: int


@dataclass(frozen=True)
class ResumeWatch(Callback, word="wresume"):
    watch_id: int


@dataclass(frozen=True)
class EditWatch(Callback, word="wedit"):
    watch_id: int


@dataclass(frozen=True)
class AskToStop(Callback, word="wstop", repeatable=True):
    watch_id: int


@dataclass(frozen=True)
class StopWatch(Callback, word="wstopyes"):
    watch_id: int


@dataclass(frozen=True)
class ShowWhy(Callback, word="wwhy", repeatable=True):
    watch_id: int


@dataclass(frozen=True)
class AskToRelax(Callback, word="wrelax", repeatable=True):
    """`change` is the mark of a relaxation (bot.watching.changes)."""

    watch_id: int
    change: str


@dataclass(frozen=True)
class Relax(Callback, word="wrelaxok"):
    watch_id: int
    change: str
