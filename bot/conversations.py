"""THE TABLE of conversations. A new one is a file in bot/handlers and a line here."""

from collections.abc import Sequence

from bot.conversation import Command, Conversation, Table
from bot.handlers import cancel, help, language, start, wish  # noqa: A004  # they are called as the commands are

EVERY: tuple[Conversation, ...] = (
    start.CONVERSATION,
    wish.CONVERSATION,
    language.CONVERSATION,
    cancel.CONVERSATION,
)


def table(conversations: Sequence[Conversation] = EVERY) -> Table:
    """In the order of the menu, with /help at its end."""

    def commands() -> list[Command]:
        return list(made.commands.values())

    made = Table((*conversations, help.conversation(commands)), door=start.door, unknown=help.unknown)
    return made
