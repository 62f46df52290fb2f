"""The practice city of a bench: a process of its own that no round kills, and what it knows, asked past MTA.

Started as python -m bench.city SETTINGS, the settings being those of rehearsal.settings as JSON.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from console.journal import Journal
from console.practice import Bystander, address_in
from console.supervisor import Role
from core.errors import SiteUnreachable
from core.slots import Slot
from rehearsal.appointments import PLACEHOLDER_MAIL
from rehearsal.serving import run
from rehearsal.settings import CitySettings

STANDING: Final = frozenset({"preconfirmed", "confirmed"})
LIVE: Final = STANDING | {"reserved"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the City's API. `at` is when its answer was sent, `offered` how many times to book it listed."""

    at: datetime
    endpoint: str
    status: int | None
    client: str
    offered: int

    @property
    def good(self) -> bool:
        return self.status == httpx.codes.OK


@dataclass(frozen=True, slots=True)
class CityAppointment:
    """What the City itself has written down. `mail` is the placeholder's until the details were handed in."""

    process_id: int
    status: str
    slot: Slot
    mail: str
    reserved_at: datetime

    @property
    def anonymous(self) -> bool:
        return self.mail == PLACEHOLDER_MAIL


class Truth(Bystander):
    """The City's own books, by the practice city's control routes. Raises SiteUnreachable."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    async def appointments(self) -> list[CityAppointment]:
        return [_appointment(one) for one in await self._ask("/rehearsal/appointments")]

    async def free_slots(self, office_ids: Iterable[int]) -> list[Slot]:
        path = "/rehearsal/slots?" + "&".join(f"office={office_id}" for office_id in office_ids)
        return [Slot.from_unix(one["start"], office_id=one["office"]) for one in await self._ask(path)]

    async def asked(self) -> list[Asked]:
        """Every request so far, in the order of their answers."""
        return [_asked(one) for one in await self._ask("/rehearsal/requests")]

    async def snatched(self) -> int:
        """How many slots rivals have taken so far."""
        return int((await self._ask("/rehearsal/state"))["snatched"])

    async def release(self, slots: Sequence[Slot]) -> int:
        """Put these on offer, all in one moment; how many could be."""
        order = [{"office": slot.office_id, "time": slot.unix} for slot in slots]
        return int((await self._order("slots", add=order))["added"])

    async def add_mood(self, mood: str) -> None:
        await self._order("mood", add=[mood])

    async def advance(self, span: timedelta) -> None:
        """Move the City's clock on."""
        await self._order("clock", advance=span.total_seconds())

    async def _order(self, what: str, **order: Any) -> Any:
        try:
            async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
                return (await http.post(f"/rehearsal/{what}", json=order)).raise_for_status().json()
        except httpx.HTTPError as error:
            raise SiteUnreachable(f"The practice city took no order of {what} ({type(error).__name__}).") from None


def role(settings: CitySettings, logs: Path) -> Role:
    output = Journal(logs / "city.out")
    return Role(
        name="practice city",
        command=[sys.executable, "-m", "bench.city", settings.model_dump_json(exclude_defaults=True)],
        output=output,
        ready=lambda: bool(address_in(output)),
        starts_within=60.0,
    )


def _asked(told: dict[str, Any]) -> Asked:
    return Asked(
        at=datetime.fromisoformat(told["at"]),
        endpoint=str(told["endpoint"]),
        status=told["status"],
        client=str(told["client"]),
        offered=int(told["offered"]),
    )


def _appointment(told: dict[str, Any]) -> CityAppointment:
    return CityAppointment(
        process_id=int(told["processId"]),
        status=str(told["status"]),
        slot=Slot.from_unix(told["start"], office_id=told["office"]),
        mail=str(told["email"]),
        reserved_at=datetime.fromisoformat(told["history"][0]["at"]),
    )


if __name__ == "__main__":
    run(CitySettings.model_validate_json(sys.argv[1]))
