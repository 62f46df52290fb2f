"""What Telegram shows of the bot itself: the menu of commands and its description, in both languages."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.conversation import Command
from bot.rights import Right
from bot.texts import LANGUAGES, Words
from core.errors import Transient

OTHERS = "en"  # who reads neither of our languages
OPERATORS_EVERY = timedelta(seconds=20)

log = structlog.get_logger()


async def keep(bot: ExtBot[Any], commands: Sequence[Command], operators: Callable[[], Awaitable[set[int]]]) -> None:
    """The menu for all, and in the chats of the operators, as they come and go, the one with their commands."""
    written: set[int] | None = None
    await write(bot, commands)
    while True:
        try:
            now = await operators()
            for chat_id in sorted(now - (written or set())):
                await _for_operator(bot, commands, chat_id)
            for chat_id in sorted((written or set()) - now):
                await _for_nobody(bot, chat_id)
            written = now
        except (TelegramError, Transient) as error:
            log.warning("profile.unwritten", error=type(error).__name__)
        await asyncio.sleep(OPERATORS_EVERY.total_seconds())


async def write(bot: ExtBot[Any], commands: Sequence[Command]) -> None:
    """Harmless to repeat. What cannot be written now is written at the next start."""
    try:
        for language, code in ((OTHERS, None), *((one, one) for one in LANGUAGES)):
            words = Words(language)
            await bot.set_my_commands(_menu(commands, words, operator=False), language_code=code)
            await bot.set_my_description(words.label("commands.description"), language_code=code)
            await bot.set_my_short_description(words.label("commands.short_description"), language_code=code)
    except TelegramError as error:
        log.warning("profile.unwritten", error=type(error).__name__)


async def _for_operator(bot: ExtBot[Any], commands: Sequence[Command], chat_id: int) -> None:
    for language, code in ((OTHERS, None), *((one, one) for one in LANGUAGES)):
        menu = _menu(commands, Words(language), operator=True)
        with contextlib.suppress(BadRequest, Forbidden):  # they have left
            await bot.set_my_commands(menu, scope=BotCommandScopeChat(chat_id), language_code=code)


async def _for_nobody(bot: ExtBot[Any], chat_id: int) -> None:
    for code in (None, *LANGUAGES):
        with contextlib.suppress(BadRequest, Forbidden):
            await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id), language_code=code)


def _menu(commands: Sequence[Command], words: Words, *, operator: bool) -> list[BotCommand]:
    return [
        BotCommand(one.name, words.label(f"commands.{one.name}"))
        for one in commands
        if words.has(f"commands.{one.name}") and (operator or one.right is not Right.OPERATOR)
    ]
