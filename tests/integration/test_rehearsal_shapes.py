"""Field by field: what the practice city sends has the names and types of the City's API."""

from typing import Any

from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import AUSWEIS, GEWERBEAMT, ORLEANSPLATZ, WOHNSITZ, Visitor

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
