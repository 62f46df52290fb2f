"""What Telegram says of the bot, asked by whoever wants to know why it is silent. Changes nothing there."""

from dataclasses import dataclass
from datetime import datetime

from bot import application
from bot.messenger import in_our_words
from bot.settings import BotSettings


@dataclass(frozen=True, slots=True)
class Standing:
    """`webhook` is where Telegram brings updates, empty while it keeps them for polling; `waiting` is how many it has.

    `trouble` is what it last met at the webhook, at `trouble_at`.
    """

    name: str
    username: str
    webhook: str
    waiting: int
    trouble: str
    trouble_at: datetime | None


async def standing(settings: BotSettings) -> Standing:
    """Raises ConfigError when Telegram does not know the token, and what else bot.messenger raises."""
    async with in_our_words(), application.build(settings).bot as bot:
        hook = await bot.get_webhook_info()
        return Standing(
            name=bot.first_name,
            username=bot.username,
            webhook=hook.url,
            waiting=hook.pending_update_count,
            trouble=hook.last_error_message or "",
            trouble_at=hook.last_error_date,
        )
