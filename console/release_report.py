"""What is known of when new slots appear for a service, as the operator gets it: in words, as JSON, as a picture."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from statistics import median_low
from typing import Any, Final

from console import store
from console.arguments import WEEKDAYS
from core.announcements import Announcement, announcements
from core.appearances import Cell, Record, Stay, sight_by_cell, slots_by_cell, slots_by_lead, stay
from core.cadence import ReleaseWindow
from core.catalog import Catalog, Office
from core.releases import offices, recorded
from core.services import ServiceCount

CELLS: Final = tuple((weekday, hour) for weekday in range(7) for hour in range(24))
THIN: Final = timedelta(minutes=30)  # of sight in all, below which a number of slots says little


@dataclass(frozen=True, slots=True)
class Published:
    """A sentence about releases, with the offices that write it."""

    offices: tuple[Office, ...]
    announcement: Announcement


@dataclass(frozen=True)
class ReleaseReport:
    service_id: int
    catalog: Catalog | None
    record: Record
    since: datetime
    until: datetime

    @property
    def name(self) -> str:
        return store.service_name(self.catalog, self.service_id)

    @cached_property
    def slots(self) -> dict[Cell, int]:
        return dict(slots_by_cell(self.record.hours))

    @cached_property
    def sight(self) -> dict[Cell, timedelta]:
        return sight_by_cell(self.record.hours)

    @cached_property
    def stay(self) -> Stay:
        return stay(self.record.appearances)

    @cached_property
    def leads(self) -> dict[int, int]:
        return dict(sorted(slots_by_lead(self.record.appearances).items()))

    @cached_property
    def recorded(self) -> tuple[ReleaseWindow, ...]:
        return recorded(self.record.hours)

    @cached_property
    def published(self) -> tuple[Published, ...]:
        return tuple(_published(offices(self.catalog, [ServiceCount(self.service_id)])))

    @property
    def known_to_within(self) -> timedelta | None:
        """How long it was at most, for half of the slots, from their appearance to their first sight."""
        gaps = [one.by - one.after for one in self.record.appearances]
        return median_low(gaps) if gaps else None

    def is_blind(self, cell: Cell) -> bool:
        """Nobody looked, so nothing is known."""
        return cell not in self.sight and cell not in self.slots

    def is_thin(self, cell: Cell) -> bool:
        return not self.is_blind(cell) and self.sight.get(cell, timedelta(0)) < THIN


def as_facts(report: ReleaseReport) -> dict[str, Any]:
    return {
        "service": {"id": report.service_id, "name": report.name},
        "since": report.since,
        "until": report.until,
        "zone": "Europe/Berlin",
        "looks": report.record.looks,
        "sight_hours": round(report.record.seen / timedelta(hours=1), 2),
        "hours_of_the_week_without_sight": sum(map(report.is_blind, CELLS)),
        "new_slots": len(report.record.appearances),
        "known_to_within_seconds": _seconds(report.known_to_within),
        "hours": [_cell(report, cell) for cell in CELLS],
        "lead_days": report.leads,
        "stay": {
            "median_seconds": _seconds(report.stay.median),
            "at_least_seconds": _seconds(report.stay.at_least),
            "seen_to_go": report.stay.gone,
            "not_seen_to_go": report.stay.unknown,
        },
        "published": [
            {
                "offices": [{"id": office.id, "name": office.name} for office in one.offices],
                "said": one.announcement.said,
                "window": _window(one.announcement.window) if one.announcement.window else None,
                "lead_days": one.announcement.lead.days if one.announcement.lead is not None else None,
            }
            for one in report.published
        ],
        "recorded": [_window(window) for window in report.recorded],
    }


def clock(moment: time) -> str:
    return "24:00" if moment == time.max else f"{moment:%H:%M}"


def _published(offering: Iterable[Office]) -> Iterator[Published]:
    writers: dict[str, list[Office]] = {}
    for office in offering:
        if office.scope:
            writers.setdefault(office.scope.info, []).append(office)
    for text, some in writers.items():
        for announcement in announcements(text):
            yield Published(tuple(some), announcement)


def _cell(report: ReleaseReport, cell: Cell) -> dict[str, Any]:
    """`slots` None, not zero, where nobody looked."""
    return {
        "weekday": WEEKDAYS[cell[0]],
        "hour": cell[1],
        "slots": None if report.is_blind(cell) else report.slots.get(cell, 0),
        "sight_minutes": round(report.sight.get(cell, timedelta(0)) / timedelta(minutes=1), 1),
    }


def _window(window: ReleaseWindow) -> dict[str, Any]:
    days = [WEEKDAYS[day] for day in sorted(window.weekdays)]
    return {"weekdays": days, "from": clock(window.start), "to": clock(window.end)}


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 1)
