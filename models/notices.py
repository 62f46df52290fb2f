"""The outbox: written with the change it tells of, delivered at least once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, update
from sqlmodel import Session, col

from models.chat_person import ChatPerson
from models.database import AlreadyThere, announce, insertion, put
from models.notice import Notice
from models.person import Person
from models.redaction import redacted
from models.watch import Watch, WatchState

_AT_ONCE = 500  # rows a statement; SQLite takes 32,766 values in one

FIRST_PAUSE = timedelta(minutes=1)
MOST_ATTEMPTS = 6


def write(
    session: Session,
    *,
    kind: str,
    facts: Mapping[str, Any],
    now: datetime,
    person_id: int | None = None,
    chat_id: int | None = None,
    watch_id: int | None = None,
    booking_id: int | None = None,
    dedupe: str | None = None,
) -> Notice:
    """A notice due at once, for a person or for a chat as a whole.

    With `dedupe`, the one that was written under that word before, if any.
    """
    if dedupe is not None and (before := _by_dedupe(session, dedupe)):
        return before
    notice = Notice(
        person_id=person_id,
        chat_id=chat_id,
        watch_id=watch_id,
        booking_id=booking_id,
        kind=kind,
        facts=redacted(facts),
        created_at=now,
        next_try_at=now,
        dedupe=dedupe,
    )
    try:
        put(session, notice)
    except AlreadyThere:  # another process wrote it between our look and our word
        return session.scalars(select(Notice).where(col(Notice.dedupe) == dedupe)).one()
    announce(session, notice.id)
    return notice


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice about a watch or its booking, to be written with many others."""

    person_id: int
    watch_id: int
    kind: str
    facts: Mapping[str, Any]
    dedupe: str
    booking_id: int | None = None


def write_all(session: Session, drafts: Sequence[Draft], *, now: datetime) -> None:
    """Notices due at once, in few statements however many they are; what was written under its `dedupe` stays."""
    for start in range(0, len(drafts), _AT_ONCE):
        rows = [
            {
                **asdict(draft),
                "facts": redacted(draft.facts),
                "created_at": now,
                "next_try_at": now,
                "attempts": 0,
            }
            for draft in drafts[start : start + _AT_ONCE]
        ]
        new = insertion(session, Notice).values(rows).on_conflict_do_nothing(index_elements=["dedupe"])
        for notice_id in session.scalars(new.returning(col(Notice.id))):
            announce(session, notice_id)


def told_of(session: Session, target_id: int, kinds: Collection[str], *, since: datetime) -> Sequence[tuple[int, int]]:
    """The watches on a target, going on still, for which such a notice was written since then; with their persons."""
    here = (col(Watch.target_id) == target_id) & col(Watch.state).in_((WatchState.OPEN, WatchState.PAUSED))
    such = exists().where(
        col(Notice.watch_id) == col(Watch.id), col(Notice.kind).in_(kinds), col(Notice.created_at) >= since
    )
    found = session.execute(select(col(Watch.id), col(Watch.person_id)).where(here, such).order_by(col(Watch.id)))
    return [(watch_id, person_id) for watch_id, person_id in found]


def due(session: Session, now: datetime, limit: int = 100) -> Sequence[Notice]:
    """What is to be told now to those without a chat, the oldest first.

    To deliver, claim: two deliverers may see the same here.
    """
    return session.scalars(select(Notice).where(_due(now)).order_by(col(Notice.id)).limit(limit)).all()


def claim_due(session: Session, now: datetime, *, lease: timedelta, limit: int = 100) -> Sequence[Notice]:
    """Due notices to those without a chat, which nobody else gets before `now + lease`; the oldest first."""
    oldest = (
        select(col(Notice.id)).where(_due(now)).order_by(col(Notice.id)).limit(limit).with_for_update(skip_locked=True)
    )
    claimed = (
        update(Notice)
        .where(col(Notice.id).in_(oldest.scalar_subquery()), _due(now))
        .values(next_try_at=now + lease, attempts=Notice.attempts + 1)
        .returning(Notice)
    )
    rows = session.scalars(claimed, execution_options={"populate_existing": True}).all()
    return sorted(rows, key=lambda notice: notice.id)


def for_chat(session: Session, chat_id: int, *, limit: int = 500) -> Sequence[Notice]:
    """What the chat is still to be told, due or not, in the order of writing. To deliver, lease the chat."""
    theirs = or_(col(Notice.chat_id) == chat_id, col(Notice.person_id).in_(_people_of(chat_id)))
    return session.scalars(select(Notice).where(theirs, _waiting()).order_by(col(Notice.id)).limit(limit)).all()


