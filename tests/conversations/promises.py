"""What must hold of the bot whatever people do: checked on the chats as they stand, and on the rows."""

import asyncio
import re
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot import conversations
from bot.texts import LANGUAGES, Words
from models import chats, drafts
from models.booking import Booking
from models.chat import Chat
from models.chat_message import ChatMessage
from models.chat_person import ChatPerson
from models.database import Database
from models.draft import Draft
from models.notice import Notice
from models.person import Person
from models.watch import Watch
from tests.bot.conftest import RunningBot
from tests.conversations.cast import Guest, names_in

UNANSWERED = frozenset({"update.unanswered", "update.dropped"})
SETTLES_WITHIN = 60.0
COUNTED = (Chat, Person, Watch, Booking, Notice, Draft, ChatMessage)
_FAULTS = tuple(Words(one).say("errors.unforeseen", number="XXXXXX").partition("XXXXXX")[0] for one in LANGUAGES)
_SLOT = re.compile(r"\{[a-z_]+\}")  # a place in a text that nothing was put into


async def settle(bot: RunningBot) -> None:
    """Until everything that was sent is dealt with and everything due is told."""
    store = bot.telegram.store
    assert await store.until(lambda: not store.updates, within=SETTLES_WITHIN) is not None or not store.updates
    await asyncio.sleep(0.5)  # what is still on its way to Telegram


async def broken(bot: RunningBot, guests: Sequence[Guest]) -> list[str]:
    """What a chat shows that it must not, and rows without an owner."""
    found = [fault for guest in guests for fault in _in_chat(guest)]
    return found + await bot.database.read(_orphans)


async def broken_at_the_end(bot: RunningBot, guests: Sequence[Guest]) -> list[str]:
    """Nobody is locked in: after /cancel nothing half said is left, and the bot still answers."""
    before = {guest.number: guest.heard for guest in guests}
    for guest in guests:
        await guest.user.send("/cancel")
    store = bot.telegram.store
    await store.until(lambda: not store.updates, within=SETTLES_WITHIN)
    await store.until(lambda: all(one.heard > before[one.number] for one in guests), within=SETTLES_WITHIN)
    silent = [f"chat {one.number}: /cancel was not answered" for one in guests if one.heard <= before[one.number]]
    return silent + [f"{one} is left after /cancel" for one in await drafts_left(bot.database)]


async def drafts_left(database: Database) -> list[str]:
    """But those of chats that an operator has barred, who can cancel nothing any more."""
    free = select(col(Chat.id)).where(col(Chat.barred_at).is_(None))

    def read(session: Session) -> list[str]:
        left = session.scalars(select(Draft).where(col(Draft.chat_id).in_(free))).all()
        return [f"a draft of {one.kind} in chat {one.chat_id}" for one in left]

    return await database.read(read)


async def rows(bot: RunningBot) -> dict[str, int]:
    def read(session: Session) -> dict[str, int]:
        return {one.__name__.lower(): session.scalar(select(func.count()).select_from(one)) or 0 for one in COUNTED}

    return await bot.database.read(read)


def _in_chat(guest: Guest) -> list[str]:
    own = {one.lower() for one in guest.own}
    found = []
    for one in guest.user.screen():
        if not one.by_bot:
            continue
        whole = " ".join([one.text, *(label for row in one.buttons for label in row)])
        if strangers := names_in(whole) - own:
            found.append(f"chat {guest.number} shows {len(strangers)} names of others: {one.text[:60]!r}")
        if any(fault in one.text for fault in _FAULTS):
            found.append(f"chat {guest.number}: {one.text!r}; before it: {guest.moves[-8:]}")
        if _SLOT.search(whole) and "{name}" not in whole:
            found.append(f"chat {guest.number}: a text with an empty place: {whole[:100]!r}")
    return found


def _orphans(session: Session) -> list[str]:
    known = set(conversations.table().typed)
    living = {one.id for one in chats.list(session)}
    found = []
    for draft in session.scalars(select(Draft)).all():
        if draft.chat_id not in living:
            found.append(f"a draft of {draft.kind} belongs to no living chat")
        if drafts.newest(session, draft.chat_id) not in known:
            found.append(f"what is typed in a chat with the draft {draft.kind} goes nowhere")
    theirs = select(col(ChatPerson.person_id), func.count()).group_by(col(ChatPerson.person_id))
    found += [f"person {person} has {number} chats" for person, number in session.execute(theirs) if number > 1]
    dead = select(col(ChatMessage.chat_id)).where(col(ChatMessage.chat_id).not_in(living or {0}))
    found += [f"messages of chat {one} are kept though it is gone" for one in session.scalars(dead).all()]
    return found
