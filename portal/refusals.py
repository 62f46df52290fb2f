"""What the City's error answers mean: one table from its codes to our errors.

The codes are those of the City's API as of August 2026, with the older ones that February sent. A code that is not
in the table is drift, not a guess.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

import pydantic_core

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
from portal.replies import Reply

NONE_FREE = frozenset({"noAppointmentForThisDay", "noAppointmentForThisScope"})
NOT_FOUND = "appointmentNotFound"
WRONG_KEY = frozenset({"authKeyMismatch", "invalidAuthKey", "invalidProcessId", "invalidCredentials"})


class Kind(Enum):
    THROTTLED = auto()
    BLOCKED = auto()
    MAINTENANCE = auto()
    SESSION = auto()
    SLOT_GONE = auto()
    HOLD_LOST = auto()
    BROKEN = auto()  # the City failed on its side: whether a write went through is open
    REFUSED = auto()


CODES: dict[str, Kind] = {
    "rateLimitExceeded": Kind.THROTTLED,
    **dict.fromkeys(("ipBlacklisted", "IP_BLACKLISTED", "securityHeaderViolation", "unauthorized"), Kind.BLOCKED),
    **dict.fromkeys(("serviceUnavailable", "sourceNotFound"), Kind.MAINTENANCE),
    **dict.fromkeys(
        (
            "captchaMissing",
            "captchaInvalid",
            "captchaExpired",
            "captchaVerificationFailed",
            "captchaVerificationError",
        ),
        Kind.SESSION,
    ),
    "appointmentNotAvailable": Kind.SLOT_GONE,
    **dict.fromkeys(
        (
            NOT_FOUND,
            "processNotReservedAnymore",
            "processNotPreconfirmedAnymore",
            "preconfirmationExpired",
            "processInvalid",
        ),
        Kind.HOLD_LOST,
    ),
    **dict.fromkeys(
        ("zmsClientCommunicationError", "internalError", "unknownError", "processDeleteFailed"),
        Kind.BROKEN,
    ),
    **dict.fromkeys(
        (
            *NONE_FREE,
            *WRONG_KEY,
            "notImplemented",
            "notFound",
            "invalidRequest",
            "requestMethodNotAllowed",
            "invalidLocationAndServiceCombination",
            "invalidStartDate",
            "invalidEndDate",
            "invalidSlotsStartDate",
            "invalidSlotsEndDate",
            "slotsStartDateAfterEndDate",
            "startDateAfterEndDate",
            "dateRangeTooLarge",
            "invalidDateRange",
            "invalidOfficeId",
            "invalidServiceId",
            "EMPTY_SERVICE_ARRAYS",
            "emptyServiceArrays",
            "MISMATCHED_ARRAYS",
            "mismatchedArrays",
            "invalidServiceCount",
            "invalidScopeId",
            "invalidDate",
            "invalidTimestamp",
            "invalidFamilyName",
            "invalidEmail",
            "invalidTelephone",
            "invalidCustomTextfield",
            "invalidCustomTextfield2",
            "appointmentCanNotBeCanceled",
            "invalidSchema",
            "invalidApiClient",
            "departmentNotFound",
            "mailNotFound",
            "organisationNotFound",
            "providerNotFound",
            "requestNotFound",
            "scopeNotFound",
            "scopesNotFound",
            "processAlreadyExists",
            "processAlreadyCalled",
            "emailIsRequired",
            "telephoneIsRequired",
            "tooManyAppointmentsWithSameMail",
            "tooManySlotsPerAppointment",
            "tooManyServicesPerAppointment",
            "requestEntityTooLarge",
        ),
        Kind.REFUSED,
    ),
}

_ERRORS: dict[Kind, Callable[[str], MtaError]] = {
    Kind.THROTTLED: lambda code: Throttled(f"The City asks us to wait ({code})."),
    Kind.BLOCKED: lambda code: Blocked(f"The City has locked this address out ({code})."),
    Kind.MAINTENANCE: lambda code: Maintenance(f"The City is working on its system ({code})."),
    Kind.SESSION: lambda code: SessionExpired(f"The City's session for this page ran out ({code})."),
    Kind.SLOT_GONE: lambda code: SlotGone(f"Somebody else has the slot ({code})."),
    Kind.HOLD_LOST: lambda code: HoldLost(f"The City no longer keeps the appointment ({code})."),
    Kind.REFUSED: lambda code: Refused(f"The City refuses ({code}).", code=code),
}
_BY_STATUS = {429: Kind.THROTTLED, 403: Kind.BLOCKED}
_SERVER_ERRORS = 500
_CLIENT_ERRORS = 400


def body(reply: Reply) -> Any:
    """The answer's JSON if it is no error; else the typed error of what it says, or of what it is not."""
    if reply.problem:
        raise _unanswered(reply, reply.problem)
    try:
        answer = pydantic_core.from_json(reply.text)
    except ValueError:
        raise _not_json(reply) from None
    code = code_of(answer)
    if code is not None:
        raise error_of(code, reply)
    if reply.status >= _SERVER_ERRORS:
        raise _unanswered(reply, f"status {reply.status}")
    if reply.status >= _CLIENT_ERRORS or not isinstance(answer, dict):
        raise PortalChanged(f"The City's answer to {reply.endpoint} is of no known form.", expected="errors")
    return answer


def code_of(answer: Any) -> str | None:
    """The first error code of an error answer, as the City's page reads it; None if it is no error answer.

    An error list whose first entry has no code is drift; an empty list is none.
    """
    if not isinstance(answer, dict) or not answer.get("errors"):
        return None
    errors = answer["errors"]
    first = errors[0] if isinstance(errors, list) else None
    code = first.get("errorCode") if isinstance(first, dict) else None
    if not isinstance(code, str) or not code:
        raise PortalChanged("The City sent an error of no known form.", expected="errors.0.errorCode")
    return code


def error_code(reply: Reply) -> str | None:
    """The error code in a reply that may be anything; None where there is none to read."""
    try:
        return code_of(pydantic_core.from_json(reply.text))
    except (ValueError, PortalChanged):
        return None


def error_of(code: str, reply: Reply) -> MtaError:
    kind = CODES.get(code)
    if kind is None:
        return PortalChanged("The City sent an error code nobody knows.", expected="errors.0.errorCode")
    return _unanswered(reply, code) if kind is Kind.BROKEN else _ERRORS[kind](code)


def _not_json(reply: Reply) -> MtaError:
    kind = _BY_STATUS.get(reply.status)
    if kind is not None:
        return _ERRORS[kind](f"status {reply.status}")
    return _unanswered(reply, f"no JSON, status {reply.status}")


def _unanswered(reply: Reply, why: str) -> MtaError:
    """A read can be repeated; after a write only the City knows whether it was done."""
    if reply.writes:
        return AnswerLost(f"The City's answer to {reply.endpoint} never came ({why}).")
    return SiteUnreachable(f"The City's site did not answer {reply.endpoint} ({why}).")
