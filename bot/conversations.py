"""THE TABLE of conversations. A new one is a file in bot/handlers and a line here."""

from collections.abc import Sequence

from bot.conversation import Command, Conversation, Table
from bot.handlers import (
    appointments,
    cancel,
    giving_back,
    help,  # noqa: A004  # they are called as the commands are
    language,
    start,
    swap,
)

EVERY: tuple[Conversation, ...] = (
    start.CONVERSATION,
    appointments.CONVERSATION,
    giving_back.CONVERSATION,
    swap.CONVERSATION,
    language.CONVERSATION,
    cancel.CONVERSATION,
)


def table(conversations: Sequence[Conversation] = EVERY) -> Table:
    """In the order of the menu, with /help at its end."""

    def commands() -> list[Command]:
        return list(made.commands.values())

    made = Table((*conversations, help.conversation(commands)), door=start.door, unknown=help.unknown)
    return made
