"""Where the kills fell and how each round ended, as a picture."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from core.errors import ConfigError

STATES: Final = ("looking", "wanted", "holding", "held", "detailed", "preconfirmed", "confirmed")
COLOURS: Final = ("#2a7f62", "#d9a21b", "#4169aa", "#b03a2e", "#7d5ba6", "#666666")
MARKERS: Final = {"worker": "o", "browser": "s", "scheduler": "^", "redis": "D"}


def check() -> None:
    """Raise ConfigError, before anything was measured, when this machine cannot draw."""
    if find_spec("matplotlib") is None:
        raise ConfigError(
            "The chart needs matplotlib, which is not installed. Install it with: pip install --group bench"
        )


def draw(told: dict[str, Any], path: Path) -> None:
    """Moment of the kill to the right, state of the booking upwards; colour is the end, shape what was killed."""
    import matplotlib as mpl  # noqa: PLC0415 - only a bench that was asked for a chart needs it

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    kills = told["kills"]
    ends = sorted({kill["ended"] for kill in kills})
    states = [*STATES, *sorted({kill["state"] for kill in kills} - set(STATES))]
    figure, axes = plt.subplots(figsize=(11, 5), layout="constrained")
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
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _beside(kill: dict[str, Any]) -> float:
    """A little up or down, so that kills at the same state do not hide each other."""
    return float(kill["round"] * 7 % 11 - 5) / 18


def _summary(told: dict[str, Any]) -> str:
    return ", ".join(f"{told[name]} {name.replace('_', ' ')}" for name in ("double", "lost", "untold"))
