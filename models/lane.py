"""One way out to the internet and whether it may be used."""

from datetime import datetime

from sqlmodel import Field

from core.breaker import Breaker
from core.looks import Answer
from models.row import Row


class Lane(Row, table=True):
    """`proxy` is a label without its password. Nothing is sent while `paused` or before `breaker_until`.

    `trouble` is the answer that closed it `trouble_count` times in a row, last at `tripped_at`. After `breaker_until`
    one target probes, until `probe_until` at the longest.
    """

    name: str = Field(primary_key=True)
    proxy: str = ""
    paused: bool = False
    breaker_until: datetime | None = None
    reason: str = ""
    trouble: str | None = None
    trouble_count: int = 0
    tripped_at: datetime | None = None
    probe_target_id: int | None = None
    probe_until: datetime | None = None

    @property
    def breaker(self) -> Breaker:
        answer = Answer(self.trouble) if self.trouble else None
        return Breaker(answer, times=self.trouble_count, tripped_at=self.tripped_at, until=self.breaker_until)
