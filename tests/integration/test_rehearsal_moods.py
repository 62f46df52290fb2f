"""Moods of the practice city, chosen at start or while it runs: what is scarce, and what goes wrong."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from rehearsal.clock import BERLIN
from rehearsal.moods import BadMood, parse_mood
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import ABMELDUNG, EVENING, GEWERBE, GEWERBEAMT, KFZ, OpenCity, Visitor, codes

AVAILABILITY = {Dialect.FEB: "available-days-by-office", Dialect.AUG: "available-calendar"}


async def availability(city: Visitor) -> httpx.Response:
    plural = "s" if city.dialect is Dialect.AUG else ""
    query: dict[str, Any] = {
        "startDate": "2026-11-23",
        "endDate": "2027-05-23",
        f"officeId{plural}": GEWERBEAMT,
        f"serviceId{plural}": GEWERBE,
        f"serviceCount{plural}": 1,
    }
    return await city.get(AVAILABILITY[city.dialect], **query)


async def free(city: Visitor, **query: str) -> list[dict[str, Any]]:
    return list(await city.look("slots", **query))


async def test_nothing_is_free_in_the_mood_none(open_city: OpenCity) -> None:
    city = await open_city(moods=("none",))

    assert await free(city) == []
    await city.order("mood", moods=["normal"])
    assert await free(city) != []


async def test_a_trickle_brings_single_slots_as_the_clock_goes_on(city: Visitor) -> None:
    await city.order("mood", moods=[f"trickle=2:{KFZ}"])
    at_first = await free(city)

    await city.pass_time(minutes=30)

    brought = await free(city)
    assert at_first == []
    assert 20 <= len(brought) <= 100
    assert {slot["office"] for slot in brought} == {KFZ}


async def test_a_release_comes_at_its_moment_and_all_at_once(city: Visitor) -> None:
    await city.order("mood", moods=["release=40@90"])

    await city.pass_time(minutes=1.4)
    before = await free(city)
    await city.pass_time(minutes=0.2)

    released = await free(city)
    assert before == []
    assert len(released) == 40
    assert len({slot["office"] for slot in released}) == 19


async def test_what_moods_brought_goes_with_them_and_what_hands_brought_stays(city: Visitor) -> None:
    nine = int(datetime(2026, 11, 24, 9, tzinfo=BERLIN).timestamp())
    await city.order("mood", moods=["none"])
    await city.order("slots", add=[{"office": KFZ, "time": nine}])
    await city.order("mood", add=["release=6"])
    with_release = len(await free(city))

    await city.order("mood", remove=["release"])

    assert with_release == 7
    assert [slot["start"] for slot in await free(city)] == [nine]


async def test_a_release_can_be_set_for_a_time_of_day(city: Visitor) -> None:
    # given the city's 20:00 and a release at 7:00
    await city.order("mood", moods=[f"release=5@07:00:{KFZ}"])

    # when
    await city.pass_time(minutes=10 * 60 + 59)
    before = await free(city)
    await city.pass_time(minutes=2)

    # then
    assert before == []
    assert len(await free(city)) == 5


async def test_rivals_take_slots_until_none_is_left(city: Visitor) -> None:
    await city.order("mood", moods=["none", f"rivals=30:{KFZ}"])
    nine = datetime(2026, 11, 24, 9, tzinfo=BERLIN)
    times = [(nine + timedelta(minutes=15 * n)).isoformat() for n in range(8)]
    await city.order("slots", add=[{"office": KFZ, "time": time} for time in times])

    await city.pass_time(minutes=2)

    assert await free(city) == []
    assert (await city.look("state"))["snatched"] == 8
    refused = await city.reserve(KFZ, ABMELDUNG, start=int(nine.timestamp()))
    assert codes(refused) == ["appointmentNotAvailable"]


async def test_gone_takes_the_very_slot_before_the_visitor_has_it(city: Visitor) -> None:
    await city.order("mood", moods=["gone#1"])
    start = await city.free_start(KFZ)

    first = await city.reserve(KFZ, ABMELDUNG, start=start)
    other = await city.reserve(KFZ, ABMELDUNG)

    assert (first.status_code, codes(first)) == (404, ["appointmentNotAvailable"])
    assert other.status_code == 200


async def test_the_same_seed_has_the_same_rivals(open_city: OpenCity) -> None:
    left = []
    for seed in (3, 3, 4):
        city = await open_city(seed=seed, moods=("trickle=5", "rivals=3"))
        await city.pass_time(minutes=60)
        left.append(await free(city))

    assert left[0] == left[1] != left[2]


async def test_slow_answers_take_their_time(city: Visitor) -> None:
    await city.order("mood", moods=["slow=0.2:captcha-details"])

    await city.get("captcha-details")
    await city.get("offices-and-services")

    slow, usual = await city.look("requests")
    assert slow["seconds"] >= 0.2
    assert usual["seconds"] < slow["seconds"]


@pytest.mark.parametrize(
    ("mood", "status", "code"),
    [
        ("throttled", 429, "rateLimitExceeded"),
        ("blacklisted", 403, "IP_BLACKLISTED"),
        ("maintenance", 503, "serviceUnavailable"),
    ],
)
async def test_refusing_moods_answer_with_their_code(city: Visitor, mood: str, status: int, code: str) -> None:
    await city.order("mood", moods=[mood])

    answer = await city.get("offices-and-services")

    assert (answer.status_code, codes(answer)) == (status, [code])
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(
    ("mood", "status", "kind"),
    [
        ("bad-gateway", 502, "text/html; charset=utf-8"),
        ("html", 200, "text/html; charset=utf-8"),
        ("crash", 500, "application/json"),
    ],
)
async def test_broken_moods_answer_what_is_no_answer(city: Visitor, mood: str, status: int, kind: str) -> None:
    await city.order("mood", moods=[mood])

    answer = await availability(city)

    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert "errors" not in answer.text


async def test_a_dropped_answer_leaves_the_deed_done(city: Visitor) -> None:
    """The worst moment: the slot is held, and nobody was told."""
    await city.order("mood", moods=["network-drop:reserve-appointment#1"])

    with pytest.raises(httpx.RemoteProtocolError):
        await city.reserve(KFZ, ABMELDUNG)

    assert (await city.look("state"))["appointments"]["reserved"] == 1
    assert (await city.look("requests"))[-1]["status"] is None


async def test_a_disabled_captcha_is_told_in_the_details(city: Visitor) -> None:
    await city.order("mood", moods=["captcha-disabled"])

    assert (await city.get("captcha-details")).json()["captchaEnabled"] is False


async def test_a_mood_can_be_limited_to_an_endpoint_and_a_number_of_requests(city: Visitor) -> None:
    await city.order("mood", moods=["maintenance:captcha-details#2"])

    elsewhere = await city.get("offices-and-services")
    statuses = [(await city.get("captcha-details")).status_code for _ in range(3)]

    assert elsewhere.status_code == 200
    assert statuses == [503, 503, 200]
    assert (await city.look("state"))["moods"] == ["normal"]


async def test_a_mood_waits_for_its_time(city: Visitor) -> None:
    await city.order("mood", moods=["maintenance@60"])

    early = await city.get("captcha-details")
    await city.pass_time(minutes=1.1)

    assert early.status_code == 200
    assert (await city.get("captcha-details")).status_code == 503


async def test_moods_come_and_go_while_the_city_runs(city: Visitor) -> None:
    await city.order("mood", add=["throttled"])
    both = await city.order("mood", add=["html:captcha-details"])
    left = await city.order("mood", remove=["throttled"])

    assert both == {"moods": ["throttled", "html:captcha-details"]}
    assert left == {"moods": ["html:captcha-details"]}
    assert (await city.get("offices-and-services")).status_code == 200


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        ("offices-and-services", "services", "serviceList"),
        ("captcha-challenge", "signature", "seal"),
        ("", "availableDays", "openDays"),
    ],
)
async def test_a_renamed_field_changes_the_contract(city: Visitor, place: str, old: str, new: str) -> None:
    await city.order("mood", moods=["renamed-field" + (f":{place}" if place else "")])

    answer = (await city.get(place) if place else await availability(city)).json()

    assert new in answer
    assert old not in answer


async def test_a_renamed_field_reaches_appointments_only_when_asked_to(city: Visitor) -> None:
    await city.order("mood", moods=["renamed-field"])
    usual = await city.reserve(KFZ, ABMELDUNG)
    await city.order("mood", moods=["renamed-field:reserve-appointment"])

    changed = await city.reserve(KFZ, ABMELDUNG)

    assert "processId" in usual.json()
    assert "processId" not in changed.json()
    assert "appointmentId" in changed.json()


async def test_the_page_is_told_the_moods_that_change_it(city: Visitor) -> None:
    await city.order("mood", moods=["slow=0", "missing-control", "unknown-headline"])

    page = (await city.raw("GET", "/")).text

    assert '<meta name="city-moods" content="missing-control,unknown-headline">' in page


async def test_a_mood_nobody_knows_is_refused_and_changes_nothing(city: Visitor) -> None:
    answer = await city.raw("POST", "/rehearsal/mood", json={"moods": ["none", "sunny"]})

    assert answer.status_code == 422
    assert 'no mood is called "sunny"' in answer.json()["detail"]
    assert (await city.look("state"))["moods"] == ["normal"]


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("Slow!", "is not a mood"),
        ("maintenance=3", "no value"),
        ("none@60", "no time"),
        ("none:102522", "no place"),
        ("rivals#3", "no count"),
        ("trickle:1", "no office"),
        ("html:offices", "wants an endpoint"),
        ("release@25:00", "not a time of day"),
    ],
)
def test_a_mood_with_a_part_it_would_pass_over_is_refused(spec: str, complaint: str) -> None:
    with pytest.raises(BadMood, match=complaint):
        parse_mood(spec)


@pytest.mark.parametrize("spec", ["slow=0.5@30:appointment#3", "release=30@07:00:102522", "trickle", "html@10#1"])
def test_a_mood_is_written_as_it_is_read(spec: str) -> None:
    assert str(parse_mood(spec)) == spec


def test_a_time_of_day_is_the_next_one_in_munich() -> None:
    morning, tonight = parse_mood("release@07:00"), parse_mood("release@23:30")

    assert morning.begins(EVENING).astimezone(BERLIN) == datetime(2026, 11, 24, 7, tzinfo=BERLIN)
    assert tonight.begins(EVENING).astimezone(BERLIN) == datetime(2026, 11, 23, 23, 30, tzinfo=BERLIN)
