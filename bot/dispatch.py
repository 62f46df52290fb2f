"""From an update to its handler: who speaks, may they, and what is it about. The one place that checks rights."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from telegram import ChatMemberUpdated, Message, Update
from telegram.constants import ChatID, ChatMemberStatus, ChatType
from telegram.ext import filters

from bot import errors, showing
from bot.callbacks import Callback
from bot.context import Parts, Talk, tapped_message
from bot.conversation import Table
from bot.markup import Html
from bot.messenger import ChatClosed, ChatMoved, Messenger, TelegramAway
from bot.repeats import Repeats
from bot.rights import NotTheirs, Right, Visitor, check_all
from bot.texts import Words
from core.errors import MtaError
from models import chats, deliveries, drafts
from models.chat import Chat, ChatState

LIMIT = timedelta(seconds=25)  # for one update, with all waiting for Telegram's limits
ONE_TAP = timedelta(seconds=1)  # two equal taps within it are a trembling finger
ON_ITS_WAY, GLANCE = timedelta(seconds=8), 0.1  # how long, and how often in seconds, a tap waits for its message
MOST_WAITING = 30  # updates of one chat; who sends quicker is not heard in all
_COMMAND = re.compile(
    r"/(?P<name>[a-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<arguments>.*))?", re.DOTALL | re.IGNORECASE
)
_MASKED = frozenset({ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL})  # people who speak in a group by another name
_SERVICE = filters.StatusUpdate.ALL  # "Anna joined", "Anna pinned a message"
_GONE = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})

log = structlog.get_logger()


class Dispatcher:
    """Handles the updates of one chat in their order, those of different chats at once."""

    def __init__(self, parts: Parts, messenger: Messenger, table: Table, *, username: str) -> None:
        self._parts = parts
        self._messenger = messenger
        self._table = table
        self._username = username.lower()
        self._turns: dict[int, tuple[asyncio.Lock, int]] = {}
        self._taps: dict[tuple[int, int | None, str], datetime] = {}
        self._repeats = Repeats()

    async def handle(self, update: Update) -> None:
        """Never raises for what a person or Telegram does."""
        chat = update.effective_chat
        if chat is None or not _is_somebody(update):
            return
        if self._turns.get(chat.id, (None, 0))[1] >= MOST_WAITING:
            log.warning("update.dropped", reason="too many from one chat")
            return
        async with self._turn(chat.id):
            try:
                async with asyncio.timeout(LIMIT.total_seconds()):
                    await self._handle(update)
            except (MtaError, TimeoutError) as error:  # not even the person could be told
                log.warning("update.unanswered", error=type(error).__name__)

    async def _handle(self, update: Update) -> None:
        visitor = await self._visitor(update)
        if visitor.chat is not None and self._repeats.knows(visitor.chat, update.update_id):
            return
        talk = Talk(self._parts, self._messenger, update, visitor, _words(update, visitor.chat))
        try:
            await self._answer(talk)
        finally:
            if visitor.chat is not None:
                chat_id = visitor.chat.id
                self._repeats.note(chat_id, update.update_id)
                await self._parts.database.act(lambda session: chats.dealt_with(session, chat_id, update.update_id))

    async def _answer(self, talk: Talk) -> None:
        try:
            await self._route(talk)
            await talk.toast("")
        except NotTheirs:
            await self._stale(talk)
        except ChatClosed:
            await self._closed(talk.visitor)
        except ChatMoved as moved:
            await self._moved(talk.visitor, moved.telegram_id)
        except TelegramAway:
            raise
        except MtaError as error:
            await _apologise(talk, errors.words_of(error, talk.words))
        except Exception as error:  # noqa: BLE001  # the bot's last border: a person is never left with silence
            await _apologise(talk, errors.unforeseen(error, talk.words, rng=self._parts.rng))

    async def _route(self, talk: Talk) -> None:
        update = talk.update
        if update.my_chat_member is not None:
            await self._member(talk, update.my_chat_member)
            return
        if update.message is not None and update.message.migrate_to_chat_id is not None:
            await self._moved(talk.visitor, update.message.migrate_to_chat_id)
            return
        talk = await self._awake(talk)
        if update.callback_query is not None:
            await self._tap(talk, update.callback_query.data or "")
        elif update.edited_message is not None:
            await _edited(talk, update.edited_message)
        elif update.message is not None and (match := _COMMAND.fullmatch(talk.text.strip())):
            await self._command(talk, match)
        elif update.message is not None:
            await self._typed(talk)

    async def _tap(self, talk: Talk, data: str) -> None:
        callback = self._table.codec.read(data)
        if callback is not None and self._trembles(talk, callback):
            return
        if callback is None:
            await self._stale(talk)
        elif not talk.visitor.may(callback.right):
            known = talk.visitor.chat is not None  # who was just forgotten is told no more than that
            await (self._table.door(talk) if known and not talk.visitor.may(Right.PERSON) else self._stale(talk))
        elif not await self._stands(talk, callback):
            await self._stale(talk)
        else:
            await self._table.taps[type(callback)].does(talk, callback)

    async def _command(self, talk: Talk, match: re.Match[str]) -> None:
        if match["bot"] and match["bot"].lower() != self._username:
            return
        command = self._table.commands.get(match["name"].lower())
        talk = replace(talk, arguments=(match["arguments"] or "").strip())
        if command is not None and talk.visitor.may(command.right):
            await command.does(talk)
        elif talk.visitor.may(Right.PERSON):
            await self._table.unknown(talk)
        else:
            await self._table.door(talk)

    async def _typed(self, talk: Talk) -> None:
        """Words belong to the conversation the chat was in last, but for what is recognised at any time.

        In groups, what is said among people is theirs.
        """
        chat, message = talk.visitor.chat, talk.update.message
        if message is None or message.from_user is None or await self._recognised(talk, message):
            return
        kind = await talk.read(lambda session: drafts.newest(session, chat.id)) if chat else None
        typed = self._table.typed.get(kind)
        if typed is not None and talk.visitor.may(typed.right):
            await typed.does(talk, message)
        elif message.chat.type == ChatType.PRIVATE:
            await (self._table.unknown(talk) if talk.visitor.may(Right.PERSON) else self._table.door(talk))

    async def _recognised(self, talk: Talk, message: Message) -> bool:
        if not talk.visitor.may(Right.PERSON):
            return False
        for one in self._table.recognised.values():
            if await one.does(talk, message):
                return True
        return False

    async def _stands(self, talk: Talk, callback: Callback) -> bool:
        """Whether the button is on a message that still stands for something, and names only what is the chat's."""
        chat = talk.visitor.chat
        if chat is None or callback.right is Right.ANYBODY:
            return True
        message_id = tapped_message(talk.update)
        if message_id is None or not await self._is_known(chat.id, message_id):
            return False
        if callback.owned and callback.right is not Right.OPERATOR:
            await talk.read(lambda session: check_all(session, chat.id, callback.owned))
        return True

    async def _is_known(self, chat_id: int, message_id: int) -> bool:
        """A message may be tapped before Telegram has told us that it was sent: while some are on their way, wait."""
        until = asyncio.get_running_loop().time() + ON_ITS_WAY.total_seconds()
        while not await showing.stands_for_something(self._parts.database, chat_id, message_id):
            if not await self._is_being_told(chat_id) or asyncio.get_running_loop().time() > until:
                return await showing.stands_for_something(self._parts.database, chat_id, message_id)
            await asyncio.sleep(GLANCE)
        return True

    async def _is_being_told(self, chat_id: int) -> bool:
        now = self._parts.now()
        return await self._parts.database.read(lambda session: deliveries.is_leased(session, chat_id, now=now))

    def _trembles(self, talk: Talk, callback: Callback) -> bool:
        key = (talk.visitor.telegram_id, tapped_message(talk.update), callback.data)
        self._taps = {one: at for one, at in self._taps.items() if talk.now - at < ONE_TAP}
        again = key in self._taps and not callback.repeatable
        self._taps[key] = talk.now
        return again

    async def _stale(self, talk: Talk) -> None:
        """An old button, or one that never was: said kindly, and it goes away."""
        await talk.toast(talk.words.label("common.stale"), alert=True)
        message_id = tapped_message(talk.update)
        chat = talk.visitor.chat
        if chat is None or message_id is None:
            return
        if not await showing.stands_for_something(self._parts.database, chat.id, message_id):
            await self._messenger.strip(talk.visitor.telegram_id, message_id)

    async def _member(self, talk: Talk, change: ChatMemberUpdated) -> None:
        """The bot was blocked or sent away, or is wanted again."""
        chat = talk.visitor.chat
        if chat is None:
            return
        if change.new_chat_member.status in _GONE:
            await self._closed(talk.visitor)
        elif chat.consent_at is not None:
            await talk.act(lambda session: chats.activate(session, chat.id, now=talk.now))

    async def _awake(self, talk: Talk) -> Talk:
        """Who writes does not block the bot, whatever we heard last."""
        chat = talk.visitor.chat
        if chat is None or chat.state is not ChatState.BLOCKED or chat.barred_at is not None:
            return talk
        return talk.known_as(await talk.act(lambda session: chats.activate(session, chat.id, now=talk.now)))

    async def _closed(self, visitor: Visitor) -> None:
        if visitor.chat is not None:
            chat_id = visitor.chat.id
            await self._parts.database.act(lambda session: chats.block(session, chat_id, now=self._parts.now()))
            log.info("chat.closed", chat=chat_id)

    async def _moved(self, visitor: Visitor, telegram_id: int) -> None:
        if visitor.chat is not None:
            chat_id = visitor.chat.id
            await self._parts.database.act(
                lambda session: chats.moved(session, self._parts.keyring, chat_id, telegram_id)
            )

    async def _visitor(self, update: Update) -> Visitor:
        here, user = update.effective_chat, update.effective_user
        if here is None or user is None:
            raise RuntimeError("an update of nobody was let through")
        settings = self._parts.settings
        chat = await self._parts.database.read(lambda session: chats.find(session, self._parts.keyring, here.id))
        return Visitor(
            telegram_id=here.id,
            user_id=user.id,
            chat=chat,
            is_operator=user.id in settings.operators,
            is_alone=here.type == ChatType.PRIVATE,
            lets_in=settings.lets_in(user.id),
        )

    @asynccontextmanager
    async def _turn(self, telegram_id: int) -> AsyncIterator[None]:
        lock, waiting = self._turns.get(telegram_id, (asyncio.Lock(), 0))
        self._turns[telegram_id] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            _, waiting = self._turns[telegram_id]
            self._turns[telegram_id] = (lock, waiting - 1)
            if waiting == 1:
                del self._turns[telegram_id]


async def _edited(talk: Talk, message: Message) -> None:
    """In groups people change what they say to each other, and a place that is shared goes on changing by itself."""
    if talk.visitor.is_alone and message.location is None:
        await talk.remark(talk.words.say("common.edited"))


def _is_somebody(update: Update) -> bool:
    """Said by a person, to us or to others. What bots, channels and Telegram itself say is answered with silence."""
    user, chat, message = update.effective_user, update.effective_chat, update.effective_message
    if user is None or chat is None or chat.type == ChatType.CHANNEL:
        return False
    if user.is_bot and user.id not in _MASKED:
        return False
    told = update.message is not None and update.message.migrate_to_chat_id is None and _SERVICE.check_update(update)
    return not told and not (message is not None and message.is_automatic_forward)


async def _apologise(talk: Talk, text: Html) -> None:
    await talk.toast("")
    await talk.remark(text)


def _words(update: Update, chat: Chat | None) -> Words:
    """Strangers are spoken to as their app is; those who read no German mostly read English."""
    if chat is not None:
        return Words(chat.language)
    user = update.effective_user
    code = (user.language_code if user else None) or "de"
    return Words("de" if code.lower().startswith("de") else "en")
