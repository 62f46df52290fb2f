"""Pictures as PNG files: a canvas that needs no screen, and the colours all of them share."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import BadInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS: Final = ("#2a7f62", "#d9a21b", "#4169aa", "#b03a2e", "#7d5ba6", "#666666")
DOTS_PER_INCH: Final = 120


def canvas(width: float, height: float) -> "Figure":
    """An empty figure of so many inches, which nothing but its caller holds."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - only who draws pays half a second
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: "Figure", path: Path) -> None:
    """Make the file and its folder. Raises BadInput for what cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=DOTS_PER_INCH, format="png")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", field="png") from None
