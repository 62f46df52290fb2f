"""What Telegram shows of the bot itself: the menu of commands and its description, in both languages."""

from collections.abc import Sequence
from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.conversation import Command
from bot.rights import Right
from bot.texts import LANGUAGES, Words

OTHERS = "en"  # who reads neither of our languages

log = structlog.get_logger()


async def write(bot: ExtBot[Any], commands: Sequence[Command], *, operators: frozenset[int]) -> None:
    """Harmless to repeat. What cannot be written now is written at the next start."""
    try:
        for language, code in ((OTHERS, None), *((one, one) for one in LANGUAGES)):
            words = Words(language)
            await bot.set_my_commands(_menu(commands, words, operator=False), language_code=code)
            await bot.set_my_description(words.label("commands.description"), language_code=code)
            await bot.set_my_short_description(words.label("commands.short_description"), language_code=code)
        for user_id in sorted(operators):
            await _for_operator(bot, commands, user_id)
    except TelegramError as error:
        log.warning("profile.unwritten", error=type(error).__name__)


async def _for_operator(bot: ExtBot[Any], commands: Sequence[Command], user_id: int) -> None:
    for language, code in ((OTHERS, None), *((one, one) for one in LANGUAGES)):
        menu = _menu(commands, Words(language), operator=True)
        try:
            await bot.set_my_commands(menu, scope=BotCommandScopeChat(user_id), language_code=code)
        except BadRequest:  # an operator who has never written to the bot has no chat with it
            return


def _menu(commands: Sequence[Command], words: Words, *, operator: bool) -> list[BotCommand]:
    return [
        BotCommand(one.name, words.label(f"commands.{one.name}"))
        for one in commands
        if words.has(f"commands.{one.name}") and (operator or one.right is not Right.OPERATOR)
    ]
