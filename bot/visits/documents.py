"""What a person takes along, as messages: the City's page as a picture, the place on a map, a calendar entry."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from bot import showing
from bot.context import Parts
from bot.messenger import Messenger, Rejected
from bot.texts import Words
from core.catalog import Catalog, Office
from models.booking import Booking
from models.notice import Notice

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class File:
    part: Literal["picture", "calendar", "proof"]
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Place:
    latitude: float
    longitude: float
    title: str
    address: str
    part: Literal["place"] = "place"


Paper = File | Place


async def of_notice(notice: Notice, booking: Booking, catalog: Catalog | None) -> Sequence[Paper]:
    """Of a cancelled appointment only the picture that proves it, if there is one: no older one."""
    if notice.kind != "booking.cancelled":
        return await of_booking(booking, catalog)
    found = await _file("proof", booking.screenshot_path) if notice.facts.get("proof") else None
    return [found] if found else []


async def of_booking(booking: Booking, catalog: Catalog | None) -> Sequence[Paper]:
    """Without those that could not be made, or were deleted since."""
    office = catalog.office_by_id.get(booking.office_id) if catalog else None
    papers = (
        await _file("picture", booking.screenshot_path),
        _place(office),
        await _file("calendar", booking.calendar_path),
    )
    return [one for one in papers if one is not None]


@dataclass(frozen=True, slots=True)
class Sender:
    """To one chat."""

    parts: Parts
    messenger: Messenger
    chat_id: int
    telegram_id: int
    words: Words

    async def send(self, papers: Sequence[Paper], booking_id: int, *, mark: str) -> bool:
        """Those that were not sent under this mark yet. Only the first one makes a sound; whether one did."""
        heard = False
        for paper in papers:
            purpose = f"booking:{booking_id}:{paper.part}"
            before = await showing.current(self.parts.database, self.chat_id, purpose)
            if before is None or before.shows != mark:
                sent = await self._send(paper, silent=heard)
                if sent is None:
                    continue
                now = self.parts.now()
                await showing.put_down(self.parts.database, self.chat_id, purpose, sent, now=now, shows=mark)
            heard = True
        return heard

    async def _send(self, paper: Paper, *, silent: bool) -> int | None:
        """None where Telegram does not take it: all that matters stands in the text too."""
        try:
            if isinstance(paper, Place):
                return await self._send_place(paper, silent=silent)
            return await self._send_file(paper, silent=silent)
        except Rejected as rejected:
            log.warning("paper.rejected", part=paper.part, reason=str(rejected))
            return None

    async def _send_file(self, file: File, *, silent: bool) -> int:
        send = self.messenger.send_file if file.part == "calendar" else self.messenger.send_photo
        caption = self.words.say(f"result.caption.{file.part}")
        return await send(self.telegram_id, file.content, name=file.name, caption=caption, silent=silent)

    async def _send_place(self, place: Place, *, silent: bool) -> int:
        return await self.messenger.send_place(
            self.telegram_id,
            latitude=place.latitude,
            longitude=place.longitude,
            title=place.title,
            address=place.address,
            silent=silent,
        )


async def _file(part: Literal["picture", "calendar", "proof"], path: str) -> File | None:
    content = await asyncio.to_thread(_read, path)
    return File(part, Path(path).name, content) if content is not None else None


def _read(path: str) -> bytes | None:
    try:
        return (Path(path).read_bytes() or None) if path else None
    except OSError:
        return None


def _place(office: Office | None) -> Place | None:
    if office is None or office.latitude is None or office.longitude is None:
        return None
    return Place(office.latitude, office.longitude, office.name, office.address)
