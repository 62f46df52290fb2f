"""The guardian of preconfirmed bookings: reminds the person of the mailed link, and looks for it in the mailbox."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from core import reminders
from core.bookings import HoldKey
from core.errors import MtaError
from core.slots import utc_now
from models import events, holds, notices
from models.booking import Booking
from models.keyring import Keyring
from workers.runtime import Runtime

FRESH = timedelta(minutes=3)  # the City queues its mails; most come within seconds
READ_WHILE_FRESH = timedelta(seconds=10)
READ_LATER = timedelta(minutes=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Awaited:
    """A link that somebody waits for. The hold may be older than our row says preconfirmed: mails count from it."""

    booking_id: int
    held_at: datetime


def remind(session: Session, *, now: datetime) -> None:
    """Write the reminder that is due for each booking whose link nobody has given yet, once."""
    for _, booking in holds.awaiting_link(session):
        if booking.deadline_at is not None and (
            planned := reminders.due(booking.moved_at, booking.deadline_at, now=now)
        ):
            _remind(session, booking, booking.deadline_at, *planned, now=now)


def pause_between_readings(session: Session, *, now: datetime) -> timedelta | None:
    """How often the mailbox is worth reading now; None while no booking waits for its link."""
    waiting = [booking.moved_at for _, booking in holds.awaiting_link(session)]
    if not waiting:
        return None
    return READ_WHILE_FRESH if now - max(waiting) < FRESH else READ_LATER


async def mailbox(runtime: Runtime) -> None:
    """Job: give the links found in the mailbox, as the person would. Trouble there is noted and ends nothing else."""
    awaited = await runtime.database.read(lambda session: _awaited(session, runtime.keyring))
    if runtime.mailbox is None or not awaited:
        return
    since = min(one.held_at for one in awaited.values())
    try:
        found = await asyncio.to_thread(runtime.mailbox.find, frozenset(awaited), since=since)
    except MtaError as error:
        log.warning("mailbox.unread", reason=str(error))
        return
    for booking_id in await runtime.database.act(lambda session: _give(session, runtime.keyring, found)):
        runtime.queue.confirm(booking_id)


def _awaited(session: Session, keyring: Keyring) -> Mapping[HoldKey, Awaited]:
    return {
        holds.key(keyring, hold): Awaited(booking.id, hold.held_at) for hold, booking in holds.awaiting_link(session)
    }


def _give(session: Session, keyring: Keyring, found: frozenset[HoldKey]) -> list[int]:
    """The bookings that still wait, in case the person was faster than the mailbox."""
    now = utc_now()
    given = [one.booking_id for key, one in _awaited(session, keyring).items() if key in found]
    for booking_id in given:
        holds.give_link(session, booking_id, now=now)
        events.note(session, "booking.link_given", now=now, booking_id=booking_id, source="mailbox")
    return given


def _remind(session: Session, booking: Booking, deadline: datetime, nth: int, most: int, *, now: datetime) -> None:
    notices.write(
        session,
        person_id=booking.person_id,
        watch_id=booking.watch_id,
        booking_id=booking.id,
        kind="booking.reminder",
        facts={
            "office_id": booking.office_id,
            "starts_at": booking.starts_at.isoformat(),
            "until": deadline.isoformat(),
            "nth": nth,
            "final": nth == most,
        },
        dedupe=f"booking.reminder:{booking.id}:{nth}",
        now=now,
    )
