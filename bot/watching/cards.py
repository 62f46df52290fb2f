"""What is shown of a watch, read from the rows in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.context import Talk
from bot.rights import watch_of
from core.bookings import UNSETTLED
from models import bookings, chat_watches, chats, outlooks, wishing
from models.booking import Booking
from models.database import Session
from models.outlooks import Outlook
from models.watch import Watch, WatchState

GOING_ON = (WatchState.OPEN, WatchState.PAUSED)
FINISHED = tuple(state for state in WatchState if state not in GOING_ON)


@dataclass(frozen=True, slots=True)
class Card:
    """`whom` it is for, where the chat stands for several. `bookings` are those under way or standing.

    `resumable`: whether it can be taken up again. `improves` is the appointment that an earlier one is looked for.
    """

    watch: Watch
    whom: str
    outlook: Outlook
    bookings: Sequence[Booking]
    resumable: bool
    improves: Booking | None = None

    @property
    def going_on(self) -> bool:
        return self.watch.state in GOING_ON

    @property
    def under_way(self) -> Sequence[Booking]:
        return [one for one in self.bookings if one.state in UNSETTLED]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards of a chat; of those that are over only how many."""

    going_on: Sequence[Card]
    finished: int


async def shelf(talk: Talk) -> Shelf:
    chat_id = talk.chat.id

    def read(session: Session) -> Shelf:
        every = chat_watches.of_chat(session, chat_id)
        current = [watch for watch in every if watch.state in GOING_ON]
        return Shelf(_cards(session, talk, current), finished=len(every) - len(current))

    return await talk.read(read)


async def finished(talk: Talk) -> Sequence[Card]:
    """The newest first."""
    chat_id = talk.chat.id
    return await talk.read(
        lambda session: _cards(session, talk, reversed(chat_watches.of_chat(session, chat_id, *FINISHED)))
    )


async def one(talk: Talk, watch_id: int) -> Card:
    """Raises bot.rights.NotTheirs."""
    chat_id = talk.chat.id
    [card] = await talk.read(lambda session: _cards(session, talk, [watch_of(session, chat_id, watch_id)]))
    return card


def _cards(session: Session, talk: Talk, watches: Iterable[Watch]) -> Sequence[Card]:
    every = list(watches)
    names = chats.names(session, talk.parts.keyring, talk.chat.id)
    seen = outlooks.of_targets(session, {watch.target_id for watch in every}, now=talk.now)
    booked = chat_watches.bookings_of(session, [watch.id for watch in every])
    return [
        Card(
            watch=watch,
            whom=names.get(watch.person_id, ""),
            outlook=seen[watch.target_id],
            bookings=booked.get(watch.id, []),
            resumable=wishing.can_go_on(session, watch, now=talk.now),
            improves=bookings.improved_by(session, watch),
        )
        for watch in every
    ]
