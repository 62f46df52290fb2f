"""The practice city as the demo needs it: started as a child, its mail read, its API asked as a bystander would."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from console.journal import Journal
from console.supervisor import Role
from core.bookings import HoldKey
from core.errors import SiteUnreachable

API: Final = "/buergeransicht/api/citizen"
ACTIVATION_LINK: Final = "Termin bestätigen"
TIMEOUT: Final = 10.0
ELSEWHERE: Final = "198.51.100.7"  # the City counts requests per address: watching must not use up the worker's budget


@dataclass(frozen=True, slots=True)
class Practice:
    """`moods` as the practice city writes them."""

    dialect: str
    moods: tuple[str, ...]
    frontend: Path | None
    seed: int

    def role(self, folder: Path) -> Role:
        output = Journal(folder / "logs" / "city.out")
        options = ["--dialect", self.dialect, "--port", "0", "--seed", str(self.seed), "--inbox", str(folder / "inbox")]
        options += [word for mood in self.moods for word in ("--mood", mood)]
        options += ["--frontend", str(self.frontend)] if self.frontend else []
        return Role(
            name="practice city",
            command=[sys.executable, "-m", "console", "rehearsal", "serve", *options],
            output=output,
            ready=lambda: bool(address_in(output)),
            starts_within=30.0,
        )


def address_in(output: Journal) -> str:
    """Where the city serves, from the line it prints when it is ready; empty until then."""
    ready = [fact for fact in output.facts() if fact.get("event") == "rehearsal.ready"]
    return str(ready[-1]["url"]) if ready else ""


class Bystander:
    """Asks the practice city over HTTP, past MTA. Raises SiteUnreachable."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, timeout=TIMEOUT, trust_env=False, headers={"X-Forwarded-For": ELSEWHERE}
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def activation_link(self, mail: str) -> str | None:
        """The newest activation link mailed to this address, if one has arrived."""
        mails = await self._ask("/rehearsal/inbox", to=mail)
        found = [link["url"] for one in mails for link in one["links"] if link["title"] == ACTIVATION_LINK]
        return str(found[-1]) if found else None

    async def status(self, key: HoldKey) -> str:
        """The City's own word for the appointment, by the API its page uses."""
        try:
            answer = await self._ask(f"{API}/appointment/", processId=key.process_id, authKey=key.auth_key)
        except SiteUnreachable:
            return "unknown"
        return str(answer.get("status", "unknown"))

    async def requests(self) -> int:
        return int((await self._ask("/rehearsal/state"))["requests"])

    async def _ask(self, path: str, **query: str | int) -> Any:
        try:
            answer = await self._http.get(path, params=query)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            raise SiteUnreachable(f"The practice city did not answer {path} ({type(error).__name__}).") from None
