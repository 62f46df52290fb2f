"""The missed-slot ledger: for a slot that fitted a wish, what became of it and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.bookings import ENDED, BookingState
from core.coverage import Span
from core.slots import Slot
from core.wishes import Mode, Wish


class Fate(StrEnum):
    BOOKED = "booked"  # this wish has it
    UNDER_WAY = "under-way"  # this wish is getting it
    TRIED = "tried"  # this wish tried, in vain; the reason is the booking's
    OTHER_PERSON = "other-person"  # it went to somebody else who waits here
    GONE = "gone"  # somebody at the City had it, or it was taken back
    FREE = "free"  # it is still on offer


@dataclass(frozen=True, slots=True)
class Offered:
    """A slot as it was seen: from `first` until `gone`, or still."""

    slot: Slot
    first: datetime
    gone: datetime | None


@dataclass(frozen=True, slots=True)
class Try:
    """A booking for the slot. `since` is when its person began to wait; `ended` None while it lives."""

    state: BookingState
    reason: str
    began: datetime
    ended: datetime | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Line:
    offered: Offered
    fate: Fate
    reason: str


@dataclass(frozen=True, slots=True)
class Account:
    """What became of everything that was seen in the span. A slot may be `refused` by several rules at once.

    `lines` are the slots that fitted; `unfit` is how many did not.
    """

    span: Span
    lines: Sequence[Line]
    unfit: int
    refused: Mapping[str, int]

    @property
    def seen(self) -> int:
        return self.unfit + len(self.lines)

    @property
    def fates(self) -> Counter[tuple[Fate, str]]:
        """How often each fate, with its reason."""
        return Counter((one.fate, one.reason) for one in self.lines)


def refusals(wish: Wish, offers: Iterable[Offered], *, since: datetime) -> tuple[int, Mapping[str, int]]:
    """How many did not fit when they were first seen, or at `since`; and how many each rule turned down."""
    unfit, refused = 0, Counter[str]()
    for one in offers:
        rules = wish.refusals(one.slot, now=max(one.first, since))
        unfit += bool(rules)
        refused.update(rules)
    return unfit, dict(refused.most_common())


def line(
    offered: Offered,
    *,
    mode: Mode,
    since: datetime,
    own: Try | None,
    others: Try | None,
    occupied: tuple[Try, ...] = (),
    left_out: str = "",
) -> Line:
    """`own` is this wish's last try at the slot, `others` another's; `occupied` all this person's tries at any slot.

    `left_out` is why it took no part in the draw, where that was noted.
    """
    if own is not None:
        return Line(offered, _own_fate(own), own.reason)
    if others is not None:
        return Line(offered, Fate.OTHER_PERSON, _order(others.since, since))
    fate = Fate.FREE if offered.gone is None else Fate.GONE
    return Line(offered, fate, left_out or _why_untried(offered, mode, occupied))


def _own_fate(own: Try) -> Fate:
    if own.state is BookingState.CONFIRMED:
        return Fate.BOOKED
    return Fate.TRIED if own.state in ENDED else Fate.UNDER_WAY


def _order(theirs: datetime, ours: datetime) -> str:
    if theirs < ours:
        return "waited-longer"
    return "lot" if theirs == ours else "office-preference"


def _why_untried(offered: Offered, mode: Mode, occupied: tuple[Try, ...]) -> str:
    if mode is Mode.NOTIFY:
        return "told-only"
    if any(_overlap(one, offered) for one in occupied):
        return "had-another"
    return "offers-full" if mode is Mode.ASK else "too-short"


def _overlap(one: Try, offered: Offered) -> bool:
    """Whether the person had something else for the whole time that the slot was on offer, or its beginning."""
    return one.began <= offered.first and (one.ended is None or one.ended > offered.first)