def told(session: Session, notice_id: int, *, now: datetime) -> None:
    untold = (col(Notice.id) == notice_id) & col(Notice.told_at).is_(None)
    session.exec(update(Notice).where(untold).values(told_at=now))


def chats_of(session: Session, notice_ids: Collection[int]) -> Sequence[int]:
    """The chats that these notices go to, each once."""
    theirs = select(reader()).outerjoin(ChatPerson, col(ChatPerson.person_id) == col(Notice.person_id))
    found = session.scalars(theirs.where(col(Notice.id).in_(notice_ids)).order_by(col(Notice.id)))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def reader() -> ColumnElement[int | None]:
    """The chat that a notice goes to, where ChatPerson is joined to it; none for who has no chat."""
    return func.coalesce(col(Notice.chat_id), col(ChatPerson.chat_id))


def give_up(session: Session, person_id: int) -> None:
    """What was not told to them never will be."""
    untold = (col(Notice.person_id) == person_id) & _waiting()
    session.exec(update(Notice).where(untold).values(next_try_at=None))


def refused(session: Session, notice_ids: Collection[int], *, now: datetime) -> None:
    """Telegram would not have them as they are: again later, each time twice as late, and given up in the end."""
    for notice in session.scalars(select(Notice).where(col(Notice.id).in_(notice_ids), _waiting())).all():
        notice.attempts += 1
        later = now + FIRST_PAUSE * 2**notice.attempts
        notice.next_try_at = later if notice.attempts < MOST_ATTEMPTS else None


def hold_back(session: Session, notice_ids: Collection[int], *, until: datetime) -> None:
    """They are not due before then."""
    untold = col(Notice.id).in_(notice_ids) & _waiting()
    session.exec(update(Notice).where(untold).values(next_try_at=until))


def let_go(session: Session, chat_id: int, *, now: datetime) -> None:
    """What was held back for this chat is due now; what Telegram refused keeps its time."""
    theirs = or_(col(Notice.chat_id) == chat_id, col(Notice.person_id).in_(_people_of(chat_id)))
    held = theirs & _waiting() & (col(Notice.attempts) == 0) & (col(Notice.next_try_at) > now)
    for notice_id in session.scalars(update(Notice).where(held).values(next_try_at=now).returning(col(Notice.id))):
        announce(session, notice_id)


def let_lapse(session: Session, notice_ids: Collection[int]) -> None:
    """They are of no use any more."""
    session.exec(update(Notice).where(col(Notice.id).in_(notice_ids), _waiting()).values(next_try_at=None))


def failed(session: Session, notice_id: int, retry_at: datetime | None) -> None:
    """It could not be delivered; None gives it up."""
    untold = (col(Notice.id) == notice_id) & col(Notice.told_at).is_(None)
    session.exec(update(Notice).where(untold).values(next_try_at=retry_at))


def of_booking(session: Session, booking_id: int) -> Sequence[Notice]:
    return session.scalars(select(Notice).where(col(Notice.booking_id) == booking_id).order_by(col(Notice.id))).all()


def of_watch(session: Session, watch_id: int) -> Sequence[Notice]:
    return session.scalars(select(Notice).where(col(Notice.watch_id) == watch_id).order_by(col(Notice.id))).all()


def untold(session: Session) -> Sequence[Notice]:
    """Whatever was neither told nor given up, due or not."""
    return session.scalars(select(Notice).where(_waiting()).order_by(col(Notice.id))).all()


def _due(now: datetime) -> ColumnElement[bool]:
    chatless = col(Notice.chat_id).is_(None) & ~exists().where(col(ChatPerson.person_id) == col(Notice.person_id))
    known = exists().where(col(Person.id) == col(Notice.person_id), col(Person.erased_at).is_(None))
    return col(Notice.told_at).is_(None) & (col(Notice.next_try_at) <= now) & chatless & known


def _people_of(chat_id: int) -> Select[int]:
    return select(col(ChatPerson.person_id)).where(col(ChatPerson.chat_id) == chat_id)


def _waiting() -> ColumnElement[bool]:
    return col(Notice.told_at).is_(None) & col(Notice.next_try_at).is_not(None)


def _by_dedupe(session: Session, dedupe: str) -> Notice | None:
    return session.scalars(select(Notice).where(col(Notice.dedupe) == dedupe)).first()
