"""Where the city's mails arrive: in memory for reading over HTTP, and as .eml files in a folder."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Received:
    number: int
    to: tuple[str, ...]
    arrived: datetime
    raw: bytes

    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


class Inbox:
    """`folder` None keeps mails in memory only.

    File names are numbers, addresses stay inside the mail; a folder that has mails already is counted on from.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._mails: list[Received] = []
        self._news = asyncio.Event()
        self._last = _highest(folder) if folder is not None else 0

    def receive(self, raw: bytes, *, to: tuple[str, ...]) -> None:
        self._last += 1
        self._mails.append(Received(number=self._last, to=to, arrived=datetime.now(UTC), raw=raw))
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{self._last:06d}.eml").write_bytes(raw)
        self._news.set()

    def mails(self, *, to: str | None = None) -> list[Received]:
        wanted = None if to is None else to.casefold()
        return [m for m in self._mails if wanted is None or wanted in {t.casefold() for t in m.to}]

    async def await_mails(self, count: int, *, to: str | None = None, seconds: float) -> list[Received]:
        """Return once so many are there, or what there is when the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self.mails(to=to)) < count:
                    self._news.clear()
                    await self._news.wait()
        return self.mails(to=to)

    def clear(self) -> None:
        """Forgets; files stay."""
        self._mails.clear()


def _highest(folder: Path) -> int:
    return max((int(mail.stem) for mail in folder.glob("*.eml") if mail.stem.isdigit()), default=0)


def mail_json(mail: Received) -> dict[str, Any]:
    message = mail.message()
    text, html = _body(message, "plain"), _body(message, "html")
    return {
        "id": mail.number,
        "to": list(mail.to),
        "from": str(message["From"]),
        "subject": str(message["Subject"]),
        "date": mail.arrived.isoformat(),
        "text": text,
        "links": [link.model() for link in _links(html)] or [{"title": "", "url": u} for u in _LINK.findall(text)],
        "attachments": [part.get_filename() for part in message.iter_attachments()],
    }


@dataclass
class _Anchor:
    url: str
    title: str = ""

    def model(self) -> dict[str, str]:
        return {"title": self.title.strip(), "url": self.url}


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Anchor] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (url := dict(attrs).get("href")):
            self.found.append(_Anchor(url))
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1].title += data


def _links(html: str) -> list[_Anchor]:
    parser = _Anchors()
    parser.feed(html)
    return parser.found


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
