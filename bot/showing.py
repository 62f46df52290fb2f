"""Which message of a chat stands for what, kept in the rows so that a restart forgets nothing."""

from datetime import datetime
from typing import Final

from models import chat_messages
from models.chat_message import ChatMessage
from models.chat_messages import Before
from models.database import Database

BUTTONS: Final = "buttons"  # what a message shows that loses them when another one takes its place


async def put_down(
    database: Database, chat_id: int, purpose: str, message_id: int, *, now: datetime, shows: str = ""
) -> Before | None:
    """The message that stood for it before, if it was another one."""
    return await database.act(
        lambda session: chat_messages.put_down(session, chat_id, purpose, message_id, now=now, shows=shows)
    )


async def current(database: Database, chat_id: int, purpose: str) -> ChatMessage | None:
    return await database.read(lambda session: chat_messages.current(session, chat_id, purpose))


async def stands_for_something(database: Database, chat_id: int, message_id: int) -> bool:
    found = await database.read(lambda session: chat_messages.of_message(session, chat_id, message_id))
    return found is not None
