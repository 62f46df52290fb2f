"""The routes under /rehearsal/: the clock, slots by hand, office settings, scripts, and the way back to the start."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rehearsal.clock import BERLIN
from rehearsal.moods import BadMood
from rehearsal.serving import CannotServe
from tests.rehearsal_fixtures import ABMELDUNG, EVENING, GEWERBE, GEWERBEAMT, KFZ, OpenCity, Visitor, codes


async def clock(city: Visitor) -> datetime:
    return datetime.fromisoformat((await city.look("state"))["clock"]["now"])


async def test_the_clock_can_be_moved_on(city: Visitor) -> None:
    before = await clock(city)

    await city.pass_time(minutes=90)

    assert before >= EVENING
    assert await clock(city) - before >= timedelta(minutes=90)


async def test_the_clock_can_be_made_faster(city: Visitor) -> None:
    await city.order("clock", speed=36_000)

    # ten city hours a second
    while await clock(city) < EVENING + timedelta(hours=1):
        assert (await city.look("state"))["clock"]["speed"] == 36_000


@pytest.mark.parametrize("order", [{"speed": 0}, {"speed": -1}, {"advance": -5}, {"backwards": 1}])
async def test_the_clock_never_stands_or_goes_back(city: Visitor, order: dict[str, float]) -> None:
    assert (await city.raw("POST", "/rehearsal/clock", json=order)).status_code == 422


async def test_slots_are_added_and_removed_by_hand(city: Visitor) -> None:
    await city.order("mood", moods=["none"])
    nine = datetime(2026, 11, 24, 9, tzinfo=BERLIN).isoformat()

    added = await city.order("slots", add=[{"office": KFZ, "time": nine}, {"office": KFZ, "time": nine}])
    removed = await city.order("slots", remove=[{"office": KFZ, "time": nine}])

    assert (added["added"], removed["removed"]) == (1, 1)
    assert await city.look("slots") == []


async def test_an_unknown_office_is_refused(city: Visitor) -> None:
    for path, order in (
        ("slots", {"add": [{"office": 1, "time": 1795503600}]}),
        ("scope", {"office": 1, "changes": {"captcha": False}}),
    ):
        answer = await city.raw("POST", f"/rehearsal/{path}", json=order)
        assert (answer.status_code, answer.json()["detail"]) == (422, "there is no office 1")


async def test_an_office_can_begin_to_ask_for_a_captcha(city: Visitor) -> None:
    await city.order("scope", office=GEWERBEAMT, changes={"captcha": True})

    assert codes(await city.reserve(GEWERBEAMT, GEWERBE)) == ["captchaMissing"]


async def test_an_address_on_the_offices_white_list_may_book_without_limit(city: Visitor) -> None:
    await city.order("scope", office=KFZ, changes={"mails": 1, "whitelist": ["erika@example.org"]})

    statuses = [(await city.confirmed())["status"] for _ in range(2)]
    await city.confirmed(email="otto@example.org")
    refused = await city.fill_in(await city.hold(), email="otto@example.org")

    assert statuses == ["reserved", "reserved"]
    assert codes(refused) == ["tooManyAppointmentsWithSameMail"]


async def test_a_setting_no_office_has_is_refused(city: Visitor) -> None:
    answer = await city.raw("POST", "/rehearsal/scope", json={"office": KFZ, "changes": {"colour": "red"}})

    assert answer.status_code == 422


async def test_the_journal_tells_requests_without_what_was_in_them(city: Visitor) -> None:
    held = await city.hold()
    await city.get("appointment", processId=held["processId"], authKey=held["authKey"])

    journal = await city.look("requests", endpoint="appointment")

    assert [(entry["method"], entry["status"]) for entry in journal] == [("GET", 200)]
    assert journal[0]["query_keys"] == ["processId", "authKey"]
    assert held["authKey"] not in str(journal)


async def test_reset_starts_the_same_day_over(city: Visitor) -> None:
    # given
    first = await city.look("slots")
    await city.confirmed()
    await city.mails(to="erika@example.org", count=2)
    await city.order("mood", moods=["none", "slow=0"])
    await city.order("blacklist", ranges=["10.0.0.0/8"])
    await city.order("scope", office=KFZ, changes={"mails": 1})
    await city.pass_time(minutes=500)

    # when
    state = await city.order("reset")

    # then
    assert state["moods"] == ["normal"]
    assert sum(state["appointments"].values()) == 0
    assert (state["mails"], state["requests"], state["blacklist"], state["limiter"]) == (0, 0, [], {})
    assert await city.look("slots") == first
    scope = (await city.hold())["scope"]
    assert scope["appointmentsPerMail"] == "3"


async def test_reset_drops_mails_that_have_not_left_yet(open_city: OpenCity) -> None:
    city = await open_city(mail_delay=3600.0)
    await city.preconfirmed()

    await city.order("reset")

    assert await city.look("inbox", wait="0.05") == []


async def test_reset_can_take_another_seed_and_other_moods(city: Visitor) -> None:
    before = await city.look("slots")

    state = await city.order("reset", seed=99, moods=["slow=0"])

    assert (state["seed"], state["moods"]) == (99, ["slow=0"])
    assert await city.look("slots") != before


async def test_a_script_changes_the_moods_as_time_goes(open_city: OpenCity, tmp_path: Path) -> None:
    # given
    script = tmp_path / "morning.yaml"
    script.write_text(
        "- {at: 0, moods: [none]}\n"
        f"- {{at: 60, add: ['release=3:{KFZ}']}}\n"
        "- {at: 120, add: [maintenance]}\n"
        "- {at: 180, remove: [maintenance]}\n"
    )
    city = await open_city(script=script)
    told = []

    # when
    for _ in range(4):
        told.append(((await city.look("state"))["free_slots"], (await city.get("captcha-details")).status_code))
        await city.pass_time(minutes=1.01)

    # then
    assert told == [(0, 200), (3, 200), (3, 503), (3, 200)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("moods: [none]", "not a list"),
        ("- {at: soon}", "turn 1: at"),
        ("- {at: 0}\n- {at: 1, add: [sunny]}", "turn 2: no mood"),
        ("[", "cannot be read"),
    ],
)
async def test_a_script_nobody_can_follow_stops_the_start(
    open_city: OpenCity, tmp_path: Path, text: str, complaint: str
) -> None:
    script = tmp_path / "script.yaml"
    script.write_text(text)

    with pytest.raises(BadMood, match=complaint):
        await open_city(script=script)


async def test_a_frontend_without_an_index_stops_the_start(open_city: OpenCity, tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match=r"no index\.html"):
        await open_city(frontend=tmp_path)


async def test_a_port_in_use_stops_the_start(open_city: OpenCity, city: Visitor) -> None:
    with pytest.raises(CannotServe, match="cannot listen"):
        await open_city(port=int(city.url.rpartition(":")[2]))


async def test_durations_of_holds_can_be_set_for_all_offices(open_city: OpenCity) -> None:
    city = await open_city(reservation_minutes=2, activation_minutes=3)
    held = await city.hold(KFZ, ABMELDUNG)

    await city.pass_time(minutes=3.1)

    assert (held["scope"]["reservationDuration"], held["scope"]["activationDuration"]) == (2, 3)
    assert codes(await city.step("preconfirm-appointment", held)) == ["processNotReservedAnymore"]
