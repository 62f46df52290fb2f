"""What many a script does, for comparison: asks the API once a minute and books whatever is free, one after another.

It has no page, no preferences and no person's pace, and its appointments go to the next in its list. Only a target
without the captcha box can be had in this way.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import httpx

from core.slots import BERLIN, Slot, utc_now
from core.targets import Target

API: Final = "/buergeransicht/api/citizen"
MAIL: Final = "poller"  # what its people's addresses begin with
ADDRESS: Final = "198.51.100.60"  # another client of the City's than MTA
EVERY: Final = 60.0  # seconds
HORIZON: Final = timedelta(days=180)  # as the City's page asks
TIMEOUT: Final = 10.0


class Poller:
    def __init__(self, url: str, target: Target, dialect: str, *, people: int) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, timeout=TIMEOUT, trust_env=False, headers={"X-Forwarded-For": ADDRESS}
        )
        self._dialect = dialect
        self._target = target
        self._left = [f"{MAIL}{number}@example.org" for number in range(people)]

    async def run(self, *, first_in: float) -> None:
        """For ever, or until all its people are served; the first time after so many seconds."""
        async with self._http:
            await asyncio.sleep(first_in)
            while self._left:
                began = asyncio.get_running_loop().time()
                await self._once()
                await asyncio.sleep(max(0.0, began + EVERY - asyncio.get_running_loop().time()))

    async def _once(self) -> None:
        """A refusal, such as for too many requests, ends this minute's try."""
        try:
            async for slot in self._free():
                if self._left and await self._book(slot, self._left[0]):
                    self._left.pop(0)
        except httpx.HTTPError:
            return

    async def _free(self) -> AsyncIterator[Slot]:
        for day in await self._days():
            for slot in await self._times(day):
                yield slot

    async def _book(self, slot: Slot, mail: str) -> bool:
        """False when somebody else has it."""
        held = await self._post(
            "reserve-appointment",
            timestamp=slot.unix,
            officeId=slot.office_id,
            serviceId=[str(one.service_id) for one in self._target.services],
            serviceCount=[one.count for one in self._target.services],
        )
        if held is None:
            return False
        key = {"processId": held["processId"], "authKey": held["authKey"]}
        filled = await self._post("update-appointment", **key, familyName="Probe Probst", email=mail)
        return filled is not None and await self._post("preconfirm-appointment", **key) is not None

    async def _days(self) -> Sequence[date]:
        if self._dialect == "feb":
            told = await self._get("available-days-by-office", **self._span(), **self._what("officeId", "serviceId"))
            return [date.fromisoformat(one["time"]) for one in told.get("availableDays", [])]
        return [date.fromisoformat(one["date"]) for one in await self._month()]

    async def _times(self, day: date) -> Sequence[Slot]:
        if self._dialect == "feb":
            what = self._what("officeId", "serviceId")
            told = await self._get("available-appointments-by-office", date=day.isoformat(), **what)
            offices = told.get("offices", [])
        else:
            shown = {"slotsStartDate": day.isoformat(), "slotsEndDate": day.isoformat()}
            offices = [office for one in await self._month(**shown) for office in one["offices"]]
        return [Slot.from_unix(time, office_id=int(one["officeId"])) for one in offices for time in one["appointments"]]

    async def _month(self, **shown: str) -> list[dict[str, Any]]:
        told = await self._get("available-calendar", **self._span(), **self._what("officeIds", "serviceIds"), **shown)
        days: list[dict[str, Any]] = told["availableDays"]
        return days

    def _span(self) -> dict[str, str]:
        today = utc_now().astimezone(BERLIN).date()
        return {"startDate": today.isoformat(), "endDate": (today + HORIZON).isoformat()}

    def _what(self, offices: str, services: str) -> dict[str, str]:
        return {
            offices: ",".join(map(str, sorted(self._target.office_ids))),
            services: ",".join(str(one.service_id) for one in self._target.services),
            services.replace("Ids", "Counts").replace("Id", "Count"): ",".join(
                str(one.count) for one in self._target.services
            ),
        }

    async def _get(self, endpoint: str, **query: str) -> dict[str, Any]:
        """February says with a 404 that nothing is free."""
        answer = await self._http.get(f"{API}/{endpoint}/", params=query)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return {}
        told: dict[str, Any] = answer.raise_for_status().json()
        return told

    async def _post(self, endpoint: str, **body: Any) -> dict[str, Any] | None:
        """None when the City refuses this very slot."""
        answer = await self._http.post(f"{API}/{endpoint}/", json=body)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            answer.raise_for_status()
        if answer.is_error:
            return None
        told: dict[str, Any] = answer.json()
        return told
