"""Which updates were dealt with already: Telegram brings again whatever it was not told to be done."""

from models import chats
from models.chat import Chat

KEPT = 2048  # chats; of the others the rows know


class Repeats:
    """By the numbers that an earlier process came to, as the row has it, and by those of this one.

    A webhook is brought the words, taps and edits of a chat side by side: a lower number may come after a higher one.
    """

    def __init__(self) -> None:
        self._chats: dict[int, tuple[int | None, set[int]]] = {}

    def knows(self, chat: Chat, update_id: int) -> bool:
        before, done = self._chats.pop(chat.id, (chat.last_update_id, set()))
        self._chats[chat.id] = before, done
        return update_id in done or chats.is_behind(update_id, before)

    def note(self, chat_id: int, update_id: int) -> None:
        """It was dealt with, for a chat that was asked about."""
        _, done = self._chats.get(chat_id, (None, set()))
        done.difference_update([one for one in done if one < update_id - chats.SEEN_BEFORE])
        done.add(update_id)
        if len(self._chats) > KEPT:
            del self._chats[next(iter(self._chats))]
