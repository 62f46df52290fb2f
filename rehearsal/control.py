"""Our own routes under /rehearsal/: look at the city and move it. They cost no request budget."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from rehearsal.appointments import Appointment
from rehearsal.city import City
from rehearsal.client_address import is_range
from rehearsal.inbox import Inbox, mail_json
from rehearsal.mail import PostOffice
from rehearsal.moods import BadMood
from rehearsal.slots import Opening


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MoodOrder(_Order):
    """`moods` replaces all; `add` and `remove` adjust."""

    moods: list[str] | None = None
    add: list[str] = []
    remove: list[str] = []


class SlotOrder(_Order):
    office: int
    time: AwareDatetime | int
    minutes: int | None = Field(default=None, ge=5, le=420)


class SlotsOrder(_Order):
    add: list[SlotOrder] = []
    remove: list[SlotOrder] = []


class ClockOrder(_Order):
    advance: float | None = Field(default=None, ge=0)
    speed: float | None = Field(default=None, gt=0)


class ResetOrder(_Order):
    seed: int | None = None
    moods: list[str] | None = None


class BlacklistOrder(_Order):
    ranges: list[str]


class ScopeOrder(_Order):
    office: int
    changes: dict[str, Any]


def control_routes(city: City, inbox: Inbox, office: PostOffice) -> APIRouter:
    router = APIRouter(prefix="/rehearsal")
    control = Control(city, inbox, office)
    for path, read in (
        ("state", control.state),
        ("inbox", control.mails),
        ("appointments", control.appointments),
        ("requests", control.requests),
        ("slots", control.free_slots),
    ):
        router.add_api_route(f"/{path}", read, methods=["GET"])
    for path, order in (
        ("mood", control.mood),
        ("slots", control.slots),
        ("clock", control.clock),
        ("reset", control.reset),
        ("blacklist", control.blacklist),
        ("scope", control.scope),
    ):
        router.add_api_route(f"/{path}", order, methods=["POST"])
    return router


class Control:
    def __init__(self, city: City, inbox: Inbox, office: PostOffice) -> None:
        self._city = city
        self._inbox = inbox
        self._office = office

    async def state(self) -> dict[str, Any]:
        city, now = self._city, self._city.now()
        free = city.slots.free_now(now)
        return {
            "dialect": city.settings.dialect.value,
            "seed": city.seed,
            "clock": {"now": now.isoformat(), "speed": city.clock.speed},
            "moods": city.moods.specs(),
            "page_mood": city.moods.page(),
            "appointments": city.appointments.counts(),
            "free_slots": len(free),
            "snatched": city.market.snatched,
            "limiter": city.limiter.counts(now=now),
            "blacklist": city.blacklist,
            "requests": len(city.journal.entries()),
            "mails": len(self._inbox.mails()),
        }

    async def mails(
        self,
        to: str | None = None,
        count: Annotated[int, Query(ge=1)] = 1,
        wait: Annotated[float, Query(ge=0, le=60)] = 0,
    ) -> list[dict[str, Any]]:
        """`wait` is for how many real seconds to wait for `count` mails."""
        return [mail_json(mail) for mail in await self._inbox.await_mails(count, to=to, seconds=wait)]

    async def appointments(self) -> list[dict[str, Any]]:
        self._city.now()
        return [_appointment(appointment) for appointment in self._city.appointments]

    async def requests(self, endpoint: str | None = None) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self._city.journal.entries(endpoint=endpoint)]

    async def free_slots(
        self, office: Annotated[list[int] | None, Query()] = None, limit: int = 1000
    ) -> list[dict[str, Any]]:
        self._know(*(office or []))
        free = self._city.slots.free_now(self._city.now(), offices=office)
        return [asdict(opening) for opening in free[:limit]]

    async def mood(self, order: MoodOrder) -> dict[str, Any]:
        try:
            if order.moods is not None:
                self._city.set_moods(order.moods)
            if order.add or order.remove:
                self._city.change_moods(add=order.add, remove=order.remove)
        except BadMood as e:
            raise HTTPException(422, str(e)) from e
        self._city.now()
        return {"moods": self._city.moods.specs()}

    async def slots(self, order: SlotsOrder) -> dict[str, Any]:
        self._know(*(slot.office for slot in (*order.add, *order.remove)))
        supply = self._city.slots
        removed = [supply.remove(slot.office, _unix(slot.time)) for slot in order.remove]
        added = [supply.add(self._opening(slot)) for slot in order.add]
        return {"added": sum(added), "removed": sum(removed)}

    async def clock(self, order: ClockOrder) -> dict[str, Any]:
        if order.speed is not None:
            self._city.clock.run_at(order.speed)
        now = self._city.advance(timedelta(seconds=order.advance or 0))
        return {"now": now.isoformat(), "speed": self._city.clock.speed}

    async def reset(self, order: ResetOrder | None = None) -> dict[str, Any]:
        wish = order or ResetOrder()
        try:
            self._city.reset(seed=wish.seed, moods=wish.moods)
        except BadMood as e:
            raise HTTPException(422, str(e)) from e
        await self._office.drop()
        self._inbox.clear()
        return await self.state()

    async def blacklist(self, order: BlacklistOrder) -> dict[str, Any]:
        wrong = [entry for entry in order.ranges if not is_range(entry)]
        if wrong:
            raise HTTPException(422, f"neither an address nor a CIDR block: {', '.join(wrong)}")
        self._city.blacklist = list(order.ranges)
        return {"blacklist": self._city.blacklist}

    async def scope(self, order: ScopeOrder) -> dict[str, Any]:
        self._know(order.office)
        try:
            self._city.change_scope(order.office, order.changes)
        except ValidationError as e:
            raise HTTPException(422, str(e)) from e
        return self._city.catalog.offices[order.office].scope.model_dump()

    def _know(self, *offices: int) -> None:
        for office in offices:
            if office not in self._city.catalog.offices:
                raise HTTPException(422, f"there is no office {office}")

    def _opening(self, slot: SlotOrder) -> Opening:
        minutes = slot.minutes or self._city.slots.opening_minutes(slot.office)
        return Opening(slot.office, _unix(slot.time), minutes)


def _unix(moment: datetime | int) -> int:
    return moment if isinstance(moment, int) else int(moment.timestamp())


def _appointment(appointment: Appointment) -> dict[str, Any]:
    return {
        "processId": appointment.id,
        "status": appointment.status.value,
        "office": appointment.office_id,
        "services": [list(pair) for pair in appointment.services],
        "start": appointment.start,
        "time": datetime.fromtimestamp(appointment.start, UTC).isoformat(),
        "name": appointment.family_name,
        "email": appointment.email,
        "telephone": appointment.telephone,
        "text": appointment.text,
        "displayNumber": appointment.display_number,
        "history": [asdict(step) for step in appointment.history],
    }
