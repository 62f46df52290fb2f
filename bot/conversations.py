"""THE TABLE of conversations. A new one is a file in bot/handlers and a line here."""

from collections.abc import Sequence

from bot.conversation import Command, Conversation, Table
from bot.handlers import (
    appointments,
    block,
    broadcast,
    by_hand,
    cancel,
    erase,
    giving_back,
    help,  # noqa: A004  # called as its command is
    invite,
    language,
    link,
    offer,
    pause,
    privacy,
    settings,
    start,
    status,
    swap,
    watches,
    why,
    wish,
)

EVERY: tuple[Conversation, ...] = (
    start.CONVERSATION,
    wish.CONVERSATION,
    watches.CONVERSATION,
    appointments.CONVERSATION,
    giving_back.CONVERSATION,
    swap.CONVERSATION,
    why.CONVERSATION,
    settings.CONVERSATION,
    language.CONVERSATION,
    privacy.CONVERSATION,
    erase.CONVERSATION,
    cancel.CONVERSATION,
    offer.CONVERSATION,
    link.CONVERSATION,
    by_hand.CONVERSATION,
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
