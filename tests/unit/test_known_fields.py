"""The table of known fields against answers of both generations, and what it says of others."""

import json
from copy import deepcopy
from typing import Any

import pytest

from core.looks import Dialect
from portal import canary, contract, contract_aug, drift, known_fields, refusals
from portal.drift import Kind, Step, Verdict
from rehearsal import shapes
from rehearsal.catalog import load_catalog
from rehearsal.settings import Dialect as Generation
from tests.contract_cast import reply

CALENDAR = {
    "startDate": "2026-11-24",
    "endDate": "2027-05-24",
    "slotsStartDate": "2026-11-24",
    "slotsEndDate": "2026-11-24",
    "prevBookableDate": None,
    "nextBookableDate": None,
    "availableDays": [{"date": "2026-11-24", "providerIDs": "1", "offices": [{"officeId": "1", "appointments": [1]}]}],
}


def catalog(generation: Generation) -> dict[str, Any]:
    return shapes.offices_and_services(load_catalog(), generation)


@pytest.mark.parametrize("generation", Generation)
def test_the_catalogue_of_each_generation_has_just_the_known_fields(generation: Generation) -> None:
    said = catalog(generation)
    assert known_fields.unlike(contract.CATALOG, said, dialect=Dialect(generation)) == ([], [])
    assert known_fields.unlike(contract.CATALOG, said, dialect=None) == ([], [])


def test_the_other_generations_fields_are_new_and_its_own_missing() -> None:
    new, missing = known_fields.unlike(contract.CATALOG, catalog(Generation.FEB), dialect=Dialect.AUG)
    assert new == ["services[].parent_id", "services[].variant_id"]
    assert missing == [
        *("offices[].sharedBookingOfficeIds", "services[].parentId", "services[].rootParentId"),
        "services[].variantId",
    ]


def test_a_field_that_one_of_many_lacks_is_missing_and_one_that_one_has_is_new() -> None:
    said = catalog(Generation.AUG)
    del said["offices"][3]["scope"]["hint"]
    said["offices"][5]["geo"]["height"] = 519
    assert known_fields.unlike(contract.CATALOG, said, dialect=Dialect.AUG) == (
        ["offices[].geo.height"],
        ["offices[].scope.hint"],
    )


def test_what_may_be_null_or_empty_is_not_missing() -> None:
    said = catalog(Generation.AUG)
    said["offices"][0]["scope"] = said["offices"][1]["geo"] = None
    assert known_fields.unlike(contract.CATALOG, said, dialect=Dialect.AUG) == ([], [])
    assert known_fields.unlike(contract_aug.CALENDAR, {**CALENDAR, "availableDays": []}, dialect=Dialect.AUG) == (
        [],
        [],
    )


def heard(endpoint: str, answer: Any, *, status: int = 200) -> Step:
    step = Step("calendar")
    canary._compare(step, reply(endpoint, json.dumps(answer), status=status), Dialect.AUG)
    return step


def test_an_answer_as_known_is_counted_and_a_new_field_within_it_is_named() -> None:
    assert (heard(contract_aug.CALENDAR, CALENDAR).known, heard(contract_aug.CALENDAR, CALENDAR).differs) == (
        [contract_aug.CALENDAR],
        [],
    )
    longer = deepcopy(CALENDAR)
    longer["availableDays"][0]["offices"][0]["waitingList"] = True  # type: ignore[index]  # JSON
    [one] = heard(contract_aug.CALENDAR, longer).differs
    assert (one.kind, one.what) == (Kind.NEW_FIELD, "available-calendar: availableDays[].offices[].waitingList")


def test_an_error_code_nobody_knows_is_named_and_a_known_one_is_not() -> None:
    [one] = heard(contract_aug.CALENDAR, {"errors": [{"errorCode": "tooEarly"}]}, status=400).differs
    assert (one.kind, one.what) == (Kind.NEW_CODE, "available-calendar: tooEarly")
    for code in refusals.CODES:
        assert heard(contract_aug.CALENDAR, {"errors": [{"errorCode": code}]}, status=400).differs == []


def test_a_question_no_generation_asked_is_named() -> None:
    [one] = heard("available-slots", {"slots": []}).differs
    assert (one.kind, one.what) == (Kind.NEW_QUESTION, "available-slots")


def test_the_captchas_own_refusal_is_a_known_form() -> None:
    assert heard(contract.CAPTCHA_VERIFY, {"meta": {"success": False, "error": "…"}, "data": None}).differs == []


def test_blind_is_worse_than_different_and_different_worse_than_known() -> None:
    assert drift.worst([Verdict.AS_KNOWN, Verdict.DIFFERS]) is Verdict.DIFFERS
    assert drift.worst([Verdict.BLIND, Verdict.DIFFERS, Verdict.AS_KNOWN]) is Verdict.BLIND
    assert drift.worst([]) is Verdict.AS_KNOWN
