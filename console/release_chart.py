"""The report on new slots as a picture: a week by the hour, and how long ahead the slots are."""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from pathlib import Path
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from console import drawing
from console.arguments import WEEKDAYS
from console.drawing import COLOURS
from console.release_report import CELLS, ReleaseReport
from console.release_words import how_long_they_stay, in_words, span_in_words
from core.appearances import Cell
from core.cadence import ReleaseWindow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

HOUR: Final = timedelta(hours=1)
PUBLISHED, RECORDED = COLOURS[2], COLOURS[3]
LEAST_LEAD: Final = 14  # days the lower panel shows at least
LONGEST_NAME: Final = 60
_BLIND: Final[Mapping[str, Any]] = MappingProxyType(
    {"facecolor": "#eeeeee", "edgecolor": "#b5b5b5", "hatch": "////", "linewidth": 0.0}
)
_THIN: Final[Mapping[str, Any]] = MappingProxyType(
    {"facecolor": "none", "edgecolor": "#8a8a8a", "hatch": "..", "linewidth": 0.0}
)
_FRAME: Final[Mapping[str, Any]] = MappingProxyType({"facecolor": "none", "linewidth": 2.2})


def draw(report: ReleaseReport, path: Path) -> None:
    """Raises BadInput for a file that cannot be written."""
    figure = drawing.canvas(13, 8)
    week, ahead = figure.subplots(2, 1, height_ratios=(3, 2))
    figure.suptitle(_title(report), fontsize=13)
    _draw_week(figure, week, report)
    _draw_leads(ahead, report)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=4, frameon=False)
    drawing.save(figure, path)


def _title(report: ReleaseReport) -> str:
    name = shorten(report.name, LONGEST_NAME, placeholder=" …")
    return f"When new slots appear: {name} ({report.service_id}), {span_in_words(report)}"


def _draw_week(figure: "Figure", axes: "Axes", report: ReleaseReport) -> None:
    """The number is slots, the colour slots per hour of sight: an hour that was looked at longer looks no busier."""
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415 - only who draws pays for it

    colours = LinearSegmentedColormap.from_list("slots", ("#f7f7f2", "#a7d3bf", COLOURS[0]))
    rates = [[_rate(report, (weekday, hour)) for hour in range(24)] for weekday in range(len(WEEKDAYS))]
    most = max((rate for row in rates for rate in row), default=0.0) or 1.0
    mesh = axes.pcolormesh(range(25), range(len(WEEKDAYS) + 1), rates, cmap=colours, vmin=0, vmax=most)
    figure.colorbar(mesh, ax=axes, pad=0.01).set_label("new slots per hour of sight")
    _mark_cells(axes, report, dark_from=0.6 * most)
    _frame_windows(axes, report)
    axes.set_xticks(range(25))
    axes.set_yticks([day + 0.5 for day in range(len(WEEKDAYS))], [day.capitalize() for day in WEEKDAYS])
    axes.set_ylim(len(WEEKDAYS), 0)
    axes.set_xlabel("hour of the day in Munich")
    axes.set_title(_basis(report), fontsize=10)


def _rate(report: ReleaseReport, cell: Cell) -> float:
    """Zero where nobody looked too: those cells are covered."""
    seen = report.sight.get(cell, timedelta(0))
    return report.slots.get(cell, 0) / (seen / HOUR) if seen else 0.0


def _mark_cells(axes: "Axes", report: ReleaseReport, *, dark_from: float) -> None:
    for weekday, hour in CELLS:
        cell = (weekday, hour)
        if report.is_blind(cell):
            axes.add_patch(_box(hour, hour + 1, weekday, **_BLIND))
            continue
        if report.is_thin(cell):
            axes.add_patch(_box(hour, hour + 1, weekday, **_THIN))
        _write(axes, report.slots.get(cell, 0), hour, weekday, on_dark=_rate(report, cell) > dark_from)


def _write(axes: "Axes", slots: int, hour: int, weekday: int, *, on_dark: bool) -> None:
    """Over whatever frame runs through it, as one from 7:30 on does."""
    from matplotlib.patheffects import withStroke  # noqa: PLC0415 - as above

    colour = "white" if on_dark else "#222222" if slots else "#9a9a9a"
    number = axes.text(
        hour + 0.5, weekday + 0.5, str(slots), color=colour, fontsize=8, ha="center", va="center", zorder=4
    )
    number.set_path_effects([withStroke(linewidth=3, foreground=COLOURS[0] if on_dark else "#f7f7f2")])


def _frame_windows(axes: "Axes", report: ReleaseReport) -> None:
    published = {one.announcement.window for one in report.published} - {None}
    for windows, colour, style in ((published, PUBLISHED, "solid"), (set(report.recorded), RECORDED, "dashed")):
        for box in (box for window in windows if window for box in _frames(window, colour, style)):
            axes.add_patch(box)


def _frames(window: ReleaseWindow, colour: str, style: str) -> Iterator["Patch"]:
    """A frame around each day, or around the days side by side."""
    begin, days = 0, sorted(window.weekdays)
    for place, day in enumerate(days):
        if place + 1 == len(days) or days[place + 1] != day + 1:
            top, end = days[begin], _hours(window.end)
            yield _box(
                _hours(window.start),
                end,
                top,
                days=day - top + 1,
                edgecolor=colour,
                linestyle=style,
                zorder=3,
                **_FRAME,
            )
            begin = place + 1


def _box(begin: float, end: float, day: int, *, days: int = 1, **style: Any) -> "Patch":
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - as above

    return Rectangle((begin, day), end - begin, days, **style)


def _hours(moment: time) -> float:
    return 24.0 if moment == time.max else moment.hour + moment.minute / 60


def _draw_leads(axes: "Axes", report: ReleaseReport) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - as above

    axes.set_xlabel("days from a slot's appearance to its date (0: the same day)")
    axes.set_ylabel("new slots")
    axes.set_xlim(-0.7, max([LEAST_LEAD, *report.leads]) + 0.7)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=True, axis="y", alpha=0.3)
    if not report.leads:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no new slot was seen", transform=axes.transAxes, ha="center", color="#666666")
        return
    axes.bar(list(report.leads), list(report.leads.values()), color=COLOURS[0], width=0.8)
    axes.set_title(how_long_they_stay(report), fontsize=10)


def _basis(report: ReleaseReport) -> str:
    if not report.record.hours:
        return "nobody looked"
    sight = in_words(report.record.seen, longest="h")
    return f"{len(report.record.appearances)} new slots in {sight} of sight, by {report.record.looks} looks"


def _legend() -> list["Patch"]:
    from matplotlib.patches import Patch  # noqa: PLC0415 - as above

    return [
        Patch(label="nobody looked", **_BLIND),
        Patch(label="in sight for less than half an hour in all", **_THIN),
        Patch(label="published by the offices", edgecolor=PUBLISHED, **_FRAME),
        Patch(label="pattern in what MTA saw", edgecolor=RECORDED, linestyle="dashed", **_FRAME),
    ]
