"""Field by field: what the practice city sends has the names and types of the City's API."""

from typing import Any

import pytest

from rehearsal.errors import error_entry, known_codes
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import (
    API,
    AUSWEIS,
    GEWERBEAMT,
    ORLEANSPLATZ,
    WOHNSITZ,
    OpenCity,
    Visitor,
    codes,
)

Shape = dict[str, tuple[type, ...]]
NONE = type(None)

OFFICE: Shape = {
    "id": (int,),
    "name": (str,),
    "address": (dict,),
    "showAlternativeLocations": (bool, NONE),
    "displayNameAlternatives": (list,),
    "organization": (str,),
    "organizationUnit": (str,),
    "slotTimeInMinutes": (int,),
    "geo": (dict, NONE),
    "disabledByServices": (list,),
    "priority": (int,),
    "scope": (dict, NONE),
    "slotsPerAppointment": (str, NONE),
    "parentId": (int, NONE),
    "allowDisabledServicesMix": (list, NONE),
}
ADDRESS: Shape = {
    "house_number": (str,),
    "city": (str,),
    "postal_code": (str,),
    "street": (str,),
    "hint": (bool,),
}
SCOPE: Shape = {
    "id": (int,),
    "provider": (dict,),
    "shortName": (str,),
    "emailFrom": (str,),
    "emailRequired": (bool, NONE),
    "telephoneActivated": (bool, NONE),
    "telephoneRequired": (bool, NONE),
    "customTextfieldActivated": (bool, NONE),
    "customTextfieldRequired": (bool, NONE),
    "customTextfieldLabel": (str, NONE),
    "customTextfield2Activated": (bool, NONE),
    "customTextfield2Required": (bool, NONE),
    "customTextfield2Label": (str, NONE),
    "captchaActivatedRequired": (bool,),
    "infoForAppointment": (str, NONE),
    "infoForAllAppointments": (str, NONE),
    "slotsPerAppointment": (str, NONE),
    "appointmentsPerMail": (str, NONE),
    "whitelistedMails": (str, NONE),
    "reservationDuration": (int,),
    "activationDuration": (int, NONE),
    "hint": (str, NONE),
}
PROVIDER: Shape = {
    "id": (int,),
    "name": (str,),
    "displayName": (str,),
    "lat": (float,),
    "lon": (float,),
    "source": (str,),
    "contact": (dict,),
}
CONTACT: Shape = {
    "city": (str,),
    "country": (str, NONE),
    "name": (str,),
    "postalCode": (str,),
    "region": (str, NONE),
    "street": (str,),
    "streetNumber": (str,),
}
SERVICE: Shape = {
    "id": (int,),
    "name": (str,),
    "maxQuantity": (int,),
    "combinable": (dict, list),
    "showOnStartPage": (bool,),
}
RELATION: Shape = {
    "officeId": (int,),
    "serviceId": (int,),
    "slots": (int,),
    "public": (bool,),
    "maxQuantity": (int,),
}
PROCESS: Shape = {
    "processId": (int,),
    "timestamp": (str,),
    "authKey": (str,),
    "familyName": (str, NONE),
    "customTextfield": (str, NONE),
    "customTextfield2": (str, NONE),
    "email": (str, NONE),
    "telephone": (str, NONE),
    "officeName": (str, NONE),
    "officeId": (int,),
    "scope": (dict,),
    "subRequestCounts": (list,),
    "serviceId": (int,),
    "serviceName": (str, NONE),
    "serviceCount": (int,),
    "status": (str,),
    "captchaToken": (str, NONE),
    "slotCount": (int, NONE),
    "displayNumber": (str,),
    "icsContent": (str, NONE),
}
ONLY_AUG_OFFICE: Shape = {"sharedBookingOfficeIds": (list, NONE)}
AUG_SERVICE: Shape = {"parentId": (int, NONE), "variantId": (int, NONE), "rootParentId": (int, NONE)}
FEB_SERVICE: Shape = {"parent_id": (int, NONE), "variant_id": (int, NONE)}


