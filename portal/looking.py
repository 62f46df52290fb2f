"""Everything that is free for a target: what the page heard first, then each further day asked the same way.

The page's own availability request is repeated inside the page, one at a time and at a person's pace, while the
City's request budget stays above the reserve. In February the days come in one answer and each day's times in
another; in August an answer covers a month's days and one day's times, and names the next bookable day beyond.

Where not every day can be asked, those come first that a former look of the page did not see so, then those that
were read longest ago.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from core.errors import Blocked, Maintenance, MtaError, SessionExpired, SiteUnreachable, Throttled
from core.slots import Slot
from portal import contract, contract_aug, contract_feb
from portal.availability import Availability, check_plausible
from portal.replies import Reply
from portal.visit import Memory, Standing, Visit

MOST_REQUESTS = 60  # of one look, should the City name no budget

TakesDay = Callable[[date], bool]
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asking:
    """How far a look goes: the days somebody could take, `most` requests, `reserve` left of the City's budget."""

    takes_day: TakesDay
    reserve: int
    most: int
    now: datetime


@dataclass(slots=True)
class Findings:
    """`read` are the days whose times are known, `later` a bookable day whose month is not known yet.

    `offices` are those that were asked; the City's page may swap one that is wanted for another that stands for it.
    `cut_short` is the error that ended the reading before all wanted days were asked.
    """

    days: dict[date, frozenset[int]] = field(default_factory=dict)
    slots: dict[date, frozenset[Slot]] = field(default_factory=dict)
    later: date | None = None
    offices: frozenset[int] = frozenset()
    cut_short: MtaError | None = None

    @property
    def bookable(self) -> tuple[date, ...]:
        known = set(self.days) | ({self.later} if self.later else set())
        return tuple(sorted(known))

    @property
    def unread(self) -> tuple[date, ...]:
        return tuple(day for day in self.bookable if day not in self.slots)

    @property
    def all_slots(self) -> tuple[Slot, ...]:
        return tuple(sorted(slot for slots in self.slots.values() for slot in slots))

    def add(self, found: Availability, *, asked: date | None = None) -> None:
        """A later answer is the truer one: what its months no longer list is gone."""
        if found.month_of is not None:
            self._forget(found, asked)
            self.later = found.later if found.later not in self.days else None
        self.days |= found.days
        for day, slots in found.times.items():
            if slots:
                self.slots[day] = slots
            else:
                self._drop(day)

    def _forget(self, found: Availability, asked: date | None) -> None:
        """August lists the month of the day it gives times for, and moves on from a month that has become empty."""
        covered = {(day.year, day.month) for day in (found.month_of, asked) if day}
        nothing_at_all = not found.days and found.later is None and found.earlier is None
        for day in [day for day in self.days if day not in found.days]:
            if nothing_at_all or (day.year, day.month) in covered:
                self._drop(day)

    def _drop(self, day: date) -> None:
        self.days.pop(day, None)
        self.slots.pop(day, None)


async def gather(visit: Visit, standing: Standing, heard: Iterable[Reply], asking: Asking) -> Findings:
    """Read what was `heard`, then ask for the remaining days. Raises what stands in the way of a first answer."""
    findings = Findings(offices=standing.offices)
    for reply in heard:
        _take(findings, reply, standing, now=asking.now)
    asked: set[date] = set()
    while (day := _next_day(findings, visit, standing, asking.takes_day, asked=asked)) and _affordable(visit, asking):
        asked.add(day)
        await visit.hand.settle()
        try:
            _take(findings, await visit.fetch(request_for(standing, day)), standing, now=asking.now, asked=day)
        except (Throttled, Blocked, Maintenance, SessionExpired, SiteUnreachable) as error:
            if not findings.all_slots:
                raise
            findings.cut_short = error
            break
    _remember(visit, findings, now=asking.now)
    return findings


def request_for(standing: Standing, day: date) -> str:
    """The page's own request, for the times of this day at the offices that are wanted."""
    times, offices = standing.times, _written(standing)
    if times.endpoint == contract_aug.CALENDAR:
        window = {"slotsStartDate": day.isoformat(), "slotsEndDate": day.isoformat()}
        return with_query(times.url, {contract_aug.OFFICES: offices} | window)
    url = contract_feb.as_times_request(times.url) if times.endpoint == contract_feb.DAYS else times.url
    return with_query(url, {"date": day.isoformat(), contract_feb.OFFICES: offices})


def with_query(url: str, changes: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | changes
    return urlunsplit(parts._replace(query=urlencode(query)))


def _take(findings: Findings, reply: Reply, standing: Standing, *, now: datetime, asked: date | None = None) -> None:
    found = contract.read_availability(reply)
    check_plausible(found, asked=contract.offices_asked(reply), now=now)
    findings.add(_of_interest(found, standing.offices, now=now), asked=asked)


def _of_interest(found: Availability, offices: frozenset[int], *, now: datetime) -> Availability:
    """February lists the days of offices that are no longer ticked; they are left out, as are times just over."""
    return Availability(
        days={day: named & offices for day, named in found.days.items() if named & offices},
        times={
            day: frozenset(slot for slot in slots if slot.office_id in offices and slot.starts_at > now)
            for day, slots in found.times.items()
        },
        month_of=found.month_of,
        later=found.later,
        earlier=found.earlier,
    )


def _next_day(
    findings: Findings, visit: Visit, standing: Standing, takes_day: TakesDay, *, asked: set[date]
) -> date | None:
    open_days = [day for day in findings.days if day not in findings.slots and day not in asked and takes_day(day)]
    if open_days:
        return min(open_days, key=lambda day: _urgency(visit.memory, day, findings.days[day]))
    beyond = _first_taken(findings.later, standing, takes_day=takes_day) if findings.later else None
    return None if beyond in asked else beyond


def _first_taken(later: date, standing: Standing, *, takes_day: TakesDay) -> date | None:
    """The day to ask beyond the known months: one that is wanted if its month has one, else the month itself."""
    end = date.fromisoformat(standing.days.query.get("endDate", later.isoformat()))
    ahead = (later + timedelta(days=n) for n in range((end - later).days + 1))
    wanted = next((day for day in ahead if takes_day(day)), None)
    if wanted is None:
        return None
    return wanted if (wanted.year, wanted.month) == (later.year, later.month) else later


def _urgency(memory: Memory, day: date, offices: frozenset[int]) -> tuple[bool, datetime, date]:
    as_before = memory.days.get(day) == offices
    return as_before, memory.read_at.get(day, _LONG_AGO), day


def _remember(visit: Visit, findings: Findings, *, now: datetime) -> None:
    visit.memory.days = dict(findings.days)
    kept = {day: at for day, at in visit.memory.read_at.items() if day in findings.days}
    visit.memory.read_at = kept | dict.fromkeys(findings.slots, now)


def _written(standing: Standing) -> str:
    """A page that had nothing to show was left as it opened, with all offices ticked."""
    asked = contract.offices_asked(standing.times)
    return ",".join(str(office) for office in sorted(asked & standing.offices or asked))


def _affordable(visit: Visit, asking: Asking) -> bool:
    budget = visit.wire.budget
    return len(visit.wire.calls) < asking.most and (budget is None or budget.remaining > asking.reserve)
