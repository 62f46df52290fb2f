"""What the Bot API would say to a request, by aiogram's models: another reading of it than the bot's library's."""

import json
from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from aiogram import methods, types
from aiogram.methods import TelegramMethod
from pydantic import BaseModel, ValidationError

from rehearsal.telegram.judging import Refusal, Upload, check, decoded


class Oracle:
    """The strict judge: refuses what the API would not know, and lets the server answer nothing that it would not."""

    def asked(self, method: str, form: Mapping[str, Any]) -> dict[str, Any]:
        model = method_of(method)
        if unknown := form.keys() - model.model_fields.keys():
            raise Refusal(f"Bad Request: {method} has no field {', '.join(sorted(unknown))}")
        given = {field: _decoded(model, field, value) for field, value in form.items()}
        try:
            model.model_validate({field: _as_aiogram_has_it(value) for field, value in given.items()})
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise Refusal(f"Bad Request: {method}: {wrong}") from error
        check(method, given)
        return given

    def shown(self, kind: str, value: Mapping[str, Any]) -> dict[str, Any]:
        made = getattr(types, kind).model_validate(value)
        if stray := _stray(made):
            raise AssertionError(f"{kind} has no {stray}")
        return dict(json.loads(made.model_dump_json(exclude_unset=True, by_alias=True)))


def method_of(name: str) -> type[TelegramMethod[Any]]:
    found = getattr(methods, name[:1].upper() + name[1:], None)
    if found is None or name != found.__api_method__:
        raise Refusal(f"Not Found: method {name}", code=404)
    return found  # type: ignore[no-any-return]  # looked up by its name


def _as_aiogram_has_it(value: Any) -> Any:
    return types.BufferedInputFile(value.content, value.name) if isinstance(value, Upload) else value


def _decoded(model: type[BaseModel], field: str, value: Any) -> Any:
    return value if _is_text(model.model_fields[field].annotation) else decoded(value)


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
