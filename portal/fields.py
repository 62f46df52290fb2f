"""Field types of the City's answers: stricter than Python's own where a wrong value would look right."""

import re
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from core.errors import PortalChanged

LAST_SECOND = 4_102_444_800  # the year 2100
LARGEST_ID = 2**53
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MINUTES_PER_YEAR = 525_600

M = TypeVar("M", bound="Answer")


class Answer(BaseModel):
    """Fields we do not read may come and go; those we read must be there, even where null is a value."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("not a whole number")  # noqa: TRY004 - pydantic turns a ValueError, not a TypeError, into its own
    return value


def _iso_day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("not a day")
    return value


def _ids(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


def _number(value: Any) -> Any:
    """The City writes counts as text here and there, and an empty text for none."""
    return None if value in (None, "") else _whole(value)


Id = Annotated[int, BeforeValidator(_whole), Field(gt=0, lt=LARGEST_ID)]
Seconds = Annotated[int, BeforeValidator(_whole), Field(gt=0, lt=LAST_SECOND)]
Day = Annotated[date, BeforeValidator(_iso_day)]
IdList = Annotated[frozenset[Id], BeforeValidator(_ids), Field(min_length=1)]
Count = Annotated[Annotated[int, Field(ge=0, le=LARGEST_ID)] | None, BeforeValidator(_number)]
Minutes = Annotated[float, Field(ge=0, le=_MINUTES_PER_YEAR, allow_inf_nan=False)] | None
Text = Annotated[str | None, Field(strict=True)]
Flag = Annotated[bool | None, Field(strict=True)]


def minutes(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(minutes=value)


def parse(model: type[M], answer: Any, *, endpoint: str) -> M:
    """The answer as a model; raises PortalChanged that names the first field which is not as known."""
    try:
        return model.model_validate(answer)
    except ValidationError as error:
        raise changed(endpoint, error) from None


def changed(endpoint: str, error: ValidationError) -> PortalChanged:
    place = ".".join(str(part) for part in error.errors(include_input=False, include_url=False)[0]["loc"])
    return PortalChanged(f"The City's answer to {endpoint} is not as known at {place}.", expected=place)
