"""Where the kills fell and how each round ended, as a picture."""

from pathlib import Path
from typing import Any, Final

from console import drawing
from console.drawing import COLOURS

STATES: Final = ("looking", "wanted", "holding", "held", "detailed", "preconfirmed", "confirmed")
MARKERS: Final = {"worker": "o", "browser": "s", "scheduler": "^", "redis": "D"}


def draw(told: dict[str, Any], path: Path) -> None:
    """Moment of the kill to the right, state of the booking upwards; colour is the end, shape what was killed."""
    kills = told["kills"]
    ends = sorted({kill["ended"] for kill in kills})
    states = [*STATES, *sorted({kill["state"] for kill in kills} - set(STATES))]
    figure = drawing.canvas(11, 5)
    axes = figure.subplots()
    for place, end in enumerate(ends):
        for victim, marker in MARKERS.items():
            some = [kill for kill in kills if (kill["ended"], kill["killed"]) == (end, victim)]
            axes.scatter(
                [kill["at_ms"] / 1000 for kill in some],
                [states.index(kill["state"]) + _beside(kill) for kill in some],
                color=COLOURS[place % len(COLOURS)],
                marker=marker,
                s=36,
                alpha=0.8,
            )
        axes.scatter([], [], color=COLOURS[place % len(COLOURS)], label=end)
    for victim, marker in MARKERS.items():
        axes.scatter([], [], color="black", marker=marker, label=f"{victim} killed")
    axes.set_yticks(range(len(states)), states)
    axes.set_xlabel("seconds from the wish to the kill")
    axes.set_title(f"{len(kills)} kills -9: {_summary(told)}")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    drawing.save(figure, path)


def _beside(kill: dict[str, Any]) -> float:
    """A little up or down, so that kills at the same state do not hide each other."""
    return float(kill["round"] * 7 % 11 - 5) / 18


def _summary(told: dict[str, Any]) -> str:
    return ", ".join(f"{told[name]} {name.replace('_', ' ')}" for name in ("double", "lost", "untold"))
