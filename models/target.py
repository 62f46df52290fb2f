"""What must be looked at, when, and how the last looks went."""

from datetime import datetime

from sqlmodel import Field

from core.looks import Sight
from core.releases import Learnt
from core.services import ServiceCount
from core.targets import Target as Wanted
from models.columns import NUMBERS, SERVICES, model
from models.row import Row


class Target(Row, table=True):
    """`office_ids` is the union its open watches accept, none meaning any.

    `next_look_at` is None while no open watch waits for it. `blind_since` is the start of the first look in a row
    whose answer said nothing about appointments, `blind_count` how many there were. `last_sight` is what the last
    look could see that saw anything, `learnt` when slots are expected to appear. While `halted` nobody
    looks: the operator wants none for one of its services (models.halts).
    """

    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    services_key: str = Field(index=True)
    captcha: bool = False
    services: tuple[ServiceCount, ...] = Field(sa_type=SERVICES)
    office_ids: tuple[int, ...] = Field(default=(), sa_type=NUMBERS)
    next_look_at: datetime | None = Field(default=None, index=True)
    lease_until: datetime | None = None
    leased_by: str = ""
    last_look_at: datetime | None = None
    last_good_at: datetime | None = None
    blind_since: datetime | None = None
    blind_count: int = 0
    last_sight: Sight | None = Field(default=None, sa_type=model(Sight))
    learnt: Learnt | None = Field(default=None, sa_type=model(Learnt))
    halted: bool = False

    @property
    def core(self) -> Wanted:
        return Wanted(services=self.services, office_ids=frozenset(self.office_ids))
