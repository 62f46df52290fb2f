"""The charts of the benches that measure: one function each, from what the JSON says to a picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console import drawing
from console.drawing import COLOURS

GREEN, YELLOW, BLUE, RED, VIOLET, GREY = COLOURS


@contextmanager
def paper(path: Path, *, across: int = 1, width: float = 11, height: float = 5, title: str = "") -> Iterator[list[Any]]:
    """Empty axes side by side; saved under `path` when the block ends."""
    figure = drawing.canvas(width, height)
    figure.suptitle(title)
    sheets = list(figure.subplots(1, across, squeeze=False)[0])
    yield sheets
    for axes in sheets:
        axes.grid(visible=True, alpha=0.3)
        axes.set_axisbelow(True)
    drawing.save(figure, path)


def looks(told: dict[str, Any], path: Path) -> None:
    """A bar for each way to look, in processor time, wall time and memory."""
    shown = (
        ("cpu_ms", "ms of processor time a look", "log"),
        ("wall_ms", "ms a look takes", "log"),
        ("pss_mib", "MiB while it looks", "linear"),
    )
    title = (
        f"What one look costs: MTA's is {told['ratio_vs_launch']:.3g} of launching a browser and"
        f" {told['ratio_vs_inpage']:.3g} bare questions in processor time"
        f"\nmedian of {told['runs']} runs, each a dot; {told['page']} page, {told['dialect'].upper()}"
    )
    with paper(path, across=3, width=13, title=title) as sheets:
        for axes, (figure, label, scale) in zip(sheets, shown, strict=True):
            _bars(axes, told["rows"], figure)
            axes.set_xscale(scale)
            axes.xaxis.set_major_formatter("{x:g}")
            axes.margins(x=0.25)
            axes.set_xlabel(label)


def _bars(axes: Any, rows: dict[str, Any], figure: str) -> None:
    names = list(rows)[::-1]
    medians = [rows[name][figure] for name in names]
    axes.barh(names, medians, color=[GREEN if name == "mta" else GREY for name in names], height=0.6, alpha=0.8)
    for place, name in enumerate(names):
        dots = [run[figure] for run in rows[name]["runs"]]
        axes.scatter(dots, [place] * len(dots), color="black", s=10, zorder=3)
        beside = (max(*dots, medians[place]), place)
        axes.annotate(_short(medians[place]), beside, textcoords="offset points", xytext=(6, 0), va="center")


def _short(value: float) -> str:
    """Three digits, and no powers of ten."""
    return f"{float(f'{value:.3g}'):g}"
