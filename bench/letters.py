"""What came in the chats, compared with what was to come: lost, doubled, out of order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from sqlmodel import Session

from models import notices
from rehearsal.telegram.store import Posting

POINTS: Final = 200  # of a curve, at most


@dataclass(frozen=True, slots=True)
class Box:
    """One chat's: how many were to come, how many never did, came once more, or before one that was written earlier."""

    wanted: int
    lost: int
    doubled: int
    disordered: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """`came` are seconds since the writing; `flooded` how often the Bot API said 429, `overall` for too many in all."""

    boxes: tuple[Box, ...]
    came: tuple[float, ...]
    flooded: int
    overall: int = 0
    killed_at: tuple[float, ...] = ()

    @property
    def kills(self) -> int:
        return len(self.killed_at)

    def told(self) -> dict[str, Any]:
        return {
            "messages": sum(one.wanted for one in self.boxes),
            "lost": sum(one.lost for one in self.boxes),
            "doubled": sum(one.doubled for one in self.boxes),
            "disordered": sum(one.disordered for one in self.boxes),
            "429s": self.flooded,
            "429s_in_all": self.overall,
            "took_s": round(self.came[-1], 1) if self.came else None,
        }

    def curve(self) -> list[tuple[float, int]]:
        """Seconds, and how many had come by then."""
        step = max(1, len(self.came) // POINTS)
        numbered = [(round(at, 2), number) for number, at in enumerate(self.came, start=1)]
        return [(0.0, 0), *numbered[::step], *numbered[-1:]]

    def __str__(self) -> str:
        return ", ".join(f"{value} {name}" for name, value in self.told().items())


def box(wanted: Sequence[str], postings: Sequence[Posting]) -> Box:
    """`wanted` are words that stand in one message each, in the order of writing."""
    texts = [one.text for one in postings if one.by_bot]
    places = [[place for place, text in enumerate(texts) if words in text] for words in wanted]
    firsts = [found[0] for found in places if found]
    return Box(
        wanted=len(wanted),
        lost=sum(not found for found in places),
        doubled=sum(max(0, len(found) - 1) for found in places),
        disordered=sum(later < earlier for earlier, later in pairwise(firsts)),
    )


def untold(session: Session) -> bool:
    return bool(notices.untold(session))
