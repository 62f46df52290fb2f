"""How the demo tells its story: a line for each step with its time, and the same as JSON at the end."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from bot import texts
from console import printing, store
from core.bookings import BookingState
from core.catalog import Catalog
from core.slots import utc_now
from models.event import Event

_SENTENCES = {
    "watch.fulfilled": "the watch is fulfilled",
    "watch.paused": "the watch rests",
    "watch.open": "the watch is open again",
    "watch.stopped": "the watch is stopped",
    "watch.ended": "the watch has ended",
    "look.due": "the scheduler sends the next look",
    "look.blind": "cannot see what the City offers",
    "look.sees_again": "sees again what the City offers",
    "booking.holding": "picks the slot on the City's page",
    "booking.held": "the City holds the slot",
    "booking.detailed": "filled in the contact form",
    "booking.preconfirmed": "pressed “Termin reservieren”: preconfirmed, now the mailed link is wanted",
    "booking.link_given": "handed the mailed link in",
    "booking.read": "asked the City about the appointment",
    "booking.confirmed": "the City confirmed the appointment",
    "booking.lost": "the slot is gone",
    "booking.released": "gave the hold back",
    "booking.expired": "the hold has lapsed",
    "booking.cancelled": "the appointment is cancelled",
    "booking.cancel_asked": "the person wants the appointment cancelled",
    "booking.offered": "asked the person whether to take the slot",
    "booking.answered": "the person answered",
    "booking.possible_hold": "the City's answer did not come: a hold is possible",
    "booking.barred": "the person or the slot is already served",
}


_STATES = frozenset(f"booking.{state}" for state in BookingState)


class Teller:
    """`steps` are all that was told, for the JSON file."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._began = time.monotonic()
        self._first = utc_now()
        self._last = "nothing had begun"
        self.catalog: Catalog | None = None
        self.steps: list[dict[str, Any]] = []

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def step(self, name: str, sentence: str, *, at: datetime | None = None, **facts: Any) -> None:
        moment = at or utc_now()
        passed = round((moment - self._first).total_seconds() * 1000)
        self.steps.append({"at": moment.isoformat(), "ms": passed, "step": name, **facts})
        self._last = sentence
        self._print(Text(f"{passed / 1000:7.3f} s  ", style="cyan").append(sentence, style="default"))

    def event(self, event: Event) -> None:
        """A step of the flight recorder, told with the moment it was noted at."""
        self.step(event.kind, sentence_of(event, self.catalog), at=event.at, **event.fields)

    def unfinished(self) -> str:
        """What the last step was, how long ago, and what has been going on since."""
        if not self.steps:
            return "Nothing had begun."
        idle = self.seconds - self.steps[-1]["ms"] / 1000
        return f"The last step, {idle:.0f} s before the end: {self._last}.{_going_on(self.steps[-1]['step'])}"

    def heading(self, sentence: str) -> None:
        self._print(Text(sentence, style="bold"))

    def notice(self, sentence: str) -> None:
        self._print(Text(f"{'':11}told the person: ", style="dim").append(" ".join(sentence.split()), style="italic"))

    def _print(self, line: Text) -> None:
        self._out.print(line, soft_wrap=True)


def sentence_of(event: Event, catalog: Catalog | None = None) -> str:
    fields = event.fields
    match event.kind:
        case "watch.opened":
            return f"watch {event.watch_id} is open, mode {fields.get('mode')}"
        case "look.answered":
            return f"looked: {fields['answer']}{_seen(fields)}"
        case "booking.wanted":
            when = printing.berlin(datetime.fromisoformat(fields["starts_at"]))
            return f"chose the slot: {when}, {store.office_name(catalog, fields['office_id'])}"
        case "slots.drawn":
            return f"drew by waiting time and lot (seed {fields.get('seed')}): {fields.get('awards')} awarded"
    reason = str(fields.get("reason") or "")
    about = f" ({fields['status']})" if fields.get("status") else f": {texts.reason(reason, 'en')}" if reason else ""
    return _SENTENCES.get(event.kind, event.kind) + about


def summary(out: Console, result: dict[str, Any]) -> None:
    booking, files = result["booking"], result["files"]
    lines = {
        "City's answer": result["status"] or "",
        "outcome": "" if result["status"] else how_far(result["steps"]),
        "appointment": f"{printing.berlin(datetime.fromisoformat(booking['starts_at']))} (Munich), {booking['office']}"
        if booking
        else "",
        "number": booking.get("number", "") if booking else "",
        "screenshot": files.get("screenshot", ""),
        "calendar file": files.get("calendar", ""),
        "requests to the City": result["requests"],
        "took": f"{result['seconds']:.1f} s",
    }
    out.print()
    for name, value in lines.items():
        if value not in ("", None):
            out.print(Text(f"{name + ':':<22}", style="dim").append(str(value), style="default"))


def how_far(steps: Sequence[Mapping[str, Any]]) -> str:
    """What became of the booking that the City was not asked about."""
    states = [step["step"].removeprefix("booking.") for step in steps if step["step"] in _STATES]
    return f"not booked; the booking got as far as: {states[-1]}" if states else "nothing was booked"


def ended(event: Event) -> bool:
    return event.kind.removeprefix("booking.") in (BookingState.RELEASED, BookingState.LOST, BookingState.EXPIRED)


def exists(path: str) -> str:
    """The path as it can be opened from here, or nothing if the file is not there."""
    return str(Path(path).resolve()) if path and Path(path).is_file() else ""


def _going_on(step: str) -> str:
    if step in ("look.sent", "look.due"):
        return " The look was still under way."
    if step in ("booking.preconfirmed", "booking.link_given"):
        return " The City's mail or its word was still awaited."
    return " The booking was still under way." if step in _STATES else ""


def _seen(fields: dict[str, Any]) -> str:
    if fields.get("slots"):
        return f", {fields['slots']} slots on {fields['days']} days, {fields['requests']} requests"
    detail = f" ({fields['detail']})" if fields.get("detail") else ""
    return f"{detail}, {fields['requests']} requests"
