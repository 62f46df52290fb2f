"""One way out to the internet and whether it may be used."""

from datetime import datetime

from sqlmodel import Field

from models.row import Row


class Lane(Row, table=True):
    """`proxy` is a label without its password. Nothing is sent while `paused` or before `breaker_until`."""

    name: str = Field(primary_key=True)
    proxy: str = ""
    paused: bool = False
    breaker_until: datetime | None = None
    reason: str = ""
