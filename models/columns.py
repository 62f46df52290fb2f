"""Column types that the databases do not have of themselves. Times are SQLModel's own: aware UTC everywhere."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import JSON, Enum
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator

from core import services
from core.services import ServiceCount

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class Json(TypeDecorator[T]):
    """A value kept as JSON: `dump` makes it plain, `load` makes it what it was."""

    impl = JSON
    cache_ok = True

    def __init__(self, dump: Callable[[T], Any], load: Callable[[Any], T]) -> None:
        super().__init__(none_as_null=True)
        self.dump = dump
        self.load = load

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else self.dump(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:  # noqa: ARG002  # as above
        return None if value is None else self.load(value)


def _dump_services(value: Iterable[ServiceCount]) -> list[str]:
    return [str(one) for one in value]


SERVICES: Json[tuple[ServiceCount, ...]] = Json(_dump_services, services.parse_all)
NUMBERS: Json[tuple[int, ...]] = Json(list, tuple)
TEXTS: Json[tuple[str, ...]] = Json(list, tuple)


def _dump_model(value: BaseModel) -> Any:
    return value.model_dump(mode="json")


def model(of: type[M]) -> Json[M]:
    return Json(_dump_model, of.model_validate)


def word(of: type[StrEnum]) -> Enum:
    """One of a fixed set of words, kept as text under a CHECK."""
    return Enum(
        of,
        name=_snake(of.__name__),
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda words: [str(one) for one in words],
    )


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
