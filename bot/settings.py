"""How the bot is reached, and whom it lets in. Made from the process's settings by its entry point."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import SecretStr

from core.errors import ConfigError

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what the Bot API allows
_LISTEN = re.compile(r"[^\s:]+:\d{1,5}")


class Entry(StrEnum):
    """An invitation lets in always; `listed` also those of the list, `open` anybody."""

    INVITED = "invited"
    LISTED = "listed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class BotSettings:
    """`operators` and `allowed` are Telegram user ids. Without `webhook` the bot polls."""

    token: SecretStr
    api: str = "https://api.telegram.org"
    operators: frozenset[int] = frozenset()
    entry: Entry = Entry.INVITED
    allowed: frozenset[int] = frozenset()
    webhook: str = ""
    webhook_secret: SecretStr = field(default_factory=lambda: SecretStr(""))
    webhook_listen: str = "127.0.0.1:8443"

    def __post_init__(self) -> None:
        if not self.token.get_secret_value():
            raise ConfigError("MTA_TELEGRAM_TOKEN is empty. BotFather gives one to whoever makes a bot there.")
        if not self.webhook:
            return
        if not self.webhook.startswith("https://"):
            raise ConfigError("MTA_TELEGRAM_WEBHOOK must be a public address that begins with https://.")
        if not _SECRET.fullmatch(self.webhook_secret.get_secret_value()):
            raise ConfigError("MTA_TELEGRAM_WEBHOOK_SECRET must be 1 to 256 letters, digits, _ and -.")
        if not _LISTEN.fullmatch(self.webhook_listen):
            raise ConfigError("MTA_TELEGRAM_WEBHOOK_LISTEN must be written HOST:PORT.")

    @property
    def listen(self) -> tuple[str, int]:
        host, _, port = self.webhook_listen.rpartition(":")
        return host, int(port)

    def lets_in(self, user_id: int) -> bool:
        """Without an invitation."""
        known = user_id in self.operators or (self.entry is Entry.LISTED and user_id in self.allowed)
        return known or self.entry is Entry.OPEN
