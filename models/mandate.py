"""A person's recorded consent."""

from datetime import datetime

from sqlmodel import Field

from models.row import Row


class Mandate(Row, table=True):
    """`what` is the text that was agreed to; without `until` it stands until it is revoked."""

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    what: str
    given_at: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None
