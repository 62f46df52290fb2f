"""What the City says of an appointment, and of its captcha."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.bookings import HoldKey
from core.errors import AnswerLost, PortalChanged, SlotGone
from portal import contract
from portal.replies import Reply
from tests.contract_cast import FIRST_DAY, Body, anything, no_whole_numbers, offices, reply, spoiled, unix

START = unix(FIRST_DAY, 9 * 60)
SCOPE: Body = {
    "id": 133,
    "captchaActivatedRequired": True,
    "emailRequired": True,
    "telephoneActivated": True,
    "telephoneRequired": None,
    "customTextfieldActivated": False,
    "customTextfieldRequired": True,
    "customTextfieldLabel": "Geburtsdatum",
    "customTextfield2Activated": None,
    "customTextfield2Required": None,
    "customTextfield2Label": None,
    "reservationDuration": 15,
    "activationDuration": 30,
    "appointmentsPerMail": "3",
    "slotsPerAppointment": None,
}
PROCESS: Body = {
    "processId": 100042,
    "timestamp": str(START),
    "authKey": "ab" * 32,
    "familyName": "Erika Muster",
    "email": "erika@example.org",
    "telephone": None,
    "customTextfield": "Zwei Kinder",
    "customTextfield2": "",
    "officeName": "Bürgerbüro Orleansplatz",
    "officeId": 102522,
    "scope": SCOPE,
    "subRequestCounts": [],
    "serviceId": 1063475,
    "serviceName": "Wohnsitzanmeldung",
    "serviceCount": 1,
    "status": "reserved",
    "captchaToken": "eyJ.a.b",
    "slotCount": 3,
    "displayNumber": "A0042",
    "icsContent": None,
}
REQUIRED: dict[str, st.SearchStrategy[Any]] = {
    "processId": no_whole_numbers,
    "timestamp": no_whole_numbers,
    "officeId": no_whole_numbers,
    "authKey": st.sampled_from([None, "", 7, []]),
    "status": st.sampled_from([None, "", 7, "wonderful"]),
    "displayNumber": st.sampled_from([[], {}, 1.5]),
    "scope": st.sampled_from([7, "none", []]),
}


def said(body: Any, endpoint: str = contract.RESERVE, *, status: int = 200) -> Reply:
    return reply(endpoint, json.dumps(body), method="POST", status=status)


@given(
    offices,
    st.sampled_from([START, str(START)]),
    st.sampled_from(["reserved", "preconfirmed", "confirmed", "deleted"]),
    st.none() | st.text(min_size=1) | st.integers(min_value=1),
    st.none() | st.just(SCOPE),
)
def test_every_appointment_is_read(
    number: int, start: int | str, status: str, shown: str | int | None, scope: Body | None
) -> None:
    heard = {
        **PROCESS,
        "processId": number,
        "timestamp": start,
        "status": status,
        "displayNumber": shown,
        "scope": scope,
    }
    appointment = contract.read_appointment(said(heard))
    assert appointment.key == HoldKey(number, "ab" * 32)
    assert (appointment.status, appointment.office_id) == (status, 102522)
    assert int(appointment.starts_at.timestamp()) == START
    assert appointment.display_number == ("" if shown is None else str(shown))
    assert appointment.reservation == (timedelta(minutes=15) if scope else None)
    assert appointment.activation == (timedelta(minutes=30) if scope else None)


@pytest.mark.parametrize(("name", "wrong_values"), REQUIRED.items())
@given(st.data())
def test_a_field_that_is_missing_renamed_or_of_another_type_is_named(
    name: str, wrong_values: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    for broken in spoiled(PROCESS, (name,), data.draw(wrong_values)):
        with pytest.raises(PortalChanged) as changed:
            contract.read_appointment(said(broken))
        assert changed.value.expected.startswith(name)


@pytest.mark.parametrize("name", SCOPE)
def test_an_offices_rule_that_is_missing_is_named(name: str) -> None:
    for broken in spoiled(PROCESS, ("scope", name), [[]]):
        with pytest.raises(PortalChanged) as changed:
            contract.read_scope(said(broken))
        assert changed.value.expected.startswith("scope.")


@given(anything)
def test_anything_else_is_no_appointment(body: Any) -> None:
    assume(not (isinstance(body, dict) and body.get("errors")))
    with pytest.raises(PortalChanged):
        contract.read_appointment(said(body))


def test_a_reservation_that_cannot_be_read_may_be_a_hold() -> None:
    for broken in spoiled(PROCESS, ("processId",), None):
        with pytest.raises(AnswerLost):
            contract.read_held(said(broken))


def test_a_reservation_refused_with_an_unknown_code_is_no_hold() -> None:
    with pytest.raises(PortalChanged):
        contract.read_held(said({"errors": [{"errorCode": "brandNew"}]}, status=400))


def test_a_reservation_that_came_too_late_is_gone() -> None:
    with pytest.raises(SlotGone):
        contract.read_held(said({"errors": [{"errorCode": "appointmentNotAvailable"}]}, status=404))


@pytest.mark.parametrize(("status", "left"), [("deleted", "deleted"), ("blocked", "blocked"), (None, "deleted")])
def test_what_a_cancellation_left_is_read(status: str | None, left: str) -> None:
    assert contract.read_cancelled(said({**PROCESS, "status": status}, contract.CANCEL)) == left


@pytest.mark.parametrize("status", sorted(contract.LIVE))
def test_a_cancellation_that_left_a_live_appointment_is_changed(status: str) -> None:
    with pytest.raises(PortalChanged):
        contract.read_cancelled(said({**PROCESS, "status": status}, contract.CANCEL))


def test_every_word_of_a_person_is_known_as_personal() -> None:
    words = contract.personal_words(said(PROCESS))
    assert {"Erika Muster", "Erika", "Muster", "erika@example.org", "Kinder", "ab" * 32, "eyJ.a.b"} <= words
    assert "" not in words


@pytest.mark.parametrize("enabled", [True, False])
def test_the_citys_word_on_its_captcha_is_read(enabled: bool) -> None:  # noqa: FBT001 - the value under test
    assert contract.read_captcha_enabled(said({"captchaEnabled": enabled}, contract.CAPTCHA_DETAILS)) is enabled


@given(st.sampled_from([None, "true", 1, []]))
def test_another_word_on_the_captcha_is_changed(wrong: Any) -> None:
    for broken in spoiled({"captchaEnabled": True}, ("captchaEnabled",), wrong):
        with pytest.raises(PortalChanged) as changed:
            contract.read_captcha_enabled(said(broken, contract.CAPTCHA_DETAILS))
        assert changed.value.expected == "captchaEnabled"


@pytest.mark.parametrize(
    ("body", "passed"),
    [
        ({"meta": {"success": True}, "data": {"valid": True}, "token": "eyJ"}, True),
        ({"meta": {"success": True}, "token": ""}, False),
        ({"meta": {"success": True}}, False),
        ({"meta": {"success": False, "error": "no"}, "data": None}, False),
        ({"meta": {"success": "true"}, "token": "eyJ"}, False),
        ({}, False),
    ],
)
def test_a_box_is_passed_with_a_token_alone(body: Body, *, passed: bool) -> None:
    assert contract.captcha_passed(said(body, contract.CAPTCHA_VERIFY)) is passed


def test_a_challenge_is_given_unless_the_city_says_its_captcha_is_down() -> None:
    assert contract.captcha_challenge_given(said({"algorithm": "SHA-256"}, contract.CAPTCHA_CHALLENGE))
    down = {"meta": {"success": False, "error": "upstream"}, "data": None}
    assert not contract.captcha_challenge_given(said(down, contract.CAPTCHA_CHALLENGE))
