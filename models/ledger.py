"""The missed-slot ledger of a watch, read from what was seen and what was tried. Nothing is kept for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col

from core.bookings import ENDED
from core.ledger import Line, Offered, Try, line
from core.slots import Slot
from models import events
from models.booking import Booking
from models.slot_seen import SlotSeen
from models.watch import Watch

DRAWS_READ = 500


def of_watch(session: Session, watch: Watch, *, limit: int = 50) -> Sequence[Line]:
    """The slots that fitted this watch since it began to wait, those first seen last coming first."""
    fitted = [row for row in _offered(session, watch) if _fits(watch, row)][:limit]
    tries = _tries(session, {row.slot for row in fitted})
    drawn = _left_out(session, watch)
    mine = [_try(booking, since=watch.since) for booking in _of_person(session, watch)]
    return [
        line(
            Offered(row.slot, first=row.first_seen_at, gone=row.gone_at),
            mode=watch.mode,
            since=watch.since,
            own=_last(tries.get(row.slot, ()), of=watch.id),
            others=_rival(tries.get(row.slot, ()), than=watch.id, since=row.first_seen_at),
            occupied=tuple(mine),
            left_out=drawn.get(row.first_seen_at, ""),
        )
        for row in fitted
    ]


def place_in_draw(session: Session, watch: Watch) -> tuple[int, int, int] | None:
    """This watch's place in the last draw it took part in, of how many, and the draw's seed."""
    for event in events.latest(session, "slots.drawn", target_id=watch.target_id, limit=20):
        order = event.fields.get("order", [])
        if watch.id in order:
            return order.index(watch.id) + 1, int(event.fields["of"]), int(event.fields["seed"])
    return None


def _offered(session: Session, watch: Watch) -> Iterable[SlotSeen]:
    since = or_(col(SlotSeen.gone_at).is_(None), col(SlotSeen.gone_at) > watch.since)
    here = (col(SlotSeen.target_id) == watch.target_id) & since
    newest_first = (col(SlotSeen.first_seen_at).desc(), col(SlotSeen.starts_at))
    return session.scalars(select(SlotSeen).where(here).order_by(*newest_first))


def _fits(watch: Watch, row: SlotSeen) -> bool:
    moment = max(row.first_seen_at, watch.since)
    accepted = not watch.office_ids or row.office_id in watch.office_ids
    return accepted and watch.rules.pleases(row.slot, now=moment)


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
