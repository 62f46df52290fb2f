"""What the Bot API would say to a request, by aiogram's models: another reading of it than the bot's library's."""

import json
from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from aiogram import methods, types
from aiogram.methods import TelegramMethod
from pydantic import BaseModel, ValidationError

from tests.telegram.entities import Unparsable, parse, units

MOST_BUTTONS, MOST_DATA, MOST_TEXT, MOST_CAPTION, MOST_TOAST = 100, 64, 4096, 1024, 200


class Refusal(Exception):
    """An error of the API: its code, its words, and perhaps its parameters."""

    def __init__(self, description: str, *, code: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def method_of(name: str) -> type[TelegramMethod[Any]]:
    found = getattr(methods, name[:1].upper() + name[1:], None)
    if found is None or name != found.__api_method__:
        raise Refusal(f"Not Found: method {name}", code=404)
    return found  # type: ignore[no-any-return]  # looked up by its name


def checked(name: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were given, as plain values; raises Refusal as the API would, and for what it would not know."""
    model = method_of(name)
    if unknown := form.keys() - model.model_fields.keys():
        raise Refusal(f"Bad Request: {name} has no field {', '.join(sorted(unknown))}")
    given = {field: _decoded(model, field, value) for field, value in form.items()}
    try:
        model.model_validate(given)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Refusal(f"Bad Request: {name}: {wrong}") from error
    _check_text(given, "text", MOST_TEXT if name != "answerCallbackQuery" else MOST_TOAST)
    _check_text(given, "caption", MOST_CAPTION)
    _check_markup(given.get("reply_markup"))
    return given


def written(kind: type[BaseModel], value: Mapping[str, Any]) -> dict[str, Any]:
    """An object of the API as it is sent: only if aiogram's model of it takes it."""
    made = kind.model_validate(value)
    if stray := _stray(made):
        raise AssertionError(f"{kind.__name__} has no {stray}")
    return dict(json.loads(made.model_dump_json(exclude_unset=True, by_alias=True)))


def update(value: Mapping[str, Any]) -> dict[str, Any]:
    return written(types.Update, value)


def message(value: Mapping[str, Any]) -> dict[str, Any]:
    return written(types.Message, value)


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


def _decoded(model: type[BaseModel], field: str, value: Any) -> Any:
    if not isinstance(value, str) or _is_text(model.model_fields[field].annotation):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _is_text(annotation: Any) -> bool:
    parts = set(_parts(annotation))
    return str in parts and int not in parts and not any(_is_nested(one) for one in parts)


def _parts(annotation: Any) -> list[Any]:
    """The alternatives of a union; anything else is its own only part."""
    if get_origin(annotation) not in (Union, UnionType):
        return [annotation]
    return [part for one in get_args(annotation) for part in _parts(one)]


def _is_nested(part: Any) -> bool:
    return get_origin(part) is not None or (isinstance(part, type) and issubclass(part, BaseModel))


def _stray(made: BaseModel) -> str:
    """A field that the model does not know, at any depth."""
    if made.model_extra:
        return next(iter(made.model_extra))
    for name in made.model_fields_set:
        value = getattr(made, name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, BaseModel) and (stray := _stray(one)):
                return f"{name}.{stray}"
    return ""


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
