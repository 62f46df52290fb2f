"""What the City's API answers, read into our own types: one reading function per answer, both generations.

A reply that is an error raises its typed error (portal.refusals); one that is of no known form raises PortalChanged
naming the field. Nothing here ever takes a missing field for "no appointments".
"""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from core.bookings import Appointment, HoldKey
from core.catalog import Catalog
from core.catalog import Scope as OfficeScope
from core.errors import AnswerLost, MtaError, PortalChanged
from core.looks import Dialect
from core.slots import Slot
from portal import contract_aug, contract_catalog, contract_feb
from portal.availability import Asked, Availability
from portal.contract_catalog import Scope, scope_of
from portal.fields import Answer, Id, Seconds, Text, parse
from portal.refusals import NONE_FREE, body, error_code
from portal.replies import Reply

CATALOG = contract_catalog.ENDPOINT
AVAILABILITY = {contract_feb.DAYS: Dialect.FEB, contract_feb.TIMES: Dialect.FEB, contract_aug.CALENDAR: Dialect.AUG}
RESERVE = "reserve-appointment"
UPDATE = "update-appointment"
PRECONFIRM = "preconfirm-appointment"
CONFIRM = "confirm-appointment"
CANCEL = "cancel-appointment"
APPOINTMENT = "appointment"
CAPTCHA_DETAILS = "captcha-details"
CAPTCHA_CHALLENGE = "captcha-challenge"
CAPTCHA_VERIFY = "captcha-verify"

Status = Literal[
    "free",
    "reserved",
    "preconfirmed",
    "confirmed",
    "queued",
    "called",
    "processing",
    "pending",
    "finished",
    "missed",
    "parked",
    "archived",
    "deleted",
    "anonymized",
    "blocked",
    "conflict",
]
BOOKED = frozenset({"preconfirmed", "confirmed"})
LIVE = BOOKED | {"reserved"}
_PERSONAL = ("familyName", "email", "telephone", "customTextfield", "customTextfield2", "authKey", "captchaToken")


class _Process(Answer):
    process_id: Id
    timestamp: Seconds
    auth_key: str = Field(min_length=1)
    office_id: Id
    status: Status
    display_number: str | int | None
    office_name: Text = None
    service_name: Text = None
    scope: Scope | None
    ics_content: Text = None
    family_name: Text = None


class _Cancelled(Answer):
    process_id: Id
    status: Status | None


class _CaptchaDetails(Answer):
    captcha_enabled: bool = Field(strict=True)


def read_catalog(reply: Reply) -> tuple[Catalog, Dialect]:
    return contract_catalog.read(body(reply))


def read_availability(reply: Reply) -> Availability:
    """Any availability answer; the City's own word for "none" is one without days."""
    if error_code(reply) in NONE_FREE:
        asked = day_asked(reply) if reply.endpoint == contract_feb.TIMES else None
        return Availability(times={asked: frozenset[Slot]()}) if asked else Availability()
    answer = body(reply)
    if reply.endpoint == contract_feb.TIMES:
        return contract_feb.read_times(answer, day=day_asked(reply))
    if reply.endpoint == contract_feb.DAYS:
        return contract_feb.read_days(answer, asked=_asked(reply))
    return contract_aug.read_calendar(answer, asked=_asked(reply))


def offices_asked(reply: Reply) -> frozenset[int]:
    """The offices the page put into its availability request."""
    written = reply.query.get(contract_feb.OFFICES) or reply.query.get(contract_aug.OFFICES) or ""
    try:
        return frozenset(int(office) for office in written.split(","))
    except ValueError:
        raise PortalChanged("The page asks for no offices we can read.", expected=contract_aug.OFFICES) from None


def read_appointment(reply: Reply) -> Appointment:
    heard = parse(_Process, body(reply), endpoint=reply.endpoint)
    scope = scope_of(heard.scope) if heard.scope else None
    slot = Slot.from_unix(heard.timestamp, office_id=heard.office_id)
    return Appointment(
        key=HoldKey(process_id=heard.process_id, auth_key=heard.auth_key),
        status=heard.status,
        office_id=heard.office_id,
        starts_at=slot.starts_at,
        display_number="" if heard.display_number is None else str(heard.display_number),
        office_name=heard.office_name or "",
        service_name=heard.service_name or "",
        reservation=scope.reservation if scope else None,
        activation=scope.activation if scope else None,
        calendar=heard.ics_content,
        family_name=heard.family_name or "",
    )


def day_asked(reply: Reply) -> date:
    """The day whose times the page asked for."""
    return _day_of(reply, "date" if reply.endpoint == contract_feb.TIMES else contract_aug.DAY)


def _asked(reply: Reply) -> Asked:
    day = day_asked(reply) if reply.endpoint == contract_aug.CALENDAR else None
    return Asked(first=_day_of(reply, "startDate"), last=_day_of(reply, "endDate"), day=day)


def _day_of(reply: Reply, name: str) -> date:
    try:
        return date.fromisoformat(reply.query.get(name, ""))
    except ValueError:
        raise PortalChanged("The page asks for no day we can read.", expected=name) from None


def read_held(reply: Reply) -> Appointment:
    """What a reservation took. Raises AnswerLost if the City took something and does not say so in a form we know."""
    try:
        return read_appointment(reply)
    except PortalChanged as error:
        if error_code(reply) is not None:
            raise
        raise AnswerLost("The City's answer to the reservation cannot be read: it may hold the slot.") from error


def read_scope(reply: Reply) -> OfficeScope | None:
    """The rules of the office an appointment is at, which come with the appointment."""
    heard = parse(_Process, body(reply), endpoint=reply.endpoint)
    return scope_of(heard.scope) if heard.scope else None


def read_cancelled(reply: Reply) -> str:
    """What is left after a cancellation; raises PortalChanged if that is a live appointment."""
    heard = parse(_Cancelled, body(reply), endpoint=reply.endpoint)
    if heard.status in LIVE:
        raise PortalChanged("The City answered the cancellation with a live appointment.", expected="status")
    return heard.status or "deleted"


def personal_words(reply: Reply) -> set[str]:
    """What an appointment's answer says of its person, word for word and whole."""
    answer = body(reply)
    values = [answer.get(name) for name in _PERSONAL]
    whole = [value for value in values if isinstance(value, str) and value]
    return {*whole, *(word for value in whole for word in value.split())}


def is_good(reply: Reply) -> bool:
    try:
        body(reply)
    except MtaError:
        return False
    return True


def read_captcha_enabled(reply: Reply) -> bool:
    return parse(_CaptchaDetails, body(reply), endpoint=reply.endpoint).captcha_enabled


def captcha_passed(reply: Reply) -> bool:
    """Whether the City took the box's proof and gave the page its token."""
    answer: dict[str, Any] = body(reply)
    meta, token = answer.get("meta"), answer.get("token")
    return isinstance(meta, dict) and meta.get("success") is True and isinstance(token, str) and bool(token)


def captcha_challenge_given(reply: Reply) -> bool:
    """False for the City's way to say that its captcha service is down: a good status and `meta.success` false."""
    meta = body(reply).get("meta")
    return not (isinstance(meta, dict) and meta.get("success") is False)
