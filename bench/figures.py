"""The arithmetic of the benches: medians, percentiles, ratios, and goals that are reached or missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """What was aimed at: `measured` is to be `most` at most. `measured` is None when it could not be measured."""

    name: str
    measured: float | None
    most: float

    @property
    def reached(self) -> bool:
        return self.measured is not None and self.measured <= self.most

    def __str__(self) -> str:
        if self.measured is None:
            return f"{self.name}: not measured (goal {self.most:g})"
        return f"{self.name}: {'reached' if self.reached else 'missed'}, {self.measured:g} (goal {self.most:g} at most)"

    def told(self) -> dict[str, Any]:
        return {"name": self.name, "measured": self.measured, "most": self.most, "reached": self.reached}


def percentile(values: Sequence[float], hundredth: int) -> float:
    """Between the values that were measured, never beyond them."""
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[hundredth - 1]


def spread(milliseconds: Sequence[float]) -> dict[str, Any]:
    if not milliseconds:
        return {"count": 0, "median": None, "p95": None}
    p95 = percentile(milliseconds, 95)
    return {"count": len(milliseconds), "median": round(median(milliseconds), 1), "p95": round(p95, 1)}


def ratio(part: float | None, whole: float | None) -> float | None:
    """None where either was not measured, or nothing was to be divided by."""
    if part is None or not whole:
        return None
    return round(part / whole, 5)


def medians(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Each figure's median over the runs, all of which have the same figures."""
    return {name: median(run[name] for run in runs) for name in runs[0]}
