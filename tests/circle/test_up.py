"""mta up: everything on one machine, from a typed wish to a booked appointment, and then nothing left behind."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.circle.conftest import ERIKA, MANDATED, MTA, PATIENCE, Operator, eventually, mailed_link

KFZ = "1064305"  # Fahrzeug abmelden: no captcha


@pytest.fixture
def running(operator: Operator) -> Iterator[subprocess.Popen[str]]:
    """`mta up`, ready; killed with all it started should the test fail half-way."""
    with subprocess.Popen(
        [MTA, "up"],
        cwd=operator.home,
        env=operator.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert any(line.startswith("Running.") for line in process.stdout), process.communicate()[1]
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=PATIENCE)


def processes_of(home: Path) -> list[str]:
    """What still runs with this data folder, by its command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if str(home / "data").encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def booking(operator: Operator, state: str) -> Any:
    return eventually(lambda: operator.says("bookings", "list", "--state", state, "--json").json())[0]


def told(operator: Operator, watch: str) -> list[str]:
    """The kinds of notices that were told, once the appointment's own is among them."""
    notices = operator.says("watch", "show", watch, "--json").json()["notices"]
    kinds = [one["kind"] for one in notices if one["told_at"]]
    return kinds if "booking.confirmed" in kinds else []


def test_a_typed_wish_is_booked_and_a_signal_ends_every_process(
    operator: Operator, city: str, running: subprocess.Popen[str]
) -> None:
    opened = operator.starts("watch", "add", KFZ, "--mode", "auto", *ERIKA, MANDATED, "--json").json()
    link = mailed_link(city, "erika@example.org")
    number = str(booking(operator, "preconfirmed")["id"])

    refused = operator.starts("bookings", "activate", number, typed=f"{city}/#/appointment/confirm/eyJ9\n")
    handed_in = operator.starts("bookings", "activate", number, typed=f"{link}\n")
    confirmed = booking(operator, "confirmed")
    kinds = eventually(lambda: told(operator, str(opened["watch"])))
    shown = operator.says("bookings", "show", number, "--json").json()
    at_work = processes_of(operator.home)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=PATIENCE)

    assert opened["queued"] is True
    assert "damaged" in refused.refusal(status=2)
    assert (handed_in.status, handed_in.err) == (0, "")
    assert (confirmed["watch"], confirmed["office"]) == (opened["watch"], "KfZ Zulassungsstelle")
    assert operator.says("watch", "show", str(opened["watch"]), "--json").json()["state"] == "fulfilled"
    assert [one["kind"] for one in shown["timeline"]][:1] == ["booking.wanted"]
    assert shown["city_status"] == "confirmed"
    assert all(Path(shown[name]).is_file() for name in ("screenshot", "calendar"))
    assert kinds == ["booking.preconfirmed", "booking.confirmed"]
    assert "Der Termin ist gebucht" in out
    assert len(at_work) >= 4  # itself, Redis and who keeps it, the worker, the scheduler
    assert running.returncode == 0, err
    assert processes_of(operator.home) == []
