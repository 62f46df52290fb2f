"""Bookings whose walk ended early: the City is asked what is true, and the booking is finished or released."""

import re

from sqlmodel import Session

from core.bookings import DEFAULT_RESERVATION, Appointment, BookingState
from core.errors import AnswerLost, BadInput, BrowserIll, MtaError, Refused, SlotGone
from core.slots import utc_now
from models import bookings, catalogs
from models.booking import Booking
from workers import artifacts, booking
from workers.booking import Errand
from workers.runtime import Runtime

MANAGE = "manage"  # the pool's key for pages that open links rather than look
GONE_AT_THE_CITY = frozenset({"deleted", "free"})
_MAYBE_CLICKED = (AnswerLost, BrowserIll)
_FINAL = (Refused, BadInput)


async def take(runtime: Runtime, booking_id: int) -> Errand | None:
    return await runtime.database.act(
        lambda session: booking.take(session, booking_id, keyring=runtime.keyring, owner=runtime.owner, now=utc_now())
    )


async def failed(runtime: Runtime, booking_id: int, error: MtaError) -> None:
    """Bring a booking whose walk raised `error` to rest, by where its row stands."""
    errand = await take(runtime, booking_id)
    if errand is None:
        return
    match errand.state:
        case BookingState.WANTED:
            await _end(runtime, errand, BookingState.RELEASED, error)
        case BookingState.HOLDING if isinstance(error, SlotGone):
            await _next_best(runtime, errand)
        case BookingState.HOLDING if isinstance(error, _MAYBE_CLICKED):
            await runtime.database.act(lambda session: booking.possible_hold(session, errand.booking_id, now=utc_now()))
        case BookingState.HOLDING:
            await _end(runtime, errand, BookingState.RELEASED, error)
        case _:
            await settle(runtime, errand, because=error)


async def settle(runtime: Runtime, errand: Errand, *, because: MtaError | None = None) -> None:
    """Ask the City about a booking that has a key, and follow its answer; release what cannot be finished."""
    if errand.key is None:
        await _wait_out(runtime, errand)
        return
    async with runtime.pool.lease(MANAGE) as lease:
        seen = await runtime.portal.read(lease, errand.key)
        await runtime.database.act(
            lambda session: booking.read_back(
                session, errand.booking_id, seen.status if seen else "gone", now=utc_now()
            )
        )
        if seen is not None and seen.status == "reserved":
            await runtime.portal.cancel(lease, errand.key)
    await _follow(runtime, errand, seen, because)


async def _follow(runtime: Runtime, errand: Errand, seen: Appointment | None, because: MtaError | None) -> None:
    if seen is None or seen.status in GONE_AT_THE_CITY:
        await _end(runtime, errand, BookingState.EXPIRED, because)
    elif seen.status == "reserved":
        await _end(runtime, errand, BookingState.RELEASED, because)
    elif seen.status == "confirmed":
        await confirmed(runtime, errand, seen)
    elif seen.status == "preconfirmed" and errand.state is BookingState.DETAILED:
        await runtime.database.act(
            lambda session: booking.to_preconfirmed(session, errand.booking_id, seen, now=utc_now())
        )
    else:
        await runtime.database.act(lambda session: bookings.release_lease(session, errand.booking_id))


async def confirmed(runtime: Runtime, errand: Errand, answer: Appointment) -> None:
    """Keep what the person takes along, then say confirmed: only ever after the City has said so."""
    async with runtime.pool.lease(MANAGE) as lease:
        picture = await runtime.portal.proof(
            lease, answer.key, folder=artifacts.folder(runtime.artifacts, errand.booking_id)
        )
    await runtime.database.act(lambda session: _confirmed(session, runtime, errand, answer, str(picture or "")))


def _confirmed(session: Session, runtime: Runtime, errand: Errand, answer: Appointment, picture: str) -> Booking:
    now = utc_now()
    kept = catalogs.latest(session, runtime.site_url)
    office = kept.catalog.office_by_id.get(answer.office_id) if kept else None
    lasts = kept.catalog.duration(errand.target.services, office_id=answer.office_id) if kept else None
    entry = artifacts.write_calendar(
        artifacts.folder(runtime.artifacts, errand.booking_id) / "termin.ics",
        answer,
        office=office,
        lasts=lasts or DEFAULT_RESERVATION,
        now=now,
    )
    return booking.to_confirmed(session, errand.booking_id, answer, screenshot=picture, calendar=str(entry), now=now)


async def _next_best(runtime: Runtime, errand: Errand) -> None:
    following = await runtime.database.act(
        lambda session: booking.lost_to_others(session, errand.booking_id, now=utc_now())
    )
    if following is not None:
        runtime.queue.book(following)


async def _wait_out(runtime: Runtime, errand: Errand) -> None:
    """A possible hold: known and dated; nothing is clicked until the City has surely dropped it."""
    await runtime.database.act(lambda session: booking.wait_out(session, errand.booking_id, now=utc_now()))


async def _end(runtime: Runtime, errand: Errand, state: BookingState, because: MtaError | None) -> None:
    await runtime.database.act(
        lambda session: booking.end(
            session,
            errand.booking_id,
            state,
            reason=reason_of(because) if because else str(state),
            final=isinstance(because, _FINAL),
            now=utc_now(),
        )
    )


def reason_of(error: MtaError) -> str:
    """A code for rows and texts: the City's own where it gave one, else the error's name in kebab case."""
    if isinstance(error, Refused):
        return error.code
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
