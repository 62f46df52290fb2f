"""The demo: the whole circle once in each generation, and once with nothing to be had."""

from datetime import datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

from core.slots import utc_now
from tests.circle.conftest import Operator, Said

PNG = b"\x89PNG\r\n\x1a\n"
IN_ORDER = (
    *("city.ready", "redis.ready", "worker.ready", "scheduler.ready", "wish", "watch.opened", "look.answered"),
    *("slots.drawn", "booking.wanted", "booking.holding", "booking.held", "booking.detailed", "booking.preconfirmed"),
    *("booking.link_given", "booking.confirmed", "watch.fulfilled", "city.asked"),
)


def played(home: Path, *words: str) -> tuple[Said, Any]:
    """What was said on the terminal, and the same as the JSON file tells it."""
    said = Operator(home).starts("demo", "--timing", "brisk", "--json", "demo.json", *words)
    return said, printed(home / "demo.json", said)


def printed(file: Path, said: Said) -> Any:
    assert file.exists(), f"{said.out}\n{said.err}"
    return Said(0, file.read_text("utf-8"), "").json()


@pytest.mark.parametrize("dialect", ["feb", "aug"])
def test_the_demo_ends_with_an_appointment_the_city_confirms(tmp_path: Path, dialect: str) -> None:
    said, told = played(tmp_path, "--dialect", dialect)

    assert said.status == 0, f"{said.out}\n{said.err}"
    assert (told["status"], told["dialect"], said.err) == ("confirmed", dialect, "")
    names = [step["step"] for step in told["steps"]]
    assert [name for name in names if name in IN_ORDER] == list(IN_ORDER)
    moments = [datetime.fromisoformat(step["at"]) for step in told["steps"]]
    assert max(moments) <= utc_now()
    assert all(step["ms"] >= 0 for step in told["steps"])
    assert told["requests"] > 0

    assert Path(told["files"]["screenshot"]).read_bytes().startswith(PNG)
    calendar = icalendar.Calendar.from_ical(Path(told["files"]["calendar"]).read_bytes())
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("DTSTART") == datetime.fromisoformat(told["booking"]["starts_at"])
    for path in told["files"].values():
        assert path in said.out


def test_the_demo_says_plainly_that_nothing_was_to_be_had(tmp_path: Path) -> None:
    said, told = played(tmp_path, "--mood", "none")

    assert said.status == 1
    assert (told["status"], told["answer"], told["booking"]) == (None, "none", None)
    assert "nothing was booked" in said.out
    assert "No appointment is free at the moment." in said.err
