"""mta stats footprint: what was asked of the City today, beside what its people would have asked by hand."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import typer
from sqlmodel import Session

from config import settings
from console import printing, store
from console.arguments import span as written_span
from core.coverage import Span
from core.errors import BadInput
from core.footprint import Habit, Purpose, Waiting, by_hand, munich_day
from core.services import ServiceCount
from core.slots import BERLIN, utc_now
from models import footprints
from models.footprints import Asked, LookedAt

WORDS = {
    Purpose.LOOK: "looks",
    Purpose.BOOK: "bookings",
    Purpose.CONFIRM: "confirming",
    Purpose.READ: "reading back",
    Purpose.CANCEL: "cancelling",
    Purpose.CATALOG: "catalogue",
    Purpose.CHECK: "checks",
    Purpose.WORK: "work",
}
COUNTED = (
    "Counted are calls of the City's API, as its own limit counts them; pages, scripts and pictures are not, on"
    " either side."
)
KILOBYTE = 1000


@dataclass(frozen=True, slots=True)
class Today:
    day: Span
    habit: Habit
    asked: Sequence[Asked]
    targets: Sequence[LookedAt]
    waiting: Sequence[Waiting]

    @property
    def by_purpose(self) -> Counter[Purpose]:
        counted: Counter[Purpose] = Counter()
        for one in self.asked:
            counted[one.purpose] += one.requests
        return counted

    @property
    def requests(self) -> int:
        return self.by_purpose.total()

    @property
    def cpu_ms(self) -> int:
        return sum(one.cpu_ms for one in self.asked)

    @property
    def looks(self) -> int:
        return sum(one.looks for one in self.targets)

    @property
    def people(self) -> int:
        return len({one.person_id for one in self.waiting})

    @property
    def by_hand(self) -> int:
        return by_hand(self.waiting, self.day, self.habit)

    @property
    def ratio(self) -> float | None:
        """MTA's requests for each one by hand; None while there would be none."""
        return self.requests / self.by_hand if self.by_hand else None

    def people_at(self, target_id: int) -> int:
        return len({one.person_id for one in self.waiting if one.target_id == target_id})


def footprint(
    *,
    every: Annotated[str, typer.Option(help="How often somebody would open the page by hand: 5m, 10m, 1h.")] = "10m",
    json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False,
) -> None:
    """Requests to the City today, by purpose, hour, target and person, beside what these people would send by hand."""
    pause = written_span(every, field="every")
    if pause < timedelta(minutes=1):
        raise BadInput("Nobody opens the page more than once a minute.", field="every", hint="Write 10m.")
    with store.opened(settings.load()) as kept, kept.database.reading() as session:
        today = _today(session, Habit(every=pause))
    if json:
        printing.as_json(_facts(today))
    else:
        _show(today)


def _today(session: Session, habit: Habit) -> Today:
    day = munich_day(utc_now())
    return Today(
        day=day,
        habit=habit,
        asked=footprints.of(session, day),
        targets=footprints.by_target(session, day),
        waiting=footprints.waiting(session, day),
    )


def _show(today: Today) -> None:
    received = sum(one.received for one in today.asked)
    printing.facts(
        {
            "today (Munich)": _day(today.day),
            "requests to the City": f"{today.requests}{_split(today)}",
            "received": f"{received / KILOBYTE:.0f} kB" if received else "",
            "processor time": _processor(today),
            "people served": today.people,
            "requests per person": f"{today.requests / today.people:.1f}" if today.people else "",
            "by hand": _assumed(today),
            "MTA for each by hand": "" if today.ratio is None else f"{today.ratio:.2f}",
        }
    )
    printing.table(("hour (Munich)", "looks", "bookings", "other", "all"), _hours(today))
    printing.table(("target", "services", "offices", "people", "looks", "requests of looks"), _targets(today))
    printing.say(COUNTED)


def _processor(today: Today) -> str:
    if not today.cpu_ms:
        return ""
    share = f", {today.cpu_ms / today.looks:.0f} ms for each look" if today.looks else ""
    return f"{today.cpu_ms / 1000:.0f} s of the workers and their browsers, bookings and waiting included{share}"


def _facts(today: Today) -> dict[str, Any]:
    habit = today.habit
    return {
        "since": today.day.start,
        "until": today.day.end,
        "requests": today.requests,
        "received": sum(one.received for one in today.asked),
        "cpu_ms": today.cpu_ms,
        "by_purpose": {str(purpose): today.by_purpose[purpose] for purpose in Purpose},
        "by_hour": [
            {"hour": one.hour, "purpose": str(one.purpose), "requests": one.requests, "received": one.received}
            for one in today.asked
        ],
        "by_target": [
            {
                "target": one.target_id,
                "services": [str(service) for service in one.services],
                "offices": one.office_ids,
                "people": today.people_at(one.target_id),
                "looks": one.looks,
                "requests": one.requests,
            }
            for one in today.targets
        ],
        "people": today.people,
        "requests_per_person": round(today.requests / today.people, 2) if today.people else None,
        "by_hand": {
            "requests": today.by_hand,
            "every_minutes": habit.every / timedelta(minutes=1),
            "from": f"{habit.wakes:%H:%M}",
            "to": f"{habit.sleeps:%H:%M}",
            "calls": habit.calls,
            "calls_with_captcha": habit.calls_with_box,
        },
        "ratio": None if today.ratio is None else round(today.ratio, 3),
    }


def _day(day: Span) -> str:
    return f"{day.start.astimezone(BERLIN):%a %d %b %Y, %H:%M} to {day.end.astimezone(BERLIN):%H:%M}"


def _split(today: Today) -> str:
    counted = today.by_purpose
    parts = [f"{words} {counted[purpose]}" for purpose, words in WORDS.items() if counted[purpose]]
    return f": {', '.join(parts)}" if parts else ""


def _assumed(today: Today) -> str:
    habit = today.habit
    return (
        f"{today.by_hand}, if each of them opened the page every {habit.every / timedelta(minutes=1):g} minutes from"
        f" {habit.wakes:%H:%M} to {habit.sleeps:%H:%M} ({habit.calls} calls each time, {habit.calls_with_box} with the"
        " captcha box)"
    )


def _hours(today: Today) -> Iterator[tuple[object, ...]]:
    for hour in sorted({one.hour for one in today.asked}):
        counted = Counter({one.purpose: one.requests for one in today.asked if one.hour == hour})
        looks, bookings = counted[Purpose.LOOK], counted[Purpose.BOOK]
        yield f"{hour.astimezone(BERLIN):%H:%M}", looks, bookings, counted.total() - looks - bookings, counted.total()


def _targets(today: Today) -> Iterator[tuple[object, ...]]:
    for one in today.targets:
        services, offices = _services(one.services), " ".join(map(str, one.office_ids)) or "any"
        yield one.target_id, services, offices, today.people_at(one.target_id), one.looks, one.requests


def _services(services: Sequence[ServiceCount]) -> str:
    return " ".join(map(str, services))
