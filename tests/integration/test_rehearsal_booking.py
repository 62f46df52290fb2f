"""The life of an appointment in the practice city, in both generations."""

from typing import Any

import pytest

from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import (
    ABMELDUNG,
    AUSWEIS,
    GEWERBE,
    GEWERBEAMT,
    KFZ,
    ORLEANSPLATZ,
    PASING,
    WOHNSITZ,
    OpenCity,
    Visitor,
    codes,
)


async def statuses(city: Visitor) -> list[list[str]]:
    return [[step["status"] for step in a["history"]] for a in await city.look("appointments")]


async def test_a_booking_goes_from_the_free_slot_to_confirmed(city: Visitor) -> None:
    # given
    start = await city.free_start(KFZ)

    # when
    held = (await city.reserve(KFZ, ABMELDUNG, start=start)).json()
    filled = (await city.fill_in(held)).json()
    waiting = (await city.step("preconfirm-appointment", held)).json()
    booked = (await city.step("confirm-appointment", held)).json()

    # then
    assert [step["status"] for step in (held, filled, waiting, booked)] == [
        "reserved",
        "reserved",
        "preconfirmed",
        "confirmed",
    ]
    assert held["email"] == "test@muenchen.de"
    assert (filled["email"], filled["familyName"]) == ("erika@example.org", "Erika Muster")
    assert booked["timestamp"] == str(start)
    assert booked["displayNumber"].startswith("S")
    assert await statuses(city) == [["reserved", "preconfirmed", "confirmed"]]


async def test_only_confirm_and_reading_back_hand_out_a_fresh_captcha_token(city: Visitor) -> None:
    held = await city.preconfirmed()

    booked = (await city.step("confirm-appointment", held)).json()
    read = (await city.get("appointment", processId=held["processId"], authKey=held["authKey"])).json()

    assert held["captchaToken"] is None
    assert booked["captchaToken"].count(".") == 2
    assert read["captchaToken"].count(".") == 2


async def test_a_slot_is_given_once(city: Visitor) -> None:
    start = await city.free_start(KFZ)
    await city.hold(start=start)

    second = await city.reserve(KFZ, ABMELDUNG, start=start)

    assert (second.status_code, codes(second)) == (404, ["appointmentNotAvailable"])


async def test_two_services_together_take_the_openings_they_need(city: Visitor) -> None:
    # given two openings of a quarter of an hour in a row, and nothing else
    await city.order("mood", moods=["none"])
    nine = 1795593600
    await city.order("slots", add=[{"office": PASING, "time": nine + n * 900} for n in range(2)])
    await city.solve_captcha()

    # when 15 minutes for each of two services are wanted
    too_late = await city.reserve(PASING, WOHNSITZ, AUSWEIS, start=nine + 900)
    fitting = await city.reserve(PASING, WOHNSITZ, AUSWEIS, start=nine)

    # then
    assert codes(too_late) == ["appointmentNotAvailable"]
    booked = fitting.json()
    assert (booked["serviceId"], booked["serviceCount"], booked["slotCount"]) == (WOHNSITZ, 1, 6)
    assert booked["subRequestCounts"] == [{"id": AUSWEIS, "name": "Personalausweis", "count": 1}]
    assert await city.look("slots", office=str(PASING)) == []


async def test_reserve_takes_numbers_and_strings_mixed(city: Visitor) -> None:
    body: dict[str, Any] = {
        "officeId": str(GEWERBEAMT),
        "serviceId": [GEWERBE],
        "timestamp": str(await city.free_start(GEWERBEAMT)),
    }

    answer = await city.post("reserve-appointment", **body)

    assert answer.json()["serviceCount"] == 1


async def test_the_key_has_the_length_of_its_generation(city: Visitor) -> None:
    held = await city.hold()

    length = {Dialect.AUG: 64, Dialect.FEB: 4}[city.dialect]
    assert len(held["authKey"]) == length
    assert int(held["authKey"], 16) >= 0


@pytest.mark.parametrize(
    ("dialect", "key", "expected"),
    [
        (Dialect.AUG, "not hex", "invalidAuthKey"),
        (Dialect.AUG, "beef", "authKeyMismatch"),
        (Dialect.FEB, "anything goes", "authKeyMismatch"),
        (Dialect.FEB, " ", "invalidAuthKey"),
    ],
)
async def test_a_wrong_key_is_refused_as_its_generation_does(
    open_city: OpenCity, dialect: Dialect, key: str, expected: str
) -> None:
    city = await open_city(dialect)
    held = await city.hold()

    answer = await city.get("appointment", processId=held["processId"], authKey=key)

    assert codes(answer) == [expected]


