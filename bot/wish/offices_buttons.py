"""The buttons of step OFFICES."""

from dataclasses import dataclass

from bot.callbacks import Callback


@dataclass(frozen=True)
class TakeOffice(Callback, word="wtake", repeatable=True):
    """As the next choice, with what else stands at its address under its name."""

    office_id: int


@dataclass(frozen=True)
class LeaveOffice(Callback, word="wleave", repeatable=True):
    office_id: int


@dataclass(frozen=True)
class AnyOffice(Callback, word="wany", repeatable=True):
    pass


@dataclass(frozen=True)
class OfficesDone(Callback, word="wplaces"):
    pass


@dataclass(frozen=True)
class OfficePage(Callback, word="woffp", repeatable=True):
    page: int


@dataclass(frozen=True)
class OfficeList(Callback, word="woffs"):
    """Back to the offices."""


@dataclass(frozen=True)
class DistrictList(Callback, word="wdists"):
    pass


@dataclass(frozen=True)
class InDistrict(Callback, word="wdist"):
    number: int


@dataclass(frozen=True)
class FarOffice(Callback, word="wfar"):
    """Forget where somebody is; the City's order again."""


@dataclass(frozen=True)
class GiveDetails(Callback, word="wgive", repeatable=True):
    pass


@dataclass(frozen=True)
class WithoutThem(Callback, word="wless"):
    """Not at the offices that want more than there is."""
