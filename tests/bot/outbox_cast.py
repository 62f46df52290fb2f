"""People with chats, and what they must be told."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import col, select

from core.contact import Contact
from core.slots import utc_now
from models import bookings, chats, notices
from models.booking import Booking
from models.chat import Chat, ChatState
from models.database import Session
from models.notice import Notice
from models.watch import Watch
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.jobs_fixtures import until
from tests.models_cast import slot, watch_of

SLOT = {"office_id": 10489, "starts_at": "2026-12-01T07:30:00+00:00"}
NUMBERS = count(1)


async def person_of(bot: RunningBot, user: User, first_name: str = "Anna") -> int:
    chat = (await bot.chat(user)) or pytest.fail("no chat")
    contact = Contact(first_name, "Probe", f"{first_name.lower()}{user.id}@example.org")
    return int(await bot.act(lambda session: chats.adopt(session, bot.keyring, chat.id, contact, now=utc_now()).id))


async def watch(bot: RunningBot, person_id: int) -> Watch:
    made: Watch = await bot.act(lambda session: watch_of(session, person_id=person_id, now=utc_now()))
    return made


async def booking(bot: RunningBot, person_id: int) -> Booking:
    def want(session: Session) -> Booking:
        mine = watch_of(session, person_id=person_id, now=utc_now())
        return bookings.want(session, watch=mine, slot=slot(next(NUMBERS)), now=utc_now())

    made: Booking = await bot.act(want)
    return made


async def write(
    bot: RunningBot, person_id: int, kind: str, *, about: Booking | Watch | None = None, **facts: Any
) -> int:
    def put(session: Session) -> int:
        return notices.write(
            session,
            person_id=person_id,
            watch_id=about.id if isinstance(about, Watch) else None,
            booking_id=about.id if isinstance(about, Booking) else None,
            kind=kind,
            facts={**SLOT, **facts},
            now=bot.parts.now(),
        ).id

    return int(await bot.act(put))


def in_an_hour() -> str:
    return (utc_now() + timedelta(hours=1)).isoformat()


async def untold(bot: RunningBot) -> Sequence[Notice]:
    return await bot.database.read(notices.untold)


async def alone(bot: RunningBot) -> Sequence[Notice]:
    """The only one that is untold, once it is."""
    waiting = await untold(bot)
    return waiting if len(waiting) == 1 else ()


async def is_blocked(bot: RunningBot, user: User) -> bool:
    chat = await bot.chat(user)
    return chat is not None and chat.state is ChatState.BLOCKED


async def told_all(bot: RunningBot) -> bool:
    return not await untold(bot)


async def at_rest(bot: RunningBot) -> bool:
    leased = select(Chat.id).where(col(Chat.lease_until).is_not(None))
    return not await bot.database.read(lambda session: session.exec(leased).all())


async def all_told(bot: RunningBot, *, within: float = 20) -> None:
    """And no delivery is under way: what was told is written down before the message it takes the place of goes."""
    async with asyncio.timeout(within):
        await until(lambda: told_all(bot))
        await until(lambda: at_rest(bot))