async def test_a_hold_ends_with_the_first_job_after_its_time(city: Visitor) -> None:
    # given a hold of 20 minutes
    held = await city.hold()
    start = int(held["timestamp"])

    # when 19 minutes have gone, and then two more
    await city.pass_time(minutes=19)
    in_time = await city.fill_in(held)
    await city.pass_time(minutes=2)

    # then
    assert in_time.status_code == 200
    assert codes(await city.step("preconfirm-appointment", held)) == ["processNotReservedAnymore"]
    assert codes(await city.fill_in(held)) == ["appointmentNotFound"]
    assert codes(await city.step("confirm-appointment", held)) == ["appointmentNotFound"]
    assert await statuses(city) == [["reserved", "deleted"]]
    assert (await city.hold(start=start))["status"] == "reserved"


async def test_an_activation_link_runs_out(city: Visitor) -> None:
    held = await city.preconfirmed()

    await city.pass_time(minutes=31)

    late = await city.step("confirm-appointment", held)
    assert (late.status_code, codes(late)) == (404, ["appointmentNotFound"])


async def test_a_fast_clock_ends_holds_by_itself(open_city: OpenCity) -> None:
    city = await open_city(speed=6_000, rate_limit=100_000)
    held = await city.hold()

    # 20 city minutes are 200 ms at this speed
    while (counts := (await city.look("state"))["appointments"])["deleted"] == 0:
        assert counts["reserved"] == 1

    assert codes(await city.step("preconfirm-appointment", held)) == ["processNotReservedAnymore"]


async def test_confirming_twice_says_that_it_is_no_longer_preconfirmed(city: Visitor) -> None:
    held = await city.confirmed()

    again = await city.step("confirm-appointment", held)

    assert (again.status_code, codes(again)) == (409, ["processNotPreconfirmedAnymore"])


async def test_a_cancelled_booking_changes_its_key_and_frees_the_slot_after_a_while(city: Visitor) -> None:
    # given
    held = await city.confirmed()
    start = int(held["timestamp"])

    # when
    gone = (await city.step("cancel-appointment", held)).json()

    # then
    assert (gone["status"], gone["icsContent"]) == ("deleted", None)
    assert gone["authKey"] != held["authKey"]
    assert codes(await city.step("cancel-appointment", held)) == ["appointmentNotFound"]
    assert codes(await city.reserve(KFZ, ABMELDUNG, start=start)) == ["appointmentNotAvailable"]
    await city.pass_time(minutes=2)
    assert (await city.reserve(KFZ, ABMELDUNG, start=start)).status_code == 200


async def test_a_past_appointment_cannot_be_cancelled(city: Visitor) -> None:
    held = await city.confirmed()

    await city.pass_time(minutes=8 * 24 * 60)

    answer = await city.step("cancel-appointment", held)
    assert (answer.status_code, codes(answer)) == (406, ["appointmentCanNotBeCanceled"])


async def test_the_limit_per_mail_counts_live_bookings_of_the_office(city: Visitor) -> None:
    # given three bookings of one address where three are allowed
    booked = [await city.confirmed() for _ in range(3)]
    fourth = await city.hold()

    # when
    refused = await city.fill_in(fourth, email="ERIKA@example.org")
    other_address = await city.fill_in(fourth, email="otto@example.org")
    await city.step("cancel-appointment", booked[0])
    after_cancelling = await city.fill_in(fourth)

    # then
    assert (refused.status_code, codes(refused)) == (406, ["tooManyAppointmentsWithSameMail"])
    assert other_address.status_code == 200
    assert after_cancelling.status_code == 200


async def test_the_limit_also_stops_at_preconfirm(city: Visitor) -> None:
    # given four holds filled in while nothing was booked yet
    held = [await city.hold() for _ in range(4)]
    for one in held:
        await city.fill_in(one)

    # when
    answers = [await city.step("preconfirm-appointment", one) for one in held]

    # then
    assert [answer.status_code for answer in answers] == [200, 200, 200, 406]


@pytest.mark.parametrize(
    ("email", "accepted"),
    [
        ("erika@example.org", True),
        ("erika+termin@example.org", False),
        ("erika..muster@example.org", False),
        (".erika@example.org", False),
        ("erika@example.o", False),
        ("", False),
    ],
)
async def test_mail_addresses_are_taken_as_the_city_takes_them(city: Visitor, email: str, *, accepted: bool) -> None:
    answer = await city.fill_in(await city.hold(), email=email)

    assert (answer.status_code == 200) is accepted
    assert accepted or codes(answer) == ["invalidEmail"]


async def test_a_required_free_text_is_demanded_only_by_the_newer_city_when_it_is_absent(city: Visitor) -> None:
    await city.solve_captcha()
    held = await city.hold(ORLEANSPLATZ, WOHNSITZ)

    absent = await city.fill_in(held)
    empty = await city.step(
        "update-appointment", held, familyName="E M", email="e@example.org", customTextfield="", telephone="12"
    )

    assert absent.status_code == (400 if city.dialect is Dialect.AUG else 200)
    assert codes(empty) == ["invalidTelephone", "invalidCustomTextfield"]
