"""What the Bot API says to a request before it does anything, and what a request and an answer are made of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rehearsal.telegram.entities import Unparsable, parse, units

MOST_BUTTONS: Final = 100
MOST_DATA: Final = 64
MOST_TEXT: Final = 4096
MOST_CAPTION: Final = 1024
MOST_TOAST: Final = 200
_WORDS: Final = frozenset(
    {
        "text", "caption", "parse_mode", "title", "address", "callback_query_id", "url", "secret_token", "file_id",
        "name", "description", "short_description", "language_code",
    }
)  # fmt: skip
_FILES: Final = frozenset({"photo", "document"})


class Refusal(Exception):
    """An error of the API: its code, its words, and perhaps its parameters."""

    def __init__(self, description: str, *, code: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a request."""

    name: str
    content: bytes


class Judge(Protocol):
    """A reading of the Bot API: of what is asked, and of what is answered."""

    def asked(self, method: str, form: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that were given, as plain values; raises Refusal for what the API would not take."""

    def shown(self, kind: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """An object of the API, by the name of its type, as it is sent."""


class PlainJudge:
    """Knows lengths, texts and buttons, and believes the rest. The tests have a stricter one."""

    def asked(self, method: str, form: Mapping[str, Any]) -> dict[str, Any]:
        given = {field: decoded(value) if field not in _WORDS | _FILES else value for field, value in form.items()}
        check(method, given)
        return given

    def shown(self, _: str, value: Mapping[str, Any]) -> dict[str, Any]:
        return dict(value)


def decoded(value: Any) -> Any:
    """Forms carry everything but words as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def check(method: str, given: Mapping[str, Any]) -> None:
    """Lengths, texts and buttons; raises Refusal in the API's words."""
    _check_text(given, "text", MOST_TEXT if method != "answerCallbackQuery" else MOST_TOAST)
    _check_text(given, "caption", MOST_CAPTION)
    _check_markup(given.get("reply_markup"))


def read(given: Mapping[str, Any], field: str) -> tuple[str, list[dict[str, object]]]:
    """A text as it is read, with its entities."""
    text = str(given.get(field) or "")
    if given.get("parse_mode") is None:
        return text, list(given.get("entities" if field == "text" else "caption_entities") or [])
    if given["parse_mode"] != "HTML":
        raise Refusal("Bad Request: unsupported parse_mode")
    try:
        return parse(text)
    except Unparsable as error:
        raise Refusal(f"Bad Request: {error}") from error


def _check_text(given: Mapping[str, Any], field: str, most: int) -> None:
    if field not in given:
        return
    plain, _ = read(given, field)
    if field == "text" and most == MOST_TEXT and not plain.strip():
        raise Refusal("Bad Request: message text is empty")
    if units(plain) > most:
        raise Refusal("Bad Request: message is too long" if field == "text" else "Bad Request: caption is too long")


def _check_markup(markup: Mapping[str, Any] | None) -> None:
    rows = (markup or {}).get("inline_keyboard") or []
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise Refusal("Bad Request: BUTTONS_TOO_MUCH")
    for button in (one for row in rows for one in row):
        actions = [name for name in ("callback_data", "url", "web_app", "copy_text") if button.get(name)]
        if len(actions) != 1 or not str(button.get("text", "")).strip():
            raise Refusal("Bad Request: BUTTON_TYPE_INVALID")
        if not 1 <= len(str(button.get("callback_data") or "x").encode()) <= MOST_DATA:
            raise Refusal("Bad Request: BUTTON_DATA_INVALID")
