"""The border to Telegram: screens and files go out, and its errors come back as ours."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot import limits
from bot.markup import Html, fitting
from bot.screens import MOST_CAPTION, Button, Link, Rows, Screen
from core.errors import ConfigError, Permanent, Transient

RETRIES = 2  # of short floods, where a person waits at the screen
_UNCHANGED = "not modified"
_LATE = ("query is too old", "query id is invalid")
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
)


class TelegramAway(Transient):
    """No answer, or none of Telegram's. What was sent may have arrived all the same."""


class Flooded(Transient):
    """Telegram asks to wait for `retry_in`."""


class ChatClosed(Permanent):
    """Nobody takes messages there: the bot was blocked or sent away, or the account is no more."""


class ChatMoved(Permanent):
    """The group has another id now."""

    def __init__(self, telegram_id: int) -> None:
        super().__init__("The group was moved by Telegram.")
        self.telegram_id = telegram_id


class Rejected(Permanent):
    """Telegram does not take this message as it is."""


class MessageGone(Rejected):
    """What was to be edited is not there any more, or cannot be."""


@asynccontextmanager
async def in_our_words() -> AsyncIterator[None]:
    """Telegram's errors as ours. Their texts hold no names, but may hold the token's address: they are left behind."""
    try:
        yield
    except RetryAfter as error:
        raise Flooded("Telegram asks to wait.", retry_in=timedelta(seconds=limits.seconds(error))) from None
    except ChatMigrated as error:
        raise ChatMoved(error.new_chat_id) from None
    except Forbidden:
        raise ChatClosed("Nobody takes messages there.") from None
    except BadRequest as error:
        raise _rejected(error) from None
    except InvalidToken:
        raise ConfigError("Telegram does not know MTA_TELEGRAM_TOKEN. BotFather shows the right one.") from None
    except NetworkError as error:
        raise TelegramAway(f"Telegram does not answer ({type(error).__name__}).") from None
    except TelegramError as error:
        raise Rejected(f"Telegram refused ({type(error).__name__}).") from None


class Messenger:
    """Sends for one kind of sender: `patient` ones wait short floods out, others are told at once."""

    def __init__(self, bot: ExtBot[int], *, patient: bool) -> None:
        self._bot = bot
        self._args = RETRIES if patient else None

    @property
    def is_calm(self) -> bool:
        """Whether so little is leaving now that what can wait need not give way."""
        limiter = self._bot.rate_limiter
        return limiter.is_calm if isinstance(limiter, limits.Limits) else True

    @property
    def username(self) -> str:
        """The bot's own, as links name it."""
        return self._bot.username

    async def send(self, telegram_id: int, screen: Screen, *, silent: bool = False) -> int:
        """The message's id."""
        async with in_our_words():
            sent = await self._bot.send_message(
                telegram_id,
                screen.fitted,
                parse_mode=ParseMode.HTML,
                reply_markup=_markup(screen.rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=silent,
                rate_limit_args=self._args,
            )
            return sent.message_id

    async def edit(self, telegram_id: int, message_id: int, screen: Screen) -> None:
        """Raises MessageGone when there is nothing to edit; what is as it should be is left so."""
        async with in_our_words(), _unless_unchanged():
            await self._bot.edit_message_text(
                screen.fitted,
                telegram_id,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=_markup(screen.rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                rate_limit_args=self._args,
            )

    async def strip(self, telegram_id: int, message_id: int) -> None:
        """Take the buttons away; no matter if they or the message are gone."""
        await self._away(self._bot.edit_message_reply_markup(telegram_id, message_id, rate_limit_args=self._args))

    async def remove(self, telegram_id: int, message_id: int) -> bool:
        """Whether it is gone; Telegram lets a message be deleted for two days."""
        return await self._away(self._bot.delete_message(telegram_id, message_id, rate_limit_args=self._args))

    async def send_photo(
        self, telegram_id: int, content: bytes, *, name: str, caption: Html, silent: bool = False
    ) -> int:
        """As a picture, or as a file where Telegram does not take it as a picture."""
        try:
            async with in_our_words():
                sent = await self._bot.send_photo(
                    telegram_id,
                    content,
                    filename=name,
                    caption=fitting(caption, most=MOST_CAPTION),
                    parse_mode=ParseMode.HTML,
                    disable_notification=silent,
                    rate_limit_args=self._args,
                )
                return sent.message_id
        except Rejected:
            return await self.send_file(telegram_id, content, name=name, caption=caption, silent=silent)

    async def send_file(
        self, telegram_id: int, content: bytes, *, name: str, caption: Html, silent: bool = False
    ) -> int:
        async with in_our_words():
            sent = await self._bot.send_document(
                telegram_id,
                content,
                filename=name,
                caption=fitting(caption, most=MOST_CAPTION),
                parse_mode=ParseMode.HTML,
                disable_notification=silent,
                rate_limit_args=self._args,
            )
            return sent.message_id

    async def fetch(self, file_id: str, *, most: int) -> bytes | None:
        """What somebody sent as a file; None for one of more bytes, and where Telegram does not give it out."""
        try:
            async with in_our_words():
                found = await self._bot.get_file(file_id)
                if (found.file_size or 0) > most:
                    return None
                content = bytes(await found.download_as_bytearray())
        except (Rejected, ConfigError):  # the library takes a file that is not there for a wrong token
            return None
        return content if len(content) <= most else None

    async def send_place(
        self, telegram_id: int, *, latitude: float, longitude: float, title: str, address: str, silent: bool = False
    ) -> int:
        """A pin on a map, with what is there."""
        async with in_our_words():
            sent = await self._bot.send_venue(
                telegram_id,
                latitude,
                longitude,
                title,
                address,
                disable_notification=silent,
                rate_limit_args=self._args,
            )
            return sent.message_id

    async def answer(self, query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
        """Ends the waiting of a tapped button; one that waited too long has ended by itself."""
        try:
            async with in_our_words():
                await self._bot.answer_callback_query(
                    query.id, text or None, show_alert=alert, rate_limit_args=self._args
                )
        except MessageGone:
            return

    async def _away(self, asked: Awaitable[object]) -> bool:
        try:
            async with in_our_words(), _unless_unchanged():
                await asked
        except Rejected:
            return False
        return True


@asynccontextmanager
async def _unless_unchanged() -> AsyncIterator[None]:
    try:
        yield
    except BadRequest as error:
        if _UNCHANGED not in error.message.lower():
            raise


def _rejected(error: BadRequest) -> Permanent:
    said = error.message.lower()
    if "chat not found" in said:
        return ChatClosed("There is no such chat.")
    if any(words in said for words in (*_GONE, *_LATE, "message to delete not found")):
        return MessageGone("The message is not there any more.")
    return Rejected(f"Telegram does not take this message: {error.message}.")


def _markup(given: Rows) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup([[_button(one) for one in row] for row in given]) if given else None


def _button(one: Button | Link) -> InlineKeyboardButton:
    if isinstance(one, Link):
        return InlineKeyboardButton(one.label, url=one.url)
    return InlineKeyboardButton(one.label, callback_data=one.callback.data)
