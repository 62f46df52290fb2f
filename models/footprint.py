"""What was asked of the City on a lane in an hour, by what it was for."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from core.footprint import Purpose
from models.columns import word
from models.row import Row


class Footprint(Row, table=True):
    """`hour` is its beginning in UTC; `received` the bytes of the answers' bodies, unpacked.

    `cpu_ms` are milliseconds of processor time; it is known of purpose `work` alone.
    """

    hour: datetime = Field(primary_key=True)
    lane: str = Field(primary_key=True)
    purpose: Purpose = Field(primary_key=True, sa_type=word(Purpose))
    requests: int = 0
    received: int = Field(default=0, sa_type=BigInteger)
    cpu_ms: int = Field(default=0, sa_type=BigInteger)
