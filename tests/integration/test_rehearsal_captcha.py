"""The captcha of the practice city, solved for real, and the tokens it gives."""

import base64
import json

import pytest

from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import (
    ORLEANSPLATZ,
    WOHNSITZ,
    OpenCity,
    Visitor,
    codes,
    solution,
)


def claims(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


async def test_a_challenge_has_the_form_of_its_widget(city: Visitor) -> None:
    challenge = (await city.get("captcha-challenge")).json()

    if city.dialect is Dialect.FEB:
        assert set(challenge) == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
        assert (challenge["algorithm"], challenge["maxnumber"]) == ("SHA-256", 600)
        return
    assert set(challenge) == {"parameters", "signature"}
    parameters = challenge["parameters"]
    assert set(parameters) == {
        "algorithm",
        "nonce",
        "salt",
        "cost",
        "keyLength",
        "keyPrefix",
        "keySignature",
        "memoryCost",
        "parallelism",
        "expiresAt",
        "data",
    }
    assert (parameters["algorithm"], parameters["cost"], parameters["keyPrefix"]) == ("SHA-256", 2, "00")


async def test_a_token_is_a_jwt_bound_to_the_address_for_five_minutes(city: Visitor) -> None:
    token = await city.solve_captcha()

    told = claims(token)
    assert token.count(".") == 2
    assert set(told) == {"ip", "iat", "exp"}
    assert told["ip"] == "127.0.0.1"
    assert int(str(told["exp"])) - int(str(told["iat"])) == 300


async def test_a_token_opens_the_guarded_office_more_than_once(city: Visitor) -> None:
    await city.solve_captcha()

    answers = [await city.reserve(ORLEANSPLATZ, WOHNSITZ) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_without_a_token_the_guarded_office_is_closed(city: Visitor) -> None:
    answer = await city.reserve(ORLEANSPLATZ, WOHNSITZ)

    assert (answer.status_code, codes(answer)) == (400, ["captchaMissing"])


async def test_a_token_expires_by_the_citys_clock(city: Visitor) -> None:
    await city.solve_captcha()

    await city.pass_time(minutes=5.01)

    assert codes(await city.reserve(ORLEANSPLATZ, WOHNSITZ)) == ["captchaExpired"]


async def test_a_token_works_for_one_address_only(city: Visitor) -> None:
    token = await city.solve_captcha()

    answer = await city.post(
        "reserve-appointment",
        headers={"X-Forwarded-For": "203.0.113.9"},
        timestamp=await city.free_start(ORLEANSPLATZ),
        officeId=ORLEANSPLATZ,
        serviceId=[WOHNSITZ],
        captchaToken=token,
    )

    assert codes(answer) == ["captchaInvalid"]


@pytest.mark.parametrize("change", ["body", "signature", "nonsense"])
async def test_a_changed_token_is_invalid(city: Visitor, change: str) -> None:
    head, body, signature = (await city.solve_captcha()).split(".")
    city.token = {
        "body": f"{head}.{body[:-2]}AA.{signature}",
        "signature": f"{head}.{body}.{signature[:-2]}AA",
        "nonsense": "ä.b.c",
    }[change]

    assert codes(await city.reserve(ORLEANSPLATZ, WOHNSITZ)) == ["captchaInvalid"]


async def test_the_token_of_a_read_appointment_serves_to_move_it(city: Visitor) -> None:
    held = await city.hold()

    read = await city.get("appointment", processId=held["processId"], authKey=held["authKey"])
    city.token = read.json()["captchaToken"]

    assert (await city.reserve(ORLEANSPLATZ, WOHNSITZ)).status_code == 200


async def test_a_wrong_solution_gets_no_token(city: Visitor) -> None:
    # given the solution of one challenge, sent with the salt of another
    one, other = [(await city.get("captcha-challenge")).json() for _ in range(2)]
    solved = json.loads(base64.b64decode(solution(one, city.dialect)))
    if city.dialect is Dialect.FEB:
        solved["salt"] = other["salt"]
    else:
        solved["challenge"] = other

    # when
    payload = base64.b64encode(json.dumps(solved).encode()).decode()
    answer = await city.post("captcha-verify", payload=payload)

    # then
    assert answer.status_code == 200
    assert answer.json()["meta"]["success"] is False
    assert "token" not in answer.json()


@pytest.mark.parametrize("payload", [None, "", "%%%", "bm8gSlNPTg==", "WzFd", "e30="])
async def test_unreadable_payloads_fail_politely(city: Visitor, payload: str | None) -> None:
    answer = await city.post("captcha-verify", payload=payload, other="field")

    assert answer.status_code == 200
    assert answer.json()["meta"]["success"] is False


async def test_when_the_captcha_server_is_down_the_city_still_answers_200(city: Visitor) -> None:
    await city.order("mood", moods=["captcha-down"])

    for answer in (await city.get("captcha-challenge"), await city.post("captcha-verify", payload="x")):
        assert answer.status_code == 200
        assert answer.json()["meta"]["success"] is False
        assert answer.json()["data"] is None


async def test_the_lifetime_of_tokens_can_be_set(open_city: OpenCity) -> None:
    city = await open_city(captcha_ttl=30)
    await city.solve_captcha()

    await city.pass_time(minutes=0.6)

    assert codes(await city.reserve(ORLEANSPLATZ, WOHNSITZ)) == ["captchaExpired"]
