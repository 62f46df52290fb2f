"""What the flight recorder must not hold, whoever hands it over."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

HIDDEN = "…"
_PERSONAL = frozenset(
    {"first_name", "last_name", "family_name", "familyname", "mail", "email", "phone", "telephone", "remarks"}
    | {"remarks2", "customtextfield", "customtextfield2", "contact", "auth_key", "authkey", "key", "token"}
    | {"captcha_token", "captchatoken", "password", "link"}
)
_MAIL = r"[^\s@<>\"']+@[^\s@<>\"']+\.\w+"
_LONG_KEY = r"\b[0-9a-fA-F]{32,}\b"
_TOKEN = r"\beyJ[\w-]{6,}[\w.-]*"  # base64 of JSON: captcha tokens, and the ids in the City's mailed links  # noqa: S105
_SECRET = re.compile(f"{_MAIL}|{_LONG_KEY}|{_TOKEN}")


def redacted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as plain JSON values, personal ones hidden by their name, others where they look like a secret."""
    return {name: HIDDEN if name.lower() in _PERSONAL else _plain(value) for name, value in fields.items()}


def redacted_text(text: str) -> str:
    return _SECRET.sub(HIDDEN, text)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return redacted({str(name): one for name, one in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, date):  # which every datetime is
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else redacted_text(str(value))
