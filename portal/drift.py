"""What a canary found: step by step what is as known, what differs, and what could not be seen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.looks import Answer, Dialect


class Kind(StrEnum):
    MISSING_CONTROL = "missing control"
    DRIFT = "drift"  # found, but by another way than the likeliest
    MISSING_FIELD = "missing field"
    NEW_FIELD = "new field"
    NEW_CODE = "unknown error code"
    NEW_QUESTION = "unknown question"  # the page asks an endpoint of the API that no generation had
    NEW_HEADLINE = "unknown headline"
    CHANGED = "changed"


class Verdict(StrEnum):
    AS_KNOWN = "as known"
    DIFFERS = "differs"
    BLIND = "blind"


@dataclass(frozen=True, slots=True)
class Difference:
    kind: Kind
    what: str


@dataclass(slots=True)
class Step:
    """`unseen` is what the page had no occasion to show; `blind` what kept us from seeing, in the words of a look."""

    name: str
    known: list[str] = field(default_factory=list)
    differs: list[Difference] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    blind: Answer | None = None
    detail: str = ""
    evidence: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.differs:
            return Verdict.DIFFERS
        return Verdict.BLIND if self.blind else Verdict.AS_KNOWN

    def differ(self, kind: Kind, what: str) -> None:
        """Once each, however often it is met."""
        if (found := Difference(kind, what)) not in self.differs:
            self.differs.append(found)


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps through one service's pages."""

    service_id: int
    name: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Report:
    catalog: Step
    walks: tuple[Walk, ...]
    dialect: Dialect | None
    requests: int
    received: int = 0

    @property
    def steps(self) -> list[Step]:
        return [self.catalog, *(step for walk in self.walks for step in walk.steps)]

    @property
    def verdict(self) -> Verdict:
        return worst(step.verdict for step in self.steps)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Blind is worse than different: nobody knows what else there is."""
    return max(verdicts, key=list(Verdict).index, default=Verdict.AS_KNOWN)
