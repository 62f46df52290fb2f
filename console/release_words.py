"""The report on new slots as text on a terminal."""

from collections.abc import Iterator
from datetime import timedelta

from console import printing
from console.arguments import WEEKDAYS
from console.release_report import CELLS, Published, ReleaseReport, clock
from core.appearances import Cell
from core.cadence import ReleaseWindow
from core.slots import BERLIN

_UNITS = (
    (timedelta(days=1), "days", 1),
    (timedelta(hours=1), "h", 1),
    (timedelta(minutes=1), "min", 0),
    (timedelta(seconds=1), "s", 0),
)
_LEADS = ((0, 0), (1, 1), (2, 3), (4, 7), (8, 14), (15, 28), (29, 42), (43, None))


def tell(report: ReleaseReport) -> None:
    printing.say(f"{report.name} ({report.service_id}): when new slots appear. All times are Munich's.")
    _tell_published(report)
    printing.say("")
    _tell_basis(report)
    if report.record.hours:
        _tell_hours(report)
    if report.record.appearances:
        _tell_leads(report)
        printing.say("")
        printing.say(how_long_they_stay(report))


def how_long_they_stay(report: ReleaseReport) -> str:
    stay = report.stay
    if stay.median is not None:
        told = f"Half of the new slots were gone within {in_words(stay.median)}"
    else:
        told = f"More than half of the new slots stayed as long as they were in sight, up to {in_words(stay.at_least)}"
    return f"{told}; {stay.gone} were seen to go, {stay.unknown} not."


def in_words(span: timedelta | None, *, longest: str = "days") -> str:
    """As a person would say it: 45 s, 12 min, 3.5 h, 2.0 days; `longest` is the greatest unit to use."""
    passed = span or timedelta(0)
    units = _UNITS[[word for _, word, _ in _UNITS].index(longest) :]
    unit, word, digits = next((one for one in units if passed >= 2 * one[0]), _UNITS[-1])
    return f"{passed / unit:.{digits}f} {word}"


def window_in_words(window: ReleaseWindow) -> str:
    return f"{_days(window.weekdays)} {clock(window.start)}-{clock(window.end)}"


def span_in_words(report: ReleaseReport) -> str:
    first, last = (moment.astimezone(BERLIN) for moment in (report.since, report.until))
    return f"{first:%d %b %Y} to {last:%d %b %Y}"


def _tell_published(report: ReleaseReport) -> None:
    printing.say("")
    if report.catalog is None:
        printing.say("What the offices publish is not known: no catalogue is kept. Fetch it with: mta catalog search")
        return
    printing.say("What the offices publish:")
    printing.table(
        ("when", "how long ahead", "offices", "in their words"),
        [_published_row(one) for one in report.published],
        empty="Nothing.",
    )


def _published_row(one: Published) -> tuple[str, ...]:
    window, lead = one.announcement.window, one.announcement.lead
    days = "" if lead is None else "same day" if not lead else f"{lead.days} days"
    return (
        window_in_words(window) if window else "no hours that can be read",
        days,
        ", ".join(str(office.id) for office in one.offices),
        one.announcement.said,
    )


def _tell_basis(report: ReleaseReport) -> None:
    printing.say(f"What MTA saw, {span_in_words(report)}:")
    if not report.record.hours:
        printing.say("Nobody looked.")
        return
    blind = sum(map(report.is_blind, CELLS))
    printing.facts(
        {
            "looks": f"{report.record.looks}, in sight for {in_words(report.record.seen, longest='h')}",
            "not looked at": f"{blind} of the {len(CELLS)} hours of a week" if blind else "",
            "new slots": len(report.record.appearances),
            "seen within": f"{in_words(report.known_to_within)} of their appearance, half of them"
            if report.known_to_within is not None
            else "",
            "release hours": ", ".join(map(window_in_words, report.recorded)) or "no pattern",
        }
    )


def _tell_hours(report: ReleaseReport) -> None:
    printing.say("")
    printing.table(
        ("new slots", *(day.capitalize() for day in WEEKDAYS)),
        [
            (f"{hour:02}-{hour + 1:02} h", *(_cell(report, (weekday, hour)) for weekday in range(len(WEEKDAYS))))
            for hour in range(24)
        ],
    )
    printing.say("-: nobody looked; ?: in sight for less than half an hour in all")


def _cell(report: ReleaseReport, cell: Cell) -> str:
    if report.is_blind(cell):
        return "-"
    return f"{report.slots.get(cell, 0)}{'?' if report.is_thin(cell) else ''}"


def _tell_leads(report: ReleaseReport) -> None:
    printing.say("")
    printing.table(("how long ahead", "new slots"), list(_lead_rows(report)))


def _lead_rows(report: ReleaseReport) -> Iterator[tuple[str, int]]:
    for first, last in _LEADS:
        slots = sum(count for days, count in report.leads.items() if first <= days and (last is None or days <= last))
        if first == last:
            yield ("same day" if not first else f"{first} day"), slots
        else:
            yield f"{first} days or more" if last is None else f"{first} to {last} days", slots


def _days(weekdays: frozenset[int]) -> str:
    """Mon-Fri, or Mon, Wed."""
    if len(weekdays) == len(WEEKDAYS):
        return "every day"
    names = [WEEKDAYS[day].capitalize() for day in sorted(weekdays)]
    first, last = min(weekdays), max(weekdays)
    if 1 < last - first == len(names) - 1:
        return f"{names[0]}-{names[-1]}"
    return ", ".join(names)
