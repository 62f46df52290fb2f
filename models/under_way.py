"""Bookings under way with the message of a chat that stands for each, so that it can be kept true."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select, true
from sqlmodel import Session, col

from core.bookings import UNSETTLED
from core.wishes import Mode
from models.booking import Booking
from models.chat import Chat, ChatState
from models.chat_message import ChatMessage
from models.chat_person import ChatPerson
from models.hold import Hold
from models.notice import Notice
from models.watch import Watch

PURPOSE = "booking:"  # and the booking's number: what the message stands for
QUIET, HEARD = "quiet:", "heard:"  # how `shows` begins once a message shows a step, by whether it ever made a sound

GONE = "gone"  # what `shows` says of a message that the person deleted, or that another is about to replace


@dataclass(frozen=True, slots=True)
class Affair:
    """A booking, and how it stands in the chat. `display_number` is empty until the City has given one."""

    chat_id: int
    booking: Booking
    watch: Watch
    message: ChatMessage | None
    link_given: bool = False
    display_number: str = ""

    @property
    def purpose(self) -> str:
        return f"{PURPOSE}{self.booking.id}"

    @property
    def settled(self) -> bool:
        return self.booking.state not in UNSETTLED

    @property
    def asks(self) -> bool:
        """Whether the person was or will be asked before it is booked."""
        return self.watch.mode is Mode.ASK

    @property
    def shows(self) -> str:
        return self.message.shows if self.message is not None else ""

    @property
    def shows_step(self) -> bool:
        return self.shows.startswith((QUIET, HEARD))


def affairs(
    session: Session, *, now: datetime, also: Collection[int] = (), chat_id: int | None = None
) -> Sequence[Affair]:
    """What is under way for active chats, and the bookings named by `also`; the oldest first."""
    rested = or_(col(Chat.rest_until).is_(None), col(Chat.rest_until) <= now)
    wanted = or_(col(Booking.state).in_(UNSETTLED), col(Booking.id).in_([*also]))
    reached = and_(col(Chat.state) == ChatState.ACTIVE, rested)
    here = true() if chat_id is None else col(Chat.id) == chat_id
    return _found(session, and_(wanted, reached, here))


def of_booking(session: Session, chat_id: int, booking_id: int) -> Affair | None:
    """None where the chat does not stand for its person."""
    return next(iter(_found(session, and_(col(Chat.id) == chat_id, col(Booking.id) == booking_id))), None)


def shown(session: Session) -> set[int]:
    """The bookings of which some message shows a step, under way or not: what a restart must find again."""
    step = or_(col(ChatMessage.shows).startswith(QUIET), col(ChatMessage.shows).startswith(HEARD))
    those = select(col(ChatMessage.purpose)).where(step, col(ChatMessage.purpose).startswith(PURPOSE))
    numbers = (purpose.removeprefix(PURPOSE) for purpose in session.scalars(those))
    return {int(number) for number in numbers if number.isdigit()}


def told(session: Session, booking_id: int) -> Notice | None:
    """The newest notice about it that was told."""
    theirs = (col(Notice.booking_id) == booking_id) & col(Notice.told_at).is_not(None)
    return session.scalars(select(Notice).where(theirs).order_by(col(Notice.id).desc())).first()


def _found(session: Session, wanted: ColumnElement[bool]) -> Sequence[Affair]:
    purpose = literal(PURPOSE) + cast(col(Booking.id), String)
    stands = and_(col(ChatMessage.chat_id) == col(Chat.id), col(ChatMessage.purpose) == purpose)
    every = (
        select(Booking, Watch, Chat, ChatMessage, Hold)
        .join(ChatPerson, col(ChatPerson.person_id) == col(Booking.person_id))
        .join(Chat, col(Chat.id) == col(ChatPerson.chat_id))
        .join(Watch, col(Watch.id) == col(Booking.watch_id))
        .outerjoin(ChatMessage, stands)
        .outerjoin(Hold, col(Hold.booking_id) == col(Booking.id))
    )
    return [
        Affair(
            chat_id=chat.id,
            booking=booking,
            watch=watch,
            message=message,
            link_given=hold is not None and hold.link_given_at is not None,
            display_number=hold.display_number if hold is not None else "",
        )
        for booking, watch, chat, message, hold in session.execute(every.where(wanted).order_by(col(Booking.id)))
    ]