def fits(value: dict[str, Any], shape: Shape) -> bool:
    assert set(value) == set(shape)
    wrong = {name: value[name] for name, types in shape.items() if type(value[name]) not in types}
    assert wrong == {}
    return True


def with_id(objects: list[dict[str, Any]], number: int) -> dict[str, Any]:
    return next(one for one in objects if one["id"] == number)


async def test_offices_and_services_have_the_citys_fields(city: Visitor) -> None:
    catalog = (await city.get("offices-and-services", serviceId=1, locationId=2)).json()

    aug = city.dialect is Dialect.AUG
    assert set(catalog) == {"offices", "services", "relations"}
    for office in catalog["offices"]:
        assert fits(office, OFFICE | (ONLY_AUG_OFFICE if aug else {}))
        assert fits(office["address"], ADDRESS)
        assert fits(office["scope"], SCOPE)
        assert fits(office["scope"]["provider"], PROVIDER)
        assert fits(office["scope"]["provider"]["contact"], CONTACT)
    assert all(fits(s, SERVICE | (AUG_SERVICE if aug else FEB_SERVICE)) for s in catalog["services"])
    assert all(fits(relation, RELATION) for relation in catalog["relations"])


async def test_the_catalogue_holds_what_is_known_of_munich(city: Visitor) -> None:
    catalog = (await city.get("offices-and-services")).json()

    assert (len(catalog["offices"]), len(catalog["services"]), len(catalog["relations"])) == (19, 18, 70)
    orleansplatz = with_id(catalog["offices"], ORLEANSPLATZ)
    assert orleansplatz["address"]["street"] == "Orleansstraße"
    assert orleansplatz["priority"] == 90
    assert orleansplatz["scope"]["captchaActivatedRequired"] is True
    assert orleansplatz["scope"]["customTextfieldLabel"] == "Zusätzliche Bemerkungen"
    assert orleansplatz["scope"]["appointmentsPerMail"] == "3"
    gewerbeamt = with_id(catalog["offices"], GEWERBEAMT)["scope"]
    assert (gewerbeamt["captchaActivatedRequired"], gewerbeamt["reservationDuration"]) == (False, 10)
    ruppert = with_id(catalog["offices"], 10489)
    assert ruppert["disabledByServices"] == [1063453, 1063441, 1080582]
    assert ruppert["allowDisabledServicesMix"] == [10489, 10491, 10500, 10502]
    hidden = [service["id"] for service in catalog["services"] if not service["showOnStartPage"]]
    assert hidden == [1063731]


async def test_combinable_lists_in_order_and_starts_with_the_service_itself(city: Visitor) -> None:
    catalog = (await city.get("offices-and-services")).json()

    combinable = with_id(catalog["services"], WOHNSITZ)["combinable"]

    assert list(combinable["1"]) == [str(WOHNSITZ)]
    assert list(combinable["2"]) == [str(AUSWEIS)]
    assert 10503 in combinable["1"][str(WOHNSITZ)]
    assert 10503 not in combinable["2"][str(AUSWEIS)]


async def test_an_appointment_has_the_citys_fields_at_every_step(city: Visitor) -> None:
    held = await city.hold()
    answers = [
        await city.fill_in(held),
        await city.step("preconfirm-appointment", held),
        await city.step("confirm-appointment", held),
        await city.get("appointment", processId=held["processId"], authKey=held["authKey"]),
        await city.step("cancel-appointment", held),
    ]

    for answer in [held, *(answer.json() for answer in answers)]:
        assert fits(answer, PROCESS)
        assert fits(answer["scope"], SCOPE)


async def test_captcha_details_name_no_secret(city: Visitor) -> None:
    details = (await city.get("captcha-details")).json()

    assert fits(
        details,
        {"siteKey": (str,), "captchaChallenge": (str,), "captchaVerify": (str,), "captchaEnabled": (bool,)},
    )
    assert details["captchaEnabled"] is True


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
