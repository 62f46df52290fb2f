"""From the process's settings to the bot's. Only entry points use it; the parts of the bot get values."""

from bot.settings import BotSettings, Entry
from config.settings import Settings


def bot_settings(chosen: Settings) -> BotSettings:
    """Raises ConfigError when there is no token, or a webhook without its secret."""
    return BotSettings(
        token=chosen.telegram_token,
        api=chosen.telegram_api.rstrip("/"),
        operators=frozenset(chosen.telegram_operators),
        entry=Entry(chosen.telegram_entry),
        allowed=frozenset(chosen.telegram_allowed),
        webhook=chosen.telegram_webhook,
        webhook_secret=chosen.telegram_webhook_secret,
        webhook_listen=chosen.telegram_webhook_listen,
    )
