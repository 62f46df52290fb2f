"""The missed-slot ledger of a watch, read from what was seen and what was tried. Nothing is kept for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from core.bookings import ENDED
from core.coverage import Span
from core.ledger import Account, Line, Offered, Try, line, refusals
from core.slots import Slot
from core.wishes import Wish
from models import events, recorded
from models.booking import Booking
from models.slot_seen import SlotSeen
from models.watch import Watch, WatchState

DRAWS_READ = 500
_BEGINS = ("watch.opened", f"watch.{WatchState.OPEN}", "watch.changed")
_ENDS = tuple(f"watch.{state}" for state in WatchState if state is not WatchState.OPEN)


def of_watch(session: Session, watch: Watch, *, limit: int = 50) -> Sequence[Line]:
    """The slots that fitted this watch since it began to wait, those first seen last coming first."""
    wish = recorded.wish_of(session, watch)
    fitted = [one for one in _offered(session, watch, watch.since) if _fits(wish, one, since=watch.since)]
    return _lines(session, watch, fitted[:limit])


def account(session: Session, watch: Watch, *, longest: timedelta, now: datetime) -> Account:
    """What became of all that was seen while the watch was open with the wish as it is, for `longest` at most."""
    span = _span(session, watch, longest=longest, now=now)
    wish = recorded.wish_of(session, watch)
    offers = [one for one in _offered(session, watch, span.start) if one.first <= span.end]
    fitted = [one for one in offers if _fits(wish, one, since=span.start)]
    unfit, refused = refusals(wish, offers, since=span.start)
    return Account(span=span, lines=_lines(session, watch, fitted), unfit=unfit, refused=refused)


def place_in_draw(session: Session, watch: Watch) -> tuple[int, int, int] | None:
    """This watch's place in the last draw it took part in, of how many, and the draw's seed."""
    for event in events.latest(session, "slots.drawn", target_id=watch.target_id, limit=20):
        order = event.fields.get("order", [])
        if watch.id in order:
            return order.index(watch.id) + 1, int(event.fields["of"]), int(event.fields["seed"])
    return None


def _span(session: Session, watch: Watch, *, longest: timedelta, now: datetime) -> Span:
    """Before it was last opened or changed it was not open, or wanted something else: nothing is told of that.

    One that rests since longer ago than events are kept has nothing to tell.
    """
    turns = events.of_watch(session, watch.id, kinds=(*_BEGINS, *_ENDS))
    begun = [event.at for event in turns if event.kind in _BEGINS]
    ended = [event.at for event in turns if event.kind in _ENDS]
    rests_since = ended[-1] if ended else watch.since
    end = now if watch.state is WatchState.OPEN else rests_since
    return Span(min(end, max([watch.since, end - longest, *begun])), end)


def _lines(session: Session, watch: Watch, fitted: Sequence[Offered]) -> Sequence[Line]:
    tries = _tries(session, {one.slot for one in fitted})
    drawn = _left_out(session, watch)
    mine = [_try(booking, since=watch.since) for booking in _of_person(session, watch)]
    return [
        line(
            one,
            mode=watch.mode,
            since=watch.since,
            own=_last(tries.get(one.slot, ()), of=watch.id),
            others=_rival(tries.get(one.slot, ()), than=watch.id, since=one.first),
            occupied=tuple(mine),
            left_out=drawn.get(one.first, ""),
        )
        for one in fitted
    ]


def _offered(session: Session, watch: Watch, since: datetime) -> Sequence[Offered]:
    there = or_(col(SlotSeen.gone_at).is_(None), col(SlotSeen.gone_at) > since)
    here = (col(SlotSeen.target_id) == watch.target_id) & there & (col(SlotSeen.last_seen_at) >= since)
    newest_first = (col(SlotSeen.first_seen_at).desc(), col(SlotSeen.starts_at))
    rows = session.scalars(select(SlotSeen).where(here).order_by(*newest_first))
    return [Offered(row.slot, first=row.first_seen_at, gone=row.gone_at) for row in rows]


def _fits(wish: Wish, one: Offered, *, since: datetime) -> bool:
    return wish.pleases(one.slot, now=max(one.first, since))


def _left_out(session: Session, watch: Watch) -> dict[datetime, str]:
    """Why this watch took no part in a draw, by the moment of the draw, which is that of the look."""
    draws = events.latest(session, "slots.drawn", target_id=watch.target_id, limit=DRAWS_READ)
    whys = ((event.at, event.fields.get("left_out", {}).get(str(watch.id))) for event in draws)
    return {at: str(why) for at, why in whys if why}


def _tries(session: Session, slots: set[Slot]) -> dict[Slot, list[tuple[Booking, Watch]]]:
    starts = {slot.starts_at for slot in slots}
    found: dict[Slot, list[tuple[Booking, Watch]]] = {}
    rows = session.execute(
        select(Booking, Watch)
        .join(Watch, col(Watch.id) == col(Booking.watch_id))
        .where(col(Booking.starts_at).in_(starts))
        .order_by(col(Booking.id))
    )
    for booking, watch in rows:
        found.setdefault(booking.slot, []).append((booking, watch))
    return found


def _of_person(session: Session, watch: Watch) -> Sequence[Booking]:
    return session.scalars(select(Booking).where(col(Booking.person_id) == watch.person_id)).all()


def _last(tries: Iterable[tuple[Booking, Watch]], *, of: int) -> Try | None:
    own = [booking for booking, watch in tries if watch.id == of]
    return _try(own[-1], since=own[-1].created_at) if own else None


def _rival(tries: Iterable[tuple[Booking, Watch]], *, than: int, since: datetime) -> Try | None:
    others = [(booking, watch) for booking, watch in tries if watch.id != than and booking.created_at >= since]
    return _try(others[-1][0], since=others[-1][1].since) if others else None


def _try(booking: Booking, *, since: datetime) -> Try:
    over = booking.state in ENDED
    return Try(
        state=booking.state,
        reason=booking.reason,
        began=booking.created_at,
        ended=booking.moved_at if over else booking.over_at,
        since=since,
    )
