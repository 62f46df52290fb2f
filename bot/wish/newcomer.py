"""Somebody who is being entered, or whose details are being changed: kept in the step's view, field by field."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from bot.wish.form import StepName
from core.contact import LONGEST_TEXT, Contact, check_mail, check_name, check_phone
from core.errors import BadInput

_KEY = "newcomer"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_JOINERS = "\u200c\u200d"


class Field(StrEnum):
    """Of core.contact.Contact, in the order in which they are asked for. The values stand in buttons."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    MAIL = "mail"
    PHONE = "phone"
    REMARKS = "remarks"
    REMARKS2 = "remarks2"


ASKED = (Field.FIRST_NAME, Field.LAST_NAME, Field.MAIL, Field.PHONE)
OPTIONAL = frozenset({Field.PHONE, Field.REMARKS, Field.REMARKS2})


class Newcomer(BaseModel):
    """`asks` is what is typed next, none once all is there; `whole` once the summary was seen.

    `person_id` is whose details are changed, `demanded` what an office calls a field it wants, and `then` the step
    that waits for it. `alone` if this chat knows nobody else.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    first_name: str = ""
    last_name: str = ""
    mail: str = ""
    phone: str = ""
    remarks: str = ""
    remarks2: str = ""
    asks: Field | None = Field.FIRST_NAME
    whole: bool = False
    person_id: int | None = None
    demanded: dict[Field, str] = {}
    then: StepName | None = None
    alone: bool = False

    @classmethod
    def of(cls, contact: Contact, person_id: int) -> Self:
        return cls(**asdict(contact), asks=None, whole=True, person_id=person_id)

    @classmethod
    def seen(cls, view: Mapping[str, Any]) -> Self | None:
        return cls.model_validate(view[_KEY]) if _KEY in view else None

    @property
    def view(self) -> dict[str, Any]:
        return {_KEY: self.model_dump(mode="json")}

    @property
    def contact(self) -> Contact:
        return Contact(self.first_name, self.last_name, self.mail, self.phone, self.remarks, self.remarks2)

    @property
    def lines(self) -> tuple[Field, ...]:
        """What the summary shows: all that is asked of everybody, and what this person has or needs beside it."""
        return tuple(one for one in Field if one in ASKED or self[one] or one in self.demanded)

    @property
    def first_owed(self) -> Field | None:
        """What an office wants first of what is not there."""
        return next((one for one in self.demanded if not self[one]), None)

    @property
    def is_owed(self) -> bool:
        """Whether what is asked now is what an office wants, and not there yet."""
        return self.asks is not None and self.asks in self.demanded and not self[self.asks]

    def __getitem__(self, field: Field) -> str:
        return str(getattr(self, field))

    def asking(self, field: Field | None) -> Self:
        return self.model_copy(update={"asks": field})

    def answered(self, written: str) -> Self:
        """The asked field filled in, on to what follows; raises BadInput for what the City would not take."""
        if self.asks is None:
            return self
        return self._filled(self.asks, READ[self.asks](cleaned(written)))

    def skipped(self) -> Self:
        """Left empty, or emptied, where it may be."""
        return self._filled(self.asks, "") if self.asks in OPTIONAL else self

    def before(self) -> Self | None:
        """One question back; none before the first."""
        if self.asks is None:
            return None
        if self.whole:
            return self.asking(None)
        place = ASKED.index(self.asks)
        return self.asking(ASKED[place - 1]) if place else None

    def _filled(self, field: Field, value: str) -> Self:
        filled = self.model_copy(update={str(field): value})
        following = ASKED.index(field) + 1 if field in ASKED else len(ASKED)
        if not self.whole and following < len(ASKED):
            return filled.asking(ASKED[following])
        return filled.model_copy(update={"asks": filled.first_owed, "whole": True})


def cleaned(written: str) -> str:
    """Without what nobody sees and what could turn the line around."""
    return "".join(map(_seen, written)).strip()


def _seen(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _UNSEEN:
        return character
    return " " if character.isspace() else ""


def _mail(written: str) -> str:
    address = written.removeprefix("mailto:")
    check_mail(address)
    return address


def _phone(written: str) -> str:
    number = re.sub(r"[\s/()\-–.]", "", written)
    check_phone(number)
    return number


def _text(written: str) -> str:
    if len(written) > LONGEST_TEXT:
        raise BadInput(
            f"The City takes {LONGEST_TEXT} characters at most.", field="remarks", code="long", most=LONGEST_TEXT
        )
    if not written:
        raise BadInput("Nothing was written.", field="remarks", code="missing")
    return written


READ: Mapping[Field, Callable[[str], str]] = {
    Field.FIRST_NAME: lambda written: check_name(written, field="first name"),
    Field.LAST_NAME: lambda written: check_name(written, field="last name"),
    Field.MAIL: _mail,
    Field.PHONE: _phone,
    Field.REMARKS: _text,
    Field.REMARKS2: _text,
}
