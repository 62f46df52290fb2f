"""What the buttons of the watches carry; the handlers are in bot.handlers.watches and why."""

from dataclasses import dataclass

from bot.callbacks import Callback


@dataclass(frozen=True)
class ShowWatches(Callback, word="slist", repeatable=True):
    page: int


@dataclass(frozen=True)
class ShowFinished(Callback, word="sfinish", repeatable=True):
    page: int


@dataclass(frozen=True)
class ShowWatch(Callback, word="sshow", repeatable=True):
    watch_id: int


@dataclass(frozen=True)
class PauseWatch(Callback, word="spause"):
    watch_id: int


@dataclass(frozen=True)
class ResumeWatch(Callback, word="sresume"):
    watch_id: int


@dataclass(frozen=True)
class EditWatch(Callback, word="sedit"):
    watch_id: int


@dataclass(frozen=True)
class AskToStop(Callback, word="sstop", repeatable=True):
    watch_id: int


@dataclass(frozen=True)
class StopWatch(Callback, word="sstopyes"):
    watch_id: int


@dataclass(frozen=True)
class ShowWhy(Callback, word="swhy", repeatable=True):
    watch_id: int


@dataclass(frozen=True)
class AskToRelax(Callback, word="srelax", repeatable=True):
    """`mark` is a relaxation's, as relaxing.mark has it."""

    watch_id: int
    mark: str


@dataclass(frozen=True)
class Relax(Callback, word="srelaxok"):
    watch_id: int
    mark: str
