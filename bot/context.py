"""What a handler works with: the parts of the process, and the talk it is in."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from telegram import Message, Update

from bot import showing
from bot.catalog import CatalogLoader
from bot.markup import Html
from bot.messenger import MessageGone, Messenger
from bot.rights import Visitor
from bot.screens import Screen
from bot.settings import BotSettings
from bot.texts import Words
from core.caps import Caps
from core.quiet import QuietHours
from models import drafts
from models.chat import Chat
from models.database import Database, Session
from models.keyring import Keyring
from workers.queue import Queue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parts:
    """`owner` names this process in leases, `lane` is this machine's way out to the internet.

    In the `quiet_hours` the operator wants no looks.
    """

    database: Database
    keyring: Keyring
    queue: Queue
    settings: BotSettings
    site_url: str
    caps: Caps
    catalog: CatalogLoader
    now: Callable[[], datetime]
    rng: random.Random
    owner: str
    quiet_hours: QuietHours | None = None
    lane: str = "main"


@dataclass(slots=True)
class Tapped:
    """A tapped button waits until it is answered, once."""

    answered: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """One update and whoever it is from. `arguments` is what stands behind a command."""

    parts: Parts
    messenger: Messenger
    update: Update
    visitor: Visitor
    words: Words
    arguments: str = ""
    tapped: Tapped = field(default_factory=Tapped)

    @property
    def chat(self) -> Chat:
        """The chat's row; handlers with the right `anybody` must ask `visitor.chat` whether there is one."""
        if self.visitor.chat is None:
            raise RuntimeError("a stranger has no chat: the handler's right is wrong")
        return self.visitor.chat

    @property
    def message(self) -> Message | None:
        return self.update.message

    @property
    def text(self) -> str:
        """What was typed, or written under a picture."""
        message = self.update.message
        return ((message.text or message.caption) if message else "") or ""

    @property
    def now(self) -> datetime:
        return self.parts.now()

    def known_as(self, chat: Chat) -> "Talk":
        """The same talk with the chat as it is by now."""
        return replace(self, visitor=replace(self.visitor, chat=chat), words=Words(chat.language))

    async def read(self, work: Callable[[Session], T]) -> T:
        return await self.parts.database.read(work)

    async def act(self, work: Callable[[Session], T]) -> T:
        """In one transaction; it must do nothing but the database, since it may be done twice."""
        return await self.parts.database.act(work)

    async def show(self, screen: Screen, *, purpose: str) -> None:
        """A tap turns the tapped message into the screen; words are answered with a new message.

        `purpose` is what the message stands for from now on. Any other message that did loses its buttons.
        """
        message_id = tapped_message(self.update)
        if message_id is None:
            await self.send(screen, purpose=purpose)
            return
        try:
            await self.messenger.edit(self.visitor.telegram_id, message_id, screen)
        except MessageGone:
            await self.send(screen, purpose=purpose)
            return
        await self._stands_for(purpose, message_id, screen)

    async def send(self, screen: Screen, *, purpose: str) -> None:
        """As `show`, but always a new message."""
        await self._stands_for(purpose, await self.messenger.send(self.visitor.telegram_id, screen), screen)

    async def remark(self, text: Html) -> None:
        """A new message that stands for nothing and has no buttons."""
        await self.messenger.send(self.visitor.telegram_id, Screen(text))

    async def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer a tap with a few words; an alert must be closed by hand. Without a tap nothing happens."""
        if self.update.callback_query is not None and not self.tapped.answered:
            self.tapped.answered = True
            await self.messenger.answer(self.update.callback_query, text, alert=alert)

    async def draft(self, kind: str) -> dict[str, Any] | None:
        return await self.read(lambda session: drafts.load(session, self.parts.keyring, self.chat.id, kind))

    async def keep(self, kind: str, content: Mapping[str, Any]) -> None:
        """What was said so far; from here on typed words belong to this conversation."""
        await self.act(
            lambda session: drafts.keep(session, self.parts.keyring, self.chat.id, kind, content, now=self.now)
        )

    async def drop(self, kind: str) -> None:
        await self.act(lambda session: drafts.drop(session, self.chat.id, kind))

    async def _stands_for(self, purpose: str, message_id: int, screen: Screen) -> None:
        if self.visitor.chat is None:
            return
        shows = showing.BUTTONS if screen.rows else ""
        before = await showing.put_down(
            self.parts.database, self.chat.id, purpose, message_id, now=self.now, shows=shows
        )
        if before is not None and before.shows:
            await self.messenger.strip(self.visitor.telegram_id, before.message_id)


def tapped_message(update: Update) -> int | None:
    query = update.callback_query
    return query.message.message_id if query is not None and query.message is not None else None
