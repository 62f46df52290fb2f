"""A service that the operator lets nobody look for at present."""

from datetime import datetime

from sqlmodel import Field

from models.row import Row


class Halt(Row, table=True):
    service_id: int = Field(primary_key=True)
    since: datetime
