"""Somebody with a phone and a mailbox, who knows nothing of what runs behind the chat."""

import itertools
from dataclasses import dataclass
from typing import Any

import pytest

from portal import links
from rehearsal.telegram.client import Shown, Toast, User
from tests.conversations import cast
from tests.conversations.machine import CODE, PATIENCE, Machine

_NUMBERS = itertools.count(1)
WELCOME = {"de": ("Weiter", "Ja, einverstanden", "Alles bereit"), "en": ("Continue", "Yes, I agree", "All set")}


@dataclass
class Person:
    machine: Machine
    user: User
    language: str
    first: str
    last: str

    @property
    def mail(self) -> str:
        return f"{self.first}.{self.last}@example.org".lower()

    @property
    def heard(self) -> int:
        return cast.heard(self.user)

    async def says(self, text: str) -> None:
        """Types it, and waits until the bot has answered in some way."""
        before = self.heard
        await self.user.send(text)
        await self.answered(before)

    async def forwards(self, text: str) -> None:
        before = self.heard
        await self.user.forward(text)
        await self.answered(before)

    async def answered(self, before: int) -> None:
        if not await self.user.store.until(lambda: self.heard > before, within=PATIENCE):
            pytest.fail(f"the bot did not answer; it shows:\n{self.user}")

    async def taps(self, *labels: str) -> Toast:
        """One after the other, each by its words; what the bot answered to the last."""
        toast = Toast("", alert=False)
        for label in labels:
            toast = await self.user.click(label, within=PATIENCE)
        return toast

    async def sees(self, *texts: str) -> Shown:
        """The newest message with one of these, once there is one."""

        def found() -> Shown | None:
            shown = [one for one in reversed(self.user.screen()) if one.by_bot]
            return next((one for one in shown if any(text in one.text for text in texts)), None)

        if not await self.user.store.until(found, within=PATIENCE):
            pytest.fail(f"“{' / '.join(texts)}” was not seen; the chat shows:\n{self.user}")
        return found() or pytest.fail("it was seen, and is gone")

    async def rests(self) -> None:
        """Until the bot has told Telegram that it is done with all it was sent."""
        await self.user.settled(within=PATIENCE)

    async def gets(self, name: str) -> bytes:
        """A file that comes into the chat, once it has."""

        def found() -> list[bytes]:
            return [one.content for one in self.user.screen() if one.by_bot and one.file_name == name]

        if not await self.user.store.until(found, within=PATIENCE):
            pytest.fail(f"there came no {name}; the chat shows:\n{self.user}")
        return found()[-1]

    def data(self, label: str) -> str:
        """What the newest button with this label carries, to be tapped when it is gone."""
        found = self.user._button(label)
        assert found is not None, str(self.user)
        return str(found[1]["callback_data"])

    async def is_welcomed(self) -> None:
        """First contact, to the end of the consent."""
        go_on, agree, ready = WELCOME[self.language]
        await self.says(f"/start {CODE}")
        await self.taps(go_on, agree)
        await self.sees(ready)

    async def letter(self) -> dict[str, Any]:
        """The City's activation mail, once it has come."""
        for count in itertools.count(1):
            mails = await self.machine.city.look("inbox", to=self.mail, count=str(count), wait="30")
            found = [one for one in mails if any("bestätigen" in link["title"] for link in one["links"])]
            if found:
                return dict(found[-1])
            if count > len(mails):
                pytest.fail("no mail with a link came")
        raise AssertionError

    async def link(self) -> str:
        mail = await self.letter()
        return next(str(link["url"]) for link in mail["links"] if "bestätigen" in link["title"])

    async def opens_the_link(self) -> None:
        """On some other device: as the City's page does it, past MTA."""
        key = links.parse_confirm_link(await self.link(), self.machine.city.url)
        answer = await self.machine.city.post("confirm-appointment", processId=key.process_id, authKey=key.auth_key)
        assert answer.is_success, answer.text

    async def at_the_city(self) -> list[str]:
        """The City's own word for each appointment in their name, oldest first."""
        every = await self.machine.city.look("appointments")
        return [str(one["status"]) for one in every if one["email"] == self.mail]


def somebody(machine: Machine, language: str = "de") -> Person:
    number = next(_NUMBERS) * 2
    user = machine.telegram.user("Somebody", language_code=language)
    return Person(machine, user, language, cast.name(number), cast.name(number + 1))
