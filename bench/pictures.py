"""The charts of the benches that measure: one function each, from what the JSON says to a picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from console import drawing
from console.drawing import COLOURS

GREEN, YELLOW, BLUE, RED, _, GREY = COLOURS
PARTIES: Final = {"mta": ("MTA", GREEN), "poller": ("poller", RED), "rivals": ("rivals", GREY)}


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
        f"What one look costs: in processor time MTA's is 1/{1 / told['ratio_vs_launch']:.0f} of launching a browser"
        f" and {told['ratio_vs_inpage']:.2g} bare questions in the page"
        f"\n{told['times']} times free; median of {told['runs']} runs, each a dot;"
        f" {told['page']} page, {told['dialect'].upper()}"
    )
    with paper(path, across=3, width=13, title=title) as sheets:
        for axes, (figure, label, scale) in zip(sheets, shown, strict=True):
            _bars(axes, told["rows"], figure)
            axes.set_xscale(scale)
            axes.xaxis.set_major_formatter("{x:g}")
            axes.margins(x=0.25)
            axes.set_xlabel(label)


def hold(told: dict[str, Any], path: Path) -> None:
    """Every wait as a dot, a line of dots for each pace, with its median, its p95 and its goal."""
    paces = list(told["waits"])[::-1]
    title = (
        "From the City's answer that shows a slot to the hold"
        f"\n{told['runs']} runs of {told['repetitions']} slots each; {told['page']} page, {told['dialect'].upper()}"
    )
    with paper(path, height=4, title=title) as [axes]:
        for place, pace in enumerate(paces):
            waits, goal = told["waits"][pace], told["goals"][pace]
            beside = [place + (number * 7 % 11 - 5) / 40 for number in range(len(waits))]
            axes.scatter(waits, beside, color=BLUE, s=18, alpha=0.7, label="one slot" if not place else None)
            for figure, colour in (("p50", GREEN), ("p95", YELLOW)):
                if (value := told[pace][figure]) is not None:
                    label = {"p50": "median", "p95": "p95"}[figure] if not place else None
                    axes.plot([value] * 2, [place - 0.3, place + 0.3], color=colour, linewidth=3, label=label)
            label = "goal for p95" if not place else None
            axes.plot([goal] * 2, [place - 0.35, place + 0.35], color=RED, linestyle="--", label=label)
        axes.set_yticks(range(len(paces)), [_pace(told, pace) for pace in paces])
        axes.set_ylim(-0.6, len(paces) - 0.4)
        axes.set_xlim(left=0)
        axes.set_xlabel("milliseconds")
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


def rounds(told: dict[str, Any], path: Path) -> None:
    """The City's requests by crowd on the left, the scheduler's processor time on the right."""
    title = (
        f"What many watches cost: {told['database_mib']:g} MiB for {told['watches']:,} of them"
        f"\n{told['page']} page, {told['dialect'].upper()}"
    )
    with paper(path, across=2, height=4.5, title=title) as [city, scheduler]:
        crowds, rates = list(told["requests_per_minute"]), list(told["requests_per_minute"].values())
        bars = city.bar(crowds, rates, color=GREEN, alpha=0.8, width=0.6)
        city.bar_label(bars, [_short(rate) for rate in rates], padding=3)
        city.set_ylim(0, max(rates) * 1.25)
        city.set_xlabel(f"open watches on {told['targets']} targets, each looked at every {told['look_every_s']} s")
        city.set_ylabel("requests to the City a minute")
        runs = told["scheduler_rounds_cpu_s"]
        scheduler.scatter(range(1, len(runs) + 1), runs, color=BLUE, zorder=3, label="one round")
        scheduler.axhline(told["scheduler_round_cpu_s"], color=GREEN, linewidth=2, label="median")
        scheduler.axhline(told["goal_round_cpu_s"], color=RED, linestyle="--", label="goal")
        scheduler.set_ylim(0, max(*runs, told["goal_round_cpu_s"]) * 1.25)
        scheduler.set_xticks(range(1, len(runs) + 1))
        scheduler.set_xlabel(f"run; {told['watches']:,} watches on {told['many_targets']} targets, all of them due")
        scheduler.set_ylabel("seconds of processor time")
        scheduler.legend(loc="lower right")


def rush(told: dict[str, Any], path: Path) -> None:
    """Who got how many, and how it came about: a line for each run."""
    limit = f"{told['rate_limit']} requests an address" if told["rate_limit"] else "no limit"
    what = f"{told['slots']} slots at once for {told['people']} people"
    others = f"rivals take {told['rivals_per_minute']:g} a minute, a poller comes once a minute"
    how = f"median of {told['runs']} runs, each a dot and a line; {told['workers']} workers, {limit}"
    title = f"{what}; {others}\n{how}; {told['page']} page, {told['dialect'].upper()}"
    with paper(path, across=2, title=title) as [bars, lines]:
        _shares(bars, told)
        for number, curve in enumerate(told["curves"]):
            for place, (name, colour) in enumerate(PARTIES.values(), start=1):
                taken = [point[place] for point in curve]
                lines.plot([point[0] for point in curve], taken, color=colour, label=None if number else name)
        lines.set_xlim(left=0)
        lines.set_ylim(bottom=0)
        lines.set_xlabel("seconds since the release")
        lines.yaxis.get_major_locator().set_params(integer=True)
        lines.legend(loc="upper left")


def soak(told: dict[str, Any], path: Path) -> None:
    """Memory over the looks, a line for each run."""
    title = (
        f"A worker with {told['targets']} warm pages over {told['looks']:,} looks:"
        f" {told['leaked_pages']} pages leaked, {told['throttled']} requests refused as too many"
        f"\n{told['page']} page, {told['dialect'].upper()}"
    )
    with paper(path, height=4.5, title=title) as [axes]:
        for number, curve in enumerate(told["curves"]):
            looks, memory = [point[0] for point in curve], [point[1] for point in curve]
            axes.plot(looks, memory, color=GREEN, marker="o", markersize=4, label=None if number else "worker (PSS)")
        axes.axhline(told["goal_mib"], color=RED, linestyle="--", label="goal")
        axes.set_ylim(0, max(told["peak_mib"], told["goal_mib"]) * 1.15)
        axes.set_xlabel("looks since every page was opened")
        axes.set_ylabel("MiB of worker, driver and browser")
        axes.legend(loc="lower right")


def tell(told: dict[str, Any], path: Path) -> None:
    """Every single message's way on the left, how a crowd's came on the right."""
    title = (
        f"From a change to the message about it: median {told['p50']:.0f} ms, p95 {told['p95']:.0f} ms"
        f"\n{told['messages']:,} at once: {told['lost']} lost, {told['doubled']} doubled, {told['429s']} refused;"
        f" {told['killed_messages']:,} through an outage and {told['kills']} kills:"
        f" {told['killed_lost']} lost, {told['killed_doubled']} doubled"
    )
    with paper(path, across=2, title=title) as [ways, crowds]:
        ways.hist(told["waits"], bins=30, color=BLUE, alpha=0.8)
        for figure, label, colour in (
            ("p50", "median", GREEN),
            ("p95", "p95", YELLOW),
            ("goal_ms", "goal for p95", RED),
        ):
            ways.axvline(told[figure], color=colour, label=label, linestyle="--" if figure == "goal_ms" else "-")
        ways.set_xlim(left=0)
        ways.set_xlabel(f"ms from the change to the Bot API; {told['notices']} changes, one by one")
        ways.set_ylabel("messages")
        ways.legend(loc="upper center")
        for (name, curve), colour in zip(told["curves"].items(), (GREEN, BLUE), strict=True):
            crowds.plot([point[0] for point in curve], [point[1] for point in curve], color=colour, label=name)
        most = max(curve[-1][1] for curve in told["curves"].values())
        crowds.plot([0, most / 30], [0, most], color=GREY, linestyle=":", label="30 a second, Telegram's limit")
        for number, at in enumerate(told["killed_at"]):
            crowds.axvline(at, color=RED, alpha=0.4, label=None if number else "the bot is killed")
        crowds.set_xlim(left=0)
        crowds.set_ylim(bottom=0)
        crowds.set_xlabel("seconds since all were written")
        crowds.set_ylabel("messages that have come")
        crowds.legend(loc="lower right")


def _shares(axes: Any, told: dict[str, Any]) -> None:
    for place, (party, (name, colour)) in enumerate(PARTIES.items()):
        axes.bar(f"{name}\n{_short(told[party])}", told[party], color=colour, alpha=0.8, width=0.6)
        dots = [one[party] for one in told["each_run"]]
        axes.scatter([place] * len(dots), dots, color="black", s=12, zorder=3)
    axes.set_ylim(0, told["slots"])
    axes.set_ylabel("slots got")
    axes.yaxis.get_major_locator().set_params(integer=True)


def _pace(told: dict[str, Any], pace: str) -> str:
    missed = told[pace]["missed"]
    return f"{pace}\n({missed} missed)" if missed else pace


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
