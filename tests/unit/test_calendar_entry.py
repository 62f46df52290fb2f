"""The calendar entry a person gets: when, where, which number, two alarms, and nothing that opens the appointment."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from core.bookings import Appointment, HoldKey
from core.catalog import Office
from workers import artifacts
from workers.artifacts import Entry

SECRET = "5ec4e7" * 10
BEGINS = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
OFFICE = Office(
    id=54261, name="Bürgerbüro Pasing", street="Landsberger Str. 486", city="München", latitude=48.14, longitude=11.46
)
SHOWN = Appointment(
    HoldKey(4711, SECRET), "confirmed", 54261, BEGINS, "S0042", "Bürgerbüro Pasing", "Reisepass", family_name="Probe"
)


def written(folder: Path, entry: Entry) -> tuple[Any, bytes]:
    path = artifacts.write_calendar(folder / "termin.ics", SHOWN, entry, now=BEGINS - timedelta(days=9))
    return Calendar.from_ical(path.read_bytes()).events[0], path.read_bytes()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Terminnummer: S0042\nWas Sie mitbringen: https://stadt.muenchen.de/service/info/1063475"),
        ("en", "Its number: S0042\nWhat to bring: https://stadt.muenchen.de/service/info/1063475"),
    ],
)
def test_it_has_all_that_is_needed_on_the_way(tmp_path: Path, language: str, said: str) -> None:
    event, _ = written(tmp_path, Entry(OFFICE, [1063475], timedelta(minutes=20), language))

    assert (event.start, event.end) == (BEGINS, BEGINS + timedelta(minutes=20))
    assert (event["summary"], event["status"]) == ("Reisepass: Bürgerbüro Pasing", "CONFIRMED")
    assert event["location"] == "Bürgerbüro Pasing, Landsberger Str. 486, München"
    assert (event["geo"].latitude, event["geo"].longitude) == (48.14, 11.46)
    assert event["url"] == "https://stadt.muenchen.de/service/info/1063475"
    assert event["description"] == said
    assert [alarm["trigger"].dt for alarm in event.subcomponents] == [timedelta(days=-1), timedelta(hours=-2)]
    assert all("S0042" in alarm["description"] for alarm in event.subcomponents)


def test_what_nobody_knows_is_left_out(tmp_path: Path) -> None:
    event, _ = written(tmp_path, Entry(None, [], timedelta(minutes=20)))

    assert not {"LOCATION", "GEO", "URL"} & set(event)
    assert event["description"] == "Terminnummer: S0042"


def test_it_holds_neither_name_nor_key_and_is_the_same_entry_each_time(tmp_path: Path) -> None:
    entry = Entry(OFFICE, [1063475], timedelta(minutes=20))

    first, content = written(tmp_path, entry)
    second, _ = written(tmp_path, entry)

    assert SECRET.encode() not in content
    assert b"Probe" not in content
    assert first["uid"] == second["uid"]
    assert b"\r\nMETHOD:PUBLISH\r\n" in content
