"""Who an appointment is for. The contact is sealed; what is left in the open says nothing of the person."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from models.columns import word
from models.row import Row


class Language(StrEnum):
    DE = "de"
    EN = "en"


class Person(Row, table=True):
    """`sealed_contact` is None once the person was erased, and so is `mark`, by which they are known again."""

    id: int = Field(default=None, primary_key=True)
    sealed_contact: str | None = Field(default=None, repr=False)
    mark: str | None = Field(default=None, repr=False, unique=True)
    language: Language = Field(default=Language.DE, sa_type=word(Language))
    created_at: datetime
    erased_at: datetime | None = None
