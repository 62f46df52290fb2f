"""Somebody with appointments and holds, and files that show them."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from core.bookings import BookingState
from core.contact import Contact
from core.slots import utc_now
from models import bookings, chats, holds
from models.booking import Booking
from models.database import Session
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.jobs_fixtures import until
from tests.models_cast import RING, appointment, everything_in, slot, walk, watch_of

HELD = (BookingState.HOLDING, BookingState.HELD)
_DAYS = count(300)  # ahead of whenever the tests run


@dataclass(frozen=True)
class Booked:
    chat_id: int
    person_id: int
    booking: Booking
    folder: Path


def contact(name: str) -> Contact:
    return Contact(name, "Zwickelsdorfer", f"{name.lower()}@zwickel.example.org", "+4989123456789", "Rollstuhlrampe")


async def booked(bot: RunningBot, user: User, folder: Path, *states: BookingState, name: str = "Adelheid") -> Booked:
    """The chat stands for them; the booking was walked along these states, and has its hold and files."""
    chat = (await bot.chat(user)) or pytest.fail("no chat")

    def write(session: Session) -> Booking:
        person = chats.adopt(session, bot.keyring, chat.id, contact(name), now=utc_now())
        watch = watch_of(session, person_id=person.id, now=utc_now())
        made = bookings.want(session, watch=watch, slot=slot(next(_DAYS)), now=utc_now())
        walk(session, made.id, *states, now=utc_now())
        holds.keep(session, RING, made.id, appointment(), now=utc_now())
        shows = folder / f"booking-{made.id}"
        row = bookings.get(session, made.id)
        row.screenshot_path, row.calendar_path = str(shows / "termin.png"), str(shows / "termin.ics")
        return row

    row: Booking = await bot.act(write)
    shows = folder / f"booking-{row.id}"
    shows.mkdir(parents=True)
    for file in ("termin.png", "termin.ics", "vorher.png"):
        (shows / file).write_bytes(file.encode())
    return Booked(chat.id, row.person_id, row, shows)


async def at_privacy(bot: RunningBot, folder: Path, *states: BookingState, language: str = "de") -> tuple[User, Booked]:
    """Somebody with a booking who has opened /privacy."""
    user = await bot.member(language_code=language)
    theirs = await booked(bot, user, folder, *states)
    await user.send("/privacy")
    return user, theirs


async def waiting_to_be_forgotten(bot: RunningBot, folder: Path) -> tuple[User, Booked]:
    """Somebody who wants everything deleted, and whose hold must be given back first."""
    user, theirs = await at_privacy(bot, folder, *HELD)
    await user.click("Alles löschen")
    await user.click("Ja, löschen")
    await user.sees("Ich lösche, sobald nichts mehr läuft")
    return user, theirs


def lies_about(folder: Path, *words: str) -> list[str]:
    """Which of these stand in the database's files."""
    raw = everything_in(f"sqlite:///{folder / 'mta.sqlite3'}")
    return [word for word in words if word.encode() in raw]


async def is_gone(bot: RunningBot, user: User) -> None:
    async def gone() -> bool:
        return await bot.chat(user) is None

    await until(gone)


async def moved(bot: RunningBot, booking: Booking, state: BookingState) -> None:
    """As a worker does it."""
    await bot.act(lambda session: bookings.move(session, booking.id, state, now=utc_now()))
