"""How the demo tells its story: a line for each step with its time, and the same as JSON at the end."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from bot import texts
from console import printing
from core.bookings import BookingState
from core.slots import utc_now
from models.event import Event

_BOOKING = {
    "booking.wanted": "drew a slot for the person",
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
    "booking.possible_hold": "the City's answer did not come: a hold is possible",
    "booking.barred": "the person or the slot is already served",
}


class Teller:
    """`steps` are all that was told, for the JSON file."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._began = time.monotonic()
        self._first = utc_now()
        self.steps: list[dict[str, Any]] = []

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def step(self, name: str, sentence: str, *, at: datetime | None = None, **facts: Any) -> None:
        moment = at or utc_now()
        passed = round((moment - self._first).total_seconds() * 1000)
        self.steps.append({"at": moment.isoformat(), "ms": passed, "step": name, **facts})
        self._out.print(Text(f"{passed / 1000:7.3f} s  ", style="cyan").append(sentence, style="default"))

    def event(self, event: Event) -> None:
        """A step of the flight recorder, told with the moment it was noted at."""
        self.step(event.kind, sentence_of(event), at=event.at, **event.fields)

    def heading(self, sentence: str) -> None:
        self._out.print(Text(sentence, style="bold"))

    def notice(self, sentence: str) -> None:
        self._out.print(
            Text(f"{'':11}told the person: ", style="dim").append(" ".join(sentence.split()), style="italic")
        )


def sentence_of(event: Event) -> str:
    fields = event.fields
    match event.kind:
        case "watch.opened":
            return f"watch {event.watch_id} is open, mode {fields.get('mode')}"
        case "look.due":
            return "the scheduler sends the next look"
        case "look.answered":
            return f"looked: {fields['answer']}{_seen(fields)}"
        case "slots.drawn":
            return f"drew by waiting time and lot (seed {fields.get('seed')}): {fields.get('awards')} awarded"
    reason = str(fields.get("reason") or "")
    about = f" ({fields['status']})" if fields.get("status") else f": {texts.reason(reason, 'en')}" if reason else ""
    return _BOOKING.get(event.kind, event.kind) + about


def summary(out: Console, result: dict[str, Any]) -> None:
    booking, files = result["booking"], result["files"]
    lines = {
        "City's answer": result["status"],
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


def ended(event: Event) -> bool:
    return event.kind.removeprefix("booking.") in (BookingState.RELEASED, BookingState.LOST, BookingState.EXPIRED)


def exists(path: str) -> str:
    """The path as it can be opened from here, or nothing if the file is not there."""
    return str(Path(path).resolve()) if path and Path(path).is_file() else ""


def _seen(fields: dict[str, Any]) -> str:
    if fields.get("slots"):
        return f", {fields['slots']} slots on {fields['days']} days, {fields['requests']} requests"
    detail = f" ({fields['detail']})" if fields.get("detail") else ""
    return f"{detail}, {fields['requests']} requests"
