"""Routes, errors and headers of the practice city's API, in both generations."""

from typing import Any

import pytest

from rehearsal.errors import error_entry, known_codes
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import API, ORLEANSPLATZ, WOHNSITZ, OpenCity, Visitor, codes


async def test_answers_are_not_to_be_kept(city: Visitor) -> None:
    answer = await city.get("captcha-details")

    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "max-age=0"
    assert "last-modified" in answer.headers


async def test_unknown_routes_and_wrong_methods_are_errors_of_the_api(city: Visitor) -> None:
    unknown = await city.get("no-such-thing")
    wrong = await city.get("reserve-appointment")

    assert (unknown.status_code, codes(unknown)) == (404, ["notFound"])
    assert (wrong.status_code, codes(wrong)) == (405, ["requestMethodNotAllowed"])


@pytest.mark.parametrize(("dialect", "status"), [(Dialect.FEB, 200), (Dialect.AUG, 404)])
async def test_only_the_older_city_knows_paths_without_a_slash(
    open_city: OpenCity, dialect: Dialect, status: int
) -> None:
    city = await open_city(dialect)

    answer = await city.raw("GET", f"{API}/offices-and-services")

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("services", "services"),
        ("offices", "offices"),
        ("scopes", "scopes"),
        (f"services-by-office/?officeId={ORLEANSPLATZ}", "services"),
        (f"offices-by-service/?serviceId={WOHNSITZ}", "offices"),
        ("scope-by-id/?scopeId=133", "provider"),
    ],
)
async def test_the_list_endpoints_went_in_july(open_city: OpenCity, path: str, field: str) -> None:
    before = await (await open_city(Dialect.FEB)).raw("GET", f"{API}/{path}")
    after = await (await open_city(Dialect.AUG)).raw("GET", f"{API}/{path}")

    assert before.json()[field]
    assert codes(after) == ["notFound"]


async def test_my_appointments_are_for_people_logged_in(city: Visitor) -> None:
    assert (await city.get("my-appointments")).status_code == 401


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1]", b'"text"'])
async def test_a_body_that_is_no_json_object_is_an_invalid_request(city: Visitor, body: bytes) -> None:
    answer = await city.raw("POST", f"{API}/confirm-appointment/", content=body)

    assert (answer.status_code, codes(answer)) == (400, ["invalidRequest"])


async def test_too_long_and_too_deep_values_crash_the_citys_program(city: Visitor) -> None:
    deep: Any = "x"
    for _ in range(12):
        deep = [deep]

    answers = [await city.post("captcha-verify", payload=value) for value in ("x" * 33_000, deep)]

    assert [answer.status_code for answer in answers] == [500, 500]
    assert all(set(answer.json()) == {"error"} for answer in answers)


async def test_several_faults_are_listed_and_the_highest_status_wins(city: Visitor) -> None:
    answer = await city.post("reserve-appointment", officeId="x", serviceId=[], timestamp=1, serviceCount=[])

    assert answer.status_code == 400
    assert codes(answer) == ["invalidOfficeId", "invalidServiceId", "invalidTimestamp", "invalidServiceCount"]


def test_errors_differ_between_the_generations_as_documented() -> None:
    new = {
        "invalidSlotsStartDate",
        "invalidSlotsEndDate",
        "slotsStartDateAfterEndDate",
        "invalidCustomTextfield2",
    }
    assert known_codes(Dialect.AUG) - known_codes(Dialect.FEB) == new
    assert error_entry("captchaMissing", Dialect.FEB)["errorType"] == "warning"
    assert error_entry("captchaMissing", Dialect.AUG)["errorType"] == "error"
    assert error_entry("sourceNotFound", Dialect.FEB)["errorType"] == "error"
    assert error_entry("sourceNotFound", Dialect.AUG)["errorType"] == "info"
    assert error_entry("ipBlacklisted", Dialect.AUG)["errorCode"] == "IP_BLACKLISTED"


def test_a_code_without_an_entry_arrives_as_unknown() -> None:
    entry = error_entry("dateRangeTooLarge", Dialect.AUG)

    assert (entry["errorCode"], entry["statusCode"], entry["errorType"]) == ("unknownError", 520, "error")
