"""Reading what clients send, as forgiving and as strict as the City is."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from fastapi import Request

from rehearsal.appointments import Contact
from rehearsal.catalog import Scope
from rehearsal.errors import CityError, Crash
from rehearsal.settings import Dialect

_MAIL = re.compile(r"(?!.*\.\.)(?!\.)(?!.*\.$)[^\s@+]+(?<!\.)@(?!\.)[^\s@+]+\.[^\s@]{2,}")
_PHONE = re.compile(r"\+?[0-9]\d{6,14}")
_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d+)?")
_COUNT = re.compile(r"\d+")
_HEX_KEYS = re.compile(r"[0-9a-fA-F]{4}|[0-9a-fA-F]{64}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MAX_COUNT = 25
_MAX_TEXT = 250
_LONGEST_STRING = 32 * 1024
_DEEPEST = 10


async def read_body(request: Request) -> dict[str, Any]:
    """Raises `invalidRequest` for anything but a JSON object; too long or too deep is a crash."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise CityError("invalidRequest") from None
    if not isinstance(body, dict):
        raise CityError("invalidRequest")
    cleaned: dict[str, Any] = clean(body)
    return cleaned


def clean(value: Any, *, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise Crash
    if isinstance(value, str):
        if len(value.encode()) > _LONGEST_STRING:
            raise Crash
        return _CONTROL.sub("", value).strip()
    if isinstance(value, dict):
        return {key: clean(entry, depth=depth + 1) for key, entry in value.items()}
    if isinstance(value, list):
        return [clean(entry, depth=depth + 1) for entry in value]
    return value


def numeric(value: object) -> bool:
    """What PHP's is_numeric takes: numbers, and strings that are one."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and bool(_NUMBER.fullmatch(value)))


def whole(value: object) -> int | None:
    return int(float(str(value))) if numeric(value) else None


def csv(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(",")] if text is not None else []


def counts_ok(counts: Sequence[object], dialect: Dialect) -> bool:
    """1 to 25 since 2026-07; before, any number from 0."""
    least, most = (1, _MAX_COUNT) if dialect is Dialect.AUG else (0, None)
    return bool(counts) and all(_count_ok(count, least=least, most=most) for count in counts)


def read_day(text: str | None) -> date | None:
    try:
        day = datetime.strptime(text or "", "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def wanted(ids: Sequence[object], counts: Sequence[object]) -> tuple[tuple[int, int], ...]:
    """(service, count) pairs in order; a missing count is one, a repeated service adds up."""
    merged: dict[int, int] = {}
    for place, service in enumerate(ids):
        count = whole(counts[place]) if place < len(counts) else 1
        merged[whole(service) or 0] = merged.get(whole(service) or 0, 0) + (count or 0)
    return tuple(merged.items())


def key_pair(given: Mapping[str, Any], dialect: Dialect) -> tuple[int, str]:
    """Give processId and authKey, or raise the City's complaint about either."""
    number = whole(given.get("processId"))
    key = given.get("authKey")
    codes = []
    if number is None or number < 1:
        codes.append("invalidProcessId")
    if not isinstance(key, str) or not _key_ok(key.strip(), dialect):
        codes.append("invalidAuthKey")
    if codes or number is None:
        raise CityError(*codes)
    return number, str(key).strip()


def read_contact(body: Mapping[str, Any], *, scope: Scope, dialect: Dialect) -> Contact:
    contact = Contact(
        family_name=_string(body, "familyName"),
        email=_string(body, "email"),
        telephone=_string(body, "telephone"),
        text=_string(body, "customTextfield"),
        text2=_string(body, "customTextfield2"),
    )
    codes = _contact_faults(contact, scope=scope, dialect=dialect)
    if codes:
        raise CityError(*codes)
    return contact


def _contact_faults(contact: Contact, *, scope: Scope, dialect: Dialect) -> list[str]:
    codes = []
    if not (contact.family_name or "").strip():
        codes.append("invalidFamilyName")
    if scope.email_required and not _MAIL.fullmatch(contact.email or ""):
        codes.append("invalidEmail")
    if scope.telephone != "none" and not _phone_ok(contact.telephone, needed=scope.telephone == "required"):
        codes.append("invalidTelephone")
    second = "invalidCustomTextfield2" if dialect is Dialect.AUG else "invalidCustomTextfield"
    fields = ((scope.text, contact.text, "invalidCustomTextfield"), (scope.text2, contact.text2, second))
    for field, text, code in fields:
        if field and field.use in {"optional", "required"}:
            codes += [] if _text_ok(text, needed=field.use == "required", dialect=dialect) else [code]
    return codes


def _phone_ok(phone: str | None, *, needed: bool) -> bool:
    """A required number that is absent, rather than empty, passes: the City's check lets null through."""
    if phone is None:
        return True
    if phone == "":
        return not needed
    return _PHONE.fullmatch(phone) is not None


def _text_ok(text: str | None, *, needed: bool, dialect: Dialect) -> bool:
    if dialect is Dialect.FEB:
        return text is None or bool(text.strip()) or (text == "" and not needed)
    if needed and not (text or "").strip():
        return False
    return len(text or "") <= _MAX_TEXT


def _count_ok(count: object, *, least: int, most: int | None) -> bool:
    if isinstance(count, bool) or not _COUNT.fullmatch(str(count)):
        return False
    return int(str(count)) >= least and (most is None or int(str(count)) <= most)


def _key_ok(key: str, dialect: Dialect) -> bool:
    if dialect is Dialect.FEB:
        return bool(key)
    return _HEX_KEYS.fullmatch(key) is not None


def _string(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) else None
