"""What an error answer means: one code, one error; what has no code is judged by what it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    AnswerLost,
    Blocked,
    HoldLost,
    Maintenance,
    MtaError,
    PortalChanged,
    Refused,
    SessionExpired,
    SiteUnreachable,
    SlotGone,
    Throttled,
)
from portal import contract, refusals
from portal.replies import Reply, endpoint_of, is_write
from tests.contract_cast import BASE, reply

MEANINGS: dict[type[MtaError], set[str]] = {
    Throttled: {"rateLimitExceeded"},
    Blocked: {"ipBlacklisted", "IP_BLACKLISTED", "securityHeaderViolation", "unauthorized"},
    Maintenance: {"serviceUnavailable", "sourceNotFound"},
    SessionExpired: {
        "captchaMissing", "captchaInvalid", "captchaExpired", "captchaVerificationFailed", "captchaVerificationError",
    },
    SlotGone: {"appointmentNotAvailable"},
    HoldLost: {
        "appointmentNotFound", "processNotReservedAnymore", "processNotPreconfirmedAnymore", "preconfirmationExpired",
        "processInvalid",
    },
    SiteUnreachable: {"zmsClientCommunicationError", "internalError", "unknownError", "processDeleteFailed"},
}  # fmt: skip
MEANING = {code: error for error, codes in MEANINGS.items() for code in codes}
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"


def errors(*codes: str) -> str:
    return json.dumps({"errors": [{"errorCode": code, "errorMessage": "…", "statusCode": 400} for code in codes]})


def raised_by(answer: Reply) -> MtaError:
    with pytest.raises(MtaError) as raised:
        refusals.body(answer)
    return raised.value


@pytest.mark.parametrize("code", sorted(refusals.CODES))
def test_each_code_has_its_error(code: str) -> None:
    error = raised_by(reply(contract.APPOINTMENT, errors(code), status=400))
    assert type(error) is MEANING.get(code, Refused)
    assert code in str(error)
    assert not isinstance(error, Refused) or error.code == code


def test_the_table_has_no_code_that_is_not_meant() -> None:
    assert set(MEANING) <= set(refusals.CODES)
    assert refusals.NONE_FREE | refusals.WRONG_KEY | {refusals.NOT_FOUND} <= set(refusals.CODES)


@given(st.text(min_size=1).filter(lambda code: code not in refusals.CODES))
def test_an_unknown_code_is_changed_and_not_repeated(code: str) -> None:
    error = raised_by(reply(contract.CATALOG, errors(code), status=400))
    assert isinstance(error, PortalChanged)
    assert error.expected == "errors.0.errorCode"


def test_the_first_of_several_codes_counts() -> None:
    assert isinstance(raised_by(reply(contract.CATALOG, errors("rateLimitExceeded", "brandNew"))), Throttled)


def test_a_code_counts_whatever_the_status_is() -> None:
    assert isinstance(raised_by(reply(contract.CATALOG, errors("serviceUnavailable"), status=200)), Maintenance)


@pytest.mark.parametrize("wrong", [[{}], [{"errorCode": None}], [{"errorCode": ""}], ["text"], "text", {"0": {}}, 7])
def test_errors_of_no_known_form_are_changed(wrong: Any) -> None:
    assert isinstance(raised_by(reply(contract.CATALOG, json.dumps({"errors": wrong}), status=400)), PortalChanged)


@pytest.mark.parametrize("text", ["", HTML, "null", "[]", "7", '"text"', "{"])
def test_an_answer_without_an_object_is_never_read(text: str) -> None:
    assert isinstance(raised_by(reply(contract.CATALOG, text)), (SiteUnreachable, PortalChanged))


@pytest.mark.parametrize(
    ("status", "text", "read", "written"),
    [
        (429, HTML, Throttled, Throttled),
        (429, "", Throttled, Throttled),
        (403, HTML, Blocked, Blocked),
        (502, HTML, SiteUnreachable, AnswerLost),
        (503, "", SiteUnreachable, AnswerLost),
        (200, HTML, SiteUnreachable, AnswerLost),
        (200, "", SiteUnreachable, AnswerLost),
        (500, '{"error": {"message": "…", "code": 0}}', SiteUnreachable, AnswerLost),
        (404, "{}", PortalChanged, PortalChanged),
        (0, "", SiteUnreachable, AnswerLost),
    ],
)
def test_an_answer_without_a_code_is_judged_by_what_it_is(
    status: int, text: str, read: type[MtaError], written: type[MtaError]
) -> None:
    problem = "" if status else "net::ERR_CONNECTION_RESET"
    asked = Reply(contract.APPOINTMENT, "GET", f"{BASE}/appointment/", status=status, text=text, problem=problem)
    done = Reply(contract.RESERVE, "POST", f"{BASE}/reserve-appointment/", status=status, text=text, problem=problem)
    assert type(raised_by(asked)) is read
    assert type(raised_by(done)) is written


@pytest.mark.parametrize("code", sorted(MEANINGS[SiteUnreachable]))
def test_a_write_the_city_failed_at_is_an_open_question(code: str) -> None:
    assert type(raised_by(reply(contract.PRECONFIRM, errors(code), method="POST", status=503))) is AnswerLost


def test_the_captchas_own_post_leaves_nothing_open() -> None:
    assert not is_write("POST", contract.CAPTCHA_VERIFY)
    assert type(raised_by(reply(contract.CAPTCHA_VERIFY, HTML, method="POST", status=502))) is SiteUnreachable


@pytest.mark.parametrize("body", [{}, {"errors": []}, {"errors": None, "offices": []}])
def test_an_object_without_errors_is_an_answer(body: dict[str, Any]) -> None:
    assert refusals.body(reply(contract.CATALOG, json.dumps(body))) == body


@pytest.mark.parametrize("text", ["", HTML, "[]", '{"errors": ["text"]}', "{}"])
def test_asking_for_a_code_where_there_is_none_raises_nothing(text: str) -> None:
    assert refusals.error_code(reply(contract.CATALOG, text)) is None


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        (f"{BASE}/offices-and-services/?serviceId=1", "offices-and-services"),
        (f"{BASE}/appointment", "appointment"),
        ("https://site.example/api/citizen/available-calendar/", "available-calendar"),
        ("https://site.example/assets/main.js", None),
        ("https://site.example/?back=/api/citizen/appointment/", None),
    ],
)
def test_endpoints_are_told_by_the_path(url: str, endpoint: str | None) -> None:
    assert endpoint_of(url) == endpoint


def test_a_reply_shows_neither_its_text_nor_its_parameters() -> None:
    shown = repr(reply(contract.APPOINTMENT, '{"email": "erika@example.org"}', authKey="abcdef"))
    assert "erika" not in shown
    assert "abcdef" not in shown
