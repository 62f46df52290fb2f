"""Following watches until each is settled: booked, waiting for its mailed link, told, or ended."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlmodel import Session

from bot import texts
from console import printing
from console.store import watch_of
from core.bookings import BookingState
from core.slots import utc_now
from core.wishes import Mode
from models import bookings, notices, targets
from models.booking import Booking
from models.database import Database
from models.watch import Watch, WatchState

EVERY = 0.5  # seconds
NOBODY_LOOKS_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`settled` False: the watch still hopes."""

    ok: bool
    settled: bool
    sentence: str


async def follow(
    database: Database, watch_ids: Sequence[int], *, within: timedelta, progress: bool
) -> dict[int, Outcome]:
    started, warned = utc_now(), False
    with _bar(visible=progress) as bar:
        task = bar.add_task("Settled", total=len(watch_ids))
        while True:
            seen = await database.read(lambda session: {one: outcome(session, one) for one in watch_ids})
            bar.update(task, completed=sum(one.settled for one in seen.values()))
            waited = utc_now() - started
            if all(one.settled for one in seen.values()) or waited >= within:
                return seen
            if not warned and waited >= NOBODY_LOOKS_AFTER:
                warned = await database.read(lambda session: _nobody_looks(session, watch_ids, since=started))
                if warned:
                    printing.remark("Nobody has looked for half a minute. Is MTA running? Start it with: mta up")
            await asyncio.sleep(EVERY)


def outcome(session: Session, watch_id: int) -> Outcome:
    watch = watch_of(session, watch_id)
    own = [one for one in bookings.list(session, person_id=watch.person_id) if one.watch_id == watch_id]
    if own and own[-1].state in (BookingState.PRECONFIRMED, BookingState.CONFIRMED):
        return Outcome(ok=True, settled=True, sentence=_of_booking(own[-1]))
    if watch.state is WatchState.FULFILLED:
        return Outcome(ok=True, settled=True, sentence="fulfilled")
    if watch.state in (WatchState.ENDED, WatchState.STOPPED):
        return Outcome(ok=False, settled=True, sentence=_end_of(watch))
    told = [one for one in notices.of_watch(session, watch_id) if one.kind == "slots.found"]
    if watch.mode is Mode.NOTIFY and told:
        return Outcome(ok=True, settled=True, sentence=texts.render("slots.found", told[-1].facts, "en", None))
    return Outcome(ok=False, settled=False, sentence="still open: no slot that pleases so far")


def _of_booking(booking: Booking) -> str:
    when = printing.berlin(booking.starts_at)
    if booking.state is BookingState.CONFIRMED:
        return f"booking {booking.id} confirmed: {when}"
    return f"booking {booking.id} preconfirmed: {when}; its mailed link is wanted by {_clock(booking.deadline_at)}"


def _end_of(watch: Watch) -> str:
    return f"{watch.state}: {texts.reason(watch.ended_reason or str(watch.state), 'en')}"


def _clock(moment: datetime | None) -> str:
    return texts.clock(moment, "en") if moment else "soon"


def _nobody_looks(session: Session, watch_ids: Sequence[int], *, since: datetime) -> bool:
    looked = (targets.get(session, watch_of(session, one).target_id).last_look_at for one in watch_ids)
    return not any(moment is not None and moment >= since for moment in looked)


def _bar(*, visible: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=printing.aside(),
        transient=True,
        disable=not visible,
    )
