"""THE TABLE of conversations. A new one is a file in bot/handlers and a line here."""

from collections.abc import Sequence

from bot.conversation import Command, Conversation, Table
from bot.handlers import (
    block,
    broadcast,
    cancel,
    erase,
    help,  # noqa: A004  # called as its command is
    invite,
    language,
    pause,
    privacy,
    start,
    status,
)

EVERY: tuple[Conversation, ...] = (
    start.CONVERSATION,
    language.CONVERSATION,
    privacy.CONVERSATION,
    erase.CONVERSATION,
    cancel.CONVERSATION,
    status.CONVERSATION,
    pause.CONVERSATION,
    broadcast.CONVERSATION,
    invite.CONVERSATION,
    block.CONVERSATION,
)


def table(conversations: Sequence[Conversation] = EVERY) -> Table:
    """In the order of the menu, with /help at its end."""

    def commands() -> list[Command]:
        return list(made.commands.values())

    made = Table((*conversations, help.conversation(commands)), door=start.door, unknown=help.unknown)
    return made
