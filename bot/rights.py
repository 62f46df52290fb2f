"""Who may do what. Handlers declare a right; bot.dispatch asks here, and nowhere else."""

from dataclasses import dataclass
from enum import StrEnum

from models import bookings, chats, watches
from models.booking import Booking
from models.chat import Chat, ChatState, Role
from models.database import Session
from models.watch import Watch


class Right(StrEnum):
    """Anybody: also strangers. Guest: was let in, has not agreed yet. Person: has. Operator: is one.

    Own: over what is kept of oneself, which persons have, and also who was barred.
    """

    ANYBODY = "anybody"
    OWN = "own"
    GUEST = "guest"
    PERSON = "person"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who speaks. `chat` is None for a stranger, of whom nothing is kept; `lets_in` if they need no invitation.

    `is_alone` if nobody else reads along: nobody is an operator in a group.
    """

    telegram_id: int
    user_id: int
    chat: Chat | None
    is_operator: bool = False
    is_alone: bool = True
    lets_in: bool = False

    @property
    def rights(self) -> frozenset[Right]:
        if self.chat is None:
            return frozenset({Right.ANYBODY})
        if self.chat.barred_at is not None:
            return frozenset({Right.ANYBODY, Right.OWN})
        active = self.chat.state in (ChatState.ACTIVE, ChatState.BLOCKED)  # who writes again does not block any more
        if not active:
            return frozenset({Right.ANYBODY, Right.GUEST})
        operator = self.is_alone and (self.is_operator or self.chat.role is Role.OPERATOR)
        return frozenset(Right) if operator else frozenset(Right) - {Right.OPERATOR}

    def may(self, right: Right) -> bool:
        return right in self.rights


class NotTheirs(Exception):
    """A button that names what is not this chat's: forged, or of a person who was erased. Never told apart."""


def check_person(session: Session, chat_id: int, person_id: int) -> None:
    if not chats.stands_for(session, chat_id, person_id):
        raise NotTheirs


def watch_of(session: Session, chat_id: int, watch_id: int) -> Watch:
    """The watch, if the chat stands for its person; raises NotTheirs, also where there is none."""
    watch = watches.find(session, watch_id)
    if watch is None:
        raise NotTheirs
    check_person(session, chat_id, watch.person_id)
    return watch


def booking_of(session: Session, chat_id: int, booking_id: int) -> Booking:
    """As `watch_of`, for a booking."""
    booking = bookings.find(session, booking_id)
    if booking is None:
        raise NotTheirs
    check_person(session, chat_id, booking.person_id)
    return booking


def check_all(session: Session, chat_id: int, named: dict[str, int]) -> None:
    """Every row that a callback names by `person_id`, `watch_id` or `booking_id` is this chat's."""
    for name, number in named.items():
        match name:
            case "person_id":
                check_person(session, chat_id, number)
            case "watch_id":
                watch_of(session, chat_id, number)
            case "booking_id":
                booking_of(session, chat_id, number)
