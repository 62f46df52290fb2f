"""Where everything stands, in numbers, for the operator. Nothing in it says who anybody is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.bookings import UNSETTLED
from models import halts, lanes, looks
from models.booking import Booking
from models.chat import Chat, ChatState
from models.erasure import Erasure
from models.halt import Halt
from models.lane import Lane
from models.look import Look
from models.notice import Notice
from models.target import Target
from models.watch import Watch, WatchState


@dataclass(frozen=True, slots=True)
class Census:
    """`targets` are those somebody waits for, with the last look at each; the blind ones first.

    `waiting` are notices that are to be told, `given_up` those that could not be. `erasures` wait for the City.
    """

    lanes: Sequence[Lane]
    halts: Sequence[Halt]
    watches: Mapping[WatchState, int]
    chats: Mapping[ChatState, int]
    bookings: Sequence[Booking]
    targets: Sequence[Target]
    looks: Mapping[int, Look]
    waiting: int
    oldest: datetime | None
    given_up: int
    erasures: int

    @property
    def blind(self) -> int:
        return sum(one.blind_since is not None for one in self.targets)


def taken(session: Session) -> Census:
    waited_for = session.scalars(select(Target).where(col(Target.next_look_at).is_not(None))).all()
    ordered = sorted(waited_for, key=lambda one: (one.blind_since is None, one.id))
    untold = col(Notice.told_at).is_(None)
    waiting, oldest = session.execute(
        select(func.count(), func.min(col(Notice.created_at))).where(untold, col(Notice.next_try_at).is_not(None))
    ).one()
    return Census(
        lanes=lanes.list(session),
        halts=halts.list(session),
        watches=_watches(session),
        chats=_chats(session),
        bookings=session.scalars(
            select(Booking).where(col(Booking.state).in_(UNSETTLED)).order_by(col(Booking.moved_at))
        ).all(),
        targets=ordered,
        looks=looks.latest_of(session, [one.id for one in ordered]),
        waiting=waiting,
        oldest=oldest,
        given_up=session.scalars(
            select(func.count())
            .select_from(Notice)
            .where(untold, col(Notice.next_try_at).is_(None), col(Notice.attempts) > 0)
        ).one(),
        erasures=session.scalars(select(func.count()).select_from(Erasure)).one(),
    )


def _watches(session: Session) -> Mapping[WatchState, int]:
    counted = session.execute(select(col(Watch.state), func.count()).group_by(col(Watch.state)))
    return {WatchState(state): number for state, number in counted}


def _chats(session: Session) -> Mapping[ChatState, int]:
    known = col(Chat.sealed_id).is_not(None)
    counted = session.execute(select(col(Chat.state), func.count()).where(known).group_by(col(Chat.state)))
    return {ChatState(state): number for state, number in counted}
