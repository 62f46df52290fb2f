"""What the practice city writes: mails with links, by SMTP, and the calendar file."""

import base64
import json
from typing import Any

from icalendar import Calendar

from tests.rehearsal_fixtures import Visitor


def opened(link: str) -> dict[str, Any]:
    return dict(json.loads(base64.b64decode(link.rpartition("/")[2])))


async def test_mails_carry_the_links_that_confirm_and_manage(city: Visitor) -> None:
    # given
    held = await city.confirmed()
    await city.step("cancel-appointment", held)

    # when
    mails = await city.mails(to="erika@example.org", count=3)

    # then
    assert [mail["subject"] for mail in mails] == [
        "Aktivierungslink für Ihren Termin",
        "Terminbestätigung",
        "Terminabsage",
    ]
    activation, manage = mails[0]["links"][0], mails[1]["links"][0]
    assert activation["title"] == "Termin bestätigen"
    assert activation["url"].startswith(f"{city.url}/#/appointment/confirm/")
    assert manage["title"] == "Termin ändern/stornieren"
    assert manage["url"].startswith(f"{city.url}/#/appointment/")
    assert opened(activation["url"]) == {"id": held["processId"], "authKey": held["authKey"]}
    assert opened(manage["url"]) == opened(activation["url"])


async def test_releasing_a_mere_hold_writes_no_mail_and_frees_the_slot_at_once(city: Visitor) -> None:
    held = await city.hold()

    await city.step("cancel-appointment", held)

    assert (await city.hold(start=int(held["timestamp"])))["status"] == "reserved"
    assert await city.look("inbox") == []


async def test_the_calendar_file_names_place_and_time(city: Visitor) -> None:
    held = await city.confirmed()

    event: Any = Calendar.from_ical(held["icsContent"]).walk("VEVENT")[0]

    assert int(event["dtstart"].dt.timestamp()) == int(held["timestamp"])
    assert (event["dtend"].dt - event["dtstart"].dt).total_seconds() == 10 * 60
    assert "Eichstätter Straße 2" in event["location"]
    assert held["displayNumber"] in event["summary"]
