"""What is free, asked the way each generation asks."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from rehearsal.clock import BERLIN
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import (
    AUSWEIS,
    GEWERBE,
    GEWERBEAMT,
    ORLEANSPLATZ,
    PASING,
    WOHNSITZ,
    OpenCity,
    Visitor,
    codes,
)

FROM, UNTIL = "2026-11-23", "2027-05-23"


async def calendar(city: Visitor, **changes: Any) -> httpx.Response:
    usual: dict[str, Any] = {
        "startDate": FROM,
        "endDate": UNTIL,
        "officeIds": GEWERBEAMT,
        "serviceIds": GEWERBE,
        "serviceCounts": 1,
        "slotsStartDate": FROM,
        "slotsEndDate": FROM,
        "captchaToken": city.token,
    }
    return await city.get("available-calendar", **{**usual, **changes})


async def feb_days(city: Visitor, **changes: Any) -> httpx.Response:
    usual: dict[str, Any] = {
        "startDate": FROM,
        "endDate": UNTIL,
        "officeId": GEWERBEAMT,
        "serviceId": GEWERBE,
        "serviceCount": 1,
        "captchaToken": city.token,
    }
    return await city.get("available-days-by-office", **{**usual, **changes})


async def feb_times(city: Visitor, day: str, **changes: Any) -> httpx.Response:
    usual: dict[str, Any] = {
        "date": day,
        "officeId": GEWERBEAMT,
        "serviceId": GEWERBE,
        "serviceCount": 1,
        "captchaToken": city.token,
    }
    return await city.get("available-appointments-by-office", **{**usual, **changes})


def at(day: str, clock: str) -> int:
    return int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN).timestamp())


@pytest.fixture
async def feb(open_city: OpenCity) -> Visitor:
    return await open_city(Dialect.FEB)


@pytest.fixture
async def aug(open_city: OpenCity) -> Visitor:
    return await open_city(Dialect.AUG)


async def only(city: Visitor, office: int, *starts: int) -> None:
    await city.order("mood", moods=["none"])
    await city.order("slots", add=[{"office": office, "time": start} for start in starts])


async def test_feb_lists_days_with_offices_and_times_apart(feb: Visitor) -> None:
    await only(feb, GEWERBEAMT, at("2026-11-25", "09:00"), at("2026-12-02", "10:00"))

    days = (await feb_days(feb)).json()
    times = (await feb_times(feb, "2026-11-25")).json()

    assert days == {
        "availableDays": [
            {"time": "2026-11-25", "providerIDs": str(GEWERBEAMT)},
            {"time": "2026-12-02", "providerIDs": str(GEWERBEAMT)},
        ]
    }
    assert times == {"offices": [{"officeId": GEWERBEAMT, "appointments": [at("2026-11-25", "09:00")]}]}


async def test_the_journal_counts_the_times_that_february_offered(feb: Visitor) -> None:
    await only(feb, GEWERBEAMT, at("2026-11-25", "09:00"), at("2026-11-25", "10:00"))

    for day in ("2026-11-25", "2026-11-26"):
        await feb_times(feb, day)

    assert [entry["offered"] for entry in await feb.look("requests")] == [2, 0]


async def test_the_journal_counts_the_times_that_august_offered(aug: Visitor) -> None:
    await only(aug, GEWERBEAMT)
    await calendar(aug)
    await only(aug, GEWERBEAMT, at("2026-11-25", "09:00"), at("2026-11-25", "10:00"))
    await calendar(aug)

    assert [entry["offered"] for entry in await aug.look("requests")] == [0, 2]


async def test_feb_answers_404_when_no_day_is_free(feb: Visitor) -> None:
    await feb.order("mood", moods=["none"])

    answer = await feb_days(feb)

    assert (answer.status_code, codes(answer)) == (404, ["noAppointmentForThisDay"])


async def test_feb_asks_for_a_captcha_by_the_first_office_only(feb: Visitor) -> None:
    first_open = await feb_days(feb, officeId=f"{GEWERBEAMT},{ORLEANSPLATZ}")
    first_guarded = await feb_days(feb, officeId=f"{ORLEANSPLATZ},{GEWERBEAMT}")

    assert first_open.status_code == 200
    assert codes(first_guarded) == ["captchaMissing"]


async def test_feb_has_older_endpoints_of_plain_days_and_times(feb: Visitor) -> None:
    await only(feb, GEWERBEAMT, at("2026-11-25", "09:00"))
    asked: dict[str, Any] = {"officeId": GEWERBEAMT, "serviceId": GEWERBE, "serviceCount": 1}

    days = (await feb.get("available-days", startDate=FROM, endDate=UNTIL, **asked)).json()
    times = (await feb.get("available-appointments", date="2026-11-25", **asked)).json()

    assert days == {"availableDays": ["2026-11-25"]}
    assert times == {"appointmentTimestamps": [at("2026-11-25", "09:00")]}


async def test_aug_gives_the_month_of_the_asked_day_and_times_for_that_day(aug: Visitor) -> None:
    await only(
        aug,
        GEWERBEAMT,
        at("2026-11-24", "09:00"),
        at("2026-11-25", "09:00"),
        at("2026-11-25", "10:00"),
        at("2026-12-02", "10:00"),
    )

    answer = (await calendar(aug, slotsStartDate="2026-11-25", slotsEndDate="2026-11-25")).json()

    office = str(GEWERBEAMT)
    times = [at("2026-11-25", "09:00"), at("2026-11-25", "10:00")]
    assert answer == {
        "startDate": FROM,
        "endDate": UNTIL,
        "slotsStartDate": "2026-11-25",
        "slotsEndDate": "2026-11-25",
        "prevBookableDate": None,
        "nextBookableDate": "2026-12-02",
        "availableDays": [
            {"date": "2026-11-24", "providerIDs": office, "offices": []},
            {
                "date": "2026-11-25",
                "providerIDs": office,
                "offices": [{"officeId": office, "appointments": times}],
            },
        ],
    }


@pytest.mark.parametrize(
    ("asked", "given_day", "previous", "following"),
    [
        pytest.param("2026-11-24", "2026-11-26", None, "2026-12-03", id="first bookable day of the month"),
        pytest.param("2026-12-24", "2026-12-03", "2026-11-26", None, id="also when it lies before"),
        pytest.param("2027-02-10", "2027-02-10", "2026-12-03", None, id="an empty month after all others"),
    ],
)
async def test_aug_moves_to_a_bookable_day(
    aug: Visitor, asked: str, given_day: str, previous: str | None, following: str | None
) -> None:
    await only(aug, GEWERBEAMT, at("2026-11-26", "09:00"), at("2026-12-03", "09:00"))

    answer = (await calendar(aug, slotsStartDate=asked, slotsEndDate=asked)).json()

    assert answer["slotsStartDate"] == given_day
    assert (answer["prevBookableDate"], answer["nextBookableDate"]) == (previous, following)


async def test_aug_skips_empty_months_before_the_first_bookable_day(aug: Visitor) -> None:
    await only(aug, GEWERBEAMT, at("2026-12-03", "09:00"))

    answer = (await calendar(aug)).json()

    assert answer["slotsStartDate"] == "2026-12-03"
    assert [day["date"] for day in answer["availableDays"]] == ["2026-12-03"]


async def test_aug_answers_200_with_nothing_when_nothing_is_free(aug: Visitor) -> None:
    await aug.order("mood", moods=["none"])

    answer = await calendar(aug)

    assert answer.status_code == 200
    assert answer.json()["availableDays"] == []
    assert (answer.json()["prevBookableDate"], answer.json()["nextBookableDate"]) == (None, None)


async def test_aug_asks_for_a_captcha_if_any_office_wants_one(aug: Visitor) -> None:
    assert codes(await calendar(aug, officeIds=f"{GEWERBEAMT},{ORLEANSPLATZ}")) == ["captchaMissing"]


async def test_aug_refuses_a_single_bad_pair(aug: Visitor) -> None:
    await aug.solve_captcha()

    answer = await calendar(aug, officeIds=f"{ORLEANSPLATZ},10502", serviceIds=WOHNSITZ)

    assert (answer.status_code, codes(answer)) == (400, ["invalidLocationAndServiceCombination"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"startDate": "23.11.2026"}, ["invalidStartDate"]),
        ({"endDate": "2026-02-30"}, ["invalidEndDate"]),
        ({"startDate": "2027-05-24"}, ["unknownError"]),
        ({"endDate": "2027-11-24"}, ["unknownError"]),
        ({"slotsStartDate": "soon"}, ["invalidSlotsStartDate"]),
        ({"slotsEndDate": "late"}, ["invalidSlotsEndDate"]),
        ({"slotsEndDate": "2026-11-22"}, ["slotsStartDateAfterEndDate"]),
        ({"serviceCounts": "0"}, ["invalidServiceCount"]),
        ({"serviceCounts": "26"}, ["invalidServiceCount"]),
        ({"serviceCounts": ""}, ["invalidServiceCount"]),
        ({"officeIds": "ten"}, ["invalidOfficeId"]),
        ({"serviceIds": ""}, ["invalidServiceId"]),
    ],
)
async def test_aug_names_what_is_wrong_with_a_question(
    aug: Visitor, changes: dict[str, str], expected: list[str]
) -> None:
    answer = await calendar(aug, **changes)

    assert codes(answer) == expected
    assert answer.status_code == (520 if expected == ["unknownError"] else 400)


async def test_feb_knows_no_upper_limit_of_counts(feb: Visitor) -> None:
    await only(feb, GEWERBEAMT, at("2026-11-25", "09:00"))

    answer = await feb_days(feb, serviceCount=26)

    assert codes(answer) == ["noAppointmentForThisDay"]


async def test_two_services_are_offered_only_where_openings_follow_one_another(aug: Visitor) -> None:
    await only(aug, PASING, at("2026-11-25", "09:00"), at("2026-11-25", "09:15"), at("2026-11-25", "10:00"))
    await aug.solve_captcha()
    both = {"officeIds": PASING, "serviceIds": f"{WOHNSITZ},{AUSWEIS}", "serviceCounts": "1,1"}

    answer = (await calendar(aug, **both)).json()

    assert answer["availableDays"][0]["offices"] == [
        {"officeId": str(PASING), "appointments": [at("2026-11-25", "09:00")]}
    ]
