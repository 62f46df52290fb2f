"""Every error of the City's API: code, HTTP status, kind, and how the two generations differ.

The text is ours: the City's page picks its own words by the code and never shows the text it is sent.
"""

from collections.abc import Iterable
from typing import Any

from rehearsal.settings import Dialect

_ERROR, _WARNING, _INFO = "error", "warning", "info"

_TABLE: dict[str, tuple[int, str]] = {
    "zmsClientCommunicationError": (503, _ERROR),
    "notImplemented": (501, _ERROR),
    "notFound": (404, _ERROR),
    "invalidRequest": (400, _WARNING),
    "requestMethodNotAllowed": (405, _WARNING),
    "captchaVerificationFailed": (400, _ERROR),
    "invalidLocationAndServiceCombination": (400, _WARNING),
    "invalidStartDate": (400, _WARNING),
    "invalidEndDate": (400, _WARNING),
    "invalidSlotsStartDate": (400, _WARNING),
    "invalidSlotsEndDate": (400, _WARNING),
    "slotsStartDateAfterEndDate": (400, _WARNING),
    "invalidOfficeId": (400, _WARNING),
    "invalidServiceId": (400, _WARNING),
    "invalidServiceCount": (400, _WARNING),
    "invalidProcessId": (400, _WARNING),
    "invalidScopeId": (400, _WARNING),
    "invalidAuthKey": (400, _WARNING),
    "invalidDate": (400, _WARNING),
    "invalidTimestamp": (400, _WARNING),
    "invalidFamilyName": (400, _WARNING),
    "invalidEmail": (400, _WARNING),
    "invalidTelephone": (400, _WARNING),
    "invalidCustomTextfield": (400, _WARNING),
    "invalidCustomTextfield2": (400, _WARNING),
    "appointmentCanNotBeCanceled": (406, _WARNING),
    "appointmentNotAvailable": (404, _ERROR),
    "noAppointmentForThisDay": (404, _INFO),
    "captchaVerificationError": (400, _ERROR),
    "captchaMissing": (400, _ERROR),
    "captchaInvalid": (400, _ERROR),
    "captchaExpired": (400, _ERROR),
    "serviceUnavailable": (503, _ERROR),
    "invalidSchema": (400, _WARNING),
    "internalError": (500, _ERROR),
    "invalidApiClient": (400, _WARNING),
    "sourceNotFound": (404, _INFO),
    "departmentNotFound": (404, _ERROR),
    "mailNotFound": (404, _ERROR),
    "organisationNotFound": (404, _ERROR),
    "providerNotFound": (404, _ERROR),
    "requestNotFound": (404, _ERROR),
    "scopeNotFound": (404, _ERROR),
    "processInvalid": (400, _WARNING),
    "processAlreadyExists": (409, _WARNING),
    "processDeleteFailed": (500, _ERROR),
    "processAlreadyCalled": (409, _WARNING),
    "processNotReservedAnymore": (409, _ERROR),
    "processNotPreconfirmedAnymore": (409, _ERROR),
    "emailIsRequired": (406, _WARNING),
    "telephoneIsRequired": (406, _WARNING),
    "appointmentNotFound": (404, _ERROR),
    "authKeyMismatch": (406, _WARNING),
    "invalidCredentials": (406, _WARNING),
    "noAppointmentForThisScope": (404, _INFO),
    "tooManyAppointmentsWithSameMail": (406, _ERROR),
    "tooManySlotsPerAppointment": (400, _ERROR),
    "tooManyServicesPerAppointment": (400, _ERROR),
    "scopesNotFound": (404, _ERROR),
    "preconfirmationExpired": (400, _ERROR),
    "ipBlacklisted": (403, _ERROR),
    "rateLimitExceeded": (429, _WARNING),
    "requestEntityTooLarge": (413, _WARNING),
    "securityHeaderViolation": (403, _ERROR),
    "unauthorized": (403, _ERROR),
}

_WIRE_NAMES = {"ipBlacklisted": "IP_BLACKLISTED"}

_NEW_IN_AUG = frozenset(
    {
        "invalidSlotsStartDate",
        "invalidSlotsEndDate",
        "slotsStartDateAfterEndDate",
        "invalidCustomTextfield2",
    }
)

_FEB_KINDS = {
    "captchaVerificationFailed": _WARNING,
    "captchaVerificationError": _WARNING,
    "captchaMissing": _WARNING,
    "captchaInvalid": _WARNING,
    "captchaExpired": _WARNING,
    "sourceNotFound": _ERROR,
}


class CityError(Exception):
    """The API refuses; `codes` become the answer's error list, in order."""

    def __init__(self, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class Crash(Exception):
    """What PHP does with a value it did not expect: a bare 500."""


def known_codes(dialect: Dialect) -> frozenset[str]:
    return frozenset(_TABLE) - (_NEW_IN_AUG if dialect is Dialect.FEB else frozenset())


def error_entry(code: str, dialect: Dialect) -> dict[str, Any]:
    """One entry of the error list. A code the City's table lacks arrives as `unknownError`, status 520."""
    if code not in known_codes(dialect):
        return _entry("unknownError", status=520, kind=_ERROR)
    status, kind = _TABLE[code]
    if dialect is Dialect.FEB:
        kind = _FEB_KINDS.get(code, kind)
    return _entry(_WIRE_NAMES.get(code, code), status=status, kind=kind)


def error_answer(codes: Iterable[str], dialect: Dialect) -> tuple[int, dict[str, Any]]:
    """The HTTP status is the highest of the list."""
    entries = [error_entry(code, dialect) for code in codes]
    return max(entry["statusCode"] for entry in entries), {"errors": entries}


def _entry(code: str, *, status: int, kind: str) -> dict[str, Any]:
    return {
        "errorCode": code,
        "errorMessage": f"The practice city refuses: {code}.",
        "statusCode": status,
        "errorType": kind,
    }
