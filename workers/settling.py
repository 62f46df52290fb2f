"""Bookings whose walk ended early: the City is asked what is true, and the booking is finished or released."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from browser_profiles.lease import Lease
from core.bookings import DEFAULT_RESERVATION, Appointment, BookingState, HoldKey
from core.errors import AnswerLost, BadInput, BrowserIll, MtaError, Refused, SessionExpired, SlotGone, Transient
from core.footprint import Purpose
from core.slots import utc_now
from models import bookings, catalogs, people
from models.database import Session
from workers import artifacts, booking, metering, resting
from workers.artifacts import Entry
from workers.booking import Errand
from workers.metering import Asked
from workers.pacer import Wait
from workers.runtime import Runtime

MANAGE = "manage"  # the pool's key for pages that open links rather than look
COST = 5  # requests: two to read, then three to give a hold back or two for the picture
GONE_AT_THE_CITY = frozenset({"deleted", "free"})
_MAYBE_CLICKED = (AnswerLost, BrowserIll)
_FINAL = (Refused, BadInput)


@asynccontextmanager
async def carrying(runtime: Runtime, booking_id: int) -> AsyncIterator[Errand | None]:
    """The booking leased to this run until the block ends; None when it has ended or another run has it.

    Whoever was cancelled, or met a bug, cannot say what is still under way: then the lease stays until it runs out.
    """
    run = runtime.run_name()
    errand = await runtime.database.act(
        lambda session: booking.take(session, booking_id, keyring=runtime.keyring, run=run, now=utc_now())
    )
    try:
        yield errand
    except MtaError:
        await _let_go(runtime, booking_id, run)
        raise
    await _let_go(runtime, booking_id, run)


async def failed(runtime: Runtime, errand: Errand, error: MtaError) -> None:
    """Bring a booking whose walk raised `error` to rest, by where its row stands."""
    await resting.refused(runtime, error)
    errand = await _as_it_stands(runtime, errand)
    match errand.state:
        case BookingState.WANTED if isinstance(error, Transient):
            raise error  # nothing was tried yet; reconcile sends it again
        case BookingState.WANTED:
            await _end(runtime, errand, BookingState.RELEASED, error)
        case BookingState.HOLDING if isinstance(error, SlotGone):
            await _next_best(runtime, errand)
        case BookingState.HOLDING if isinstance(error, SessionExpired):
            await _again(runtime, errand, error)
        case BookingState.HOLDING if isinstance(error, _MAYBE_CLICKED):
            await wait_out(runtime, errand)
        case BookingState.HOLDING:
            await _end(runtime, errand, BookingState.RELEASED, error)
        case _:
            await _settle_after(runtime, errand, error)


async def settle(runtime: Runtime, errand: Errand, *, because: MtaError | None = None) -> None:
    """Ask the City about a booking that has a key, and follow its answer; release what cannot be finished."""
    if errand.state is BookingState.CONFIRMED:
        return
    if errand.key is None:
        await wait_out(runtime, errand)
        return
    async with metering.errand(runtime, cost=COST, until=_awaited_until(errand)) as asked:
        async with runtime.pool.lease(MANAGE) as lease:
            with asked.on(lease, Purpose.READ):
                seen = await _read(runtime, lease, errand, errand.key)
        await _follow(runtime, errand, seen, because, asked)


async def wait_out(runtime: Runtime, errand: Errand) -> None:
    """Without the hold's key nothing can be asked, so only time can tell."""
    await runtime.database.act(
        lambda session: booking.wait_out(session, errand, site_url=runtime.site_url, now=utc_now())
    )


async def confirmed(runtime: Runtime, errand: Errand, answer: Appointment, asked: Asked) -> None:
    """Keep what the person takes along, then say confirmed: only ever after the City has said so.

    The picture is of the City's page opened once more, under the grant by which the City was `asked`.
    """
    folder = artifacts.folder(runtime.artifacts, errand.booking_id)
    picture = await _picture(runtime, answer, folder, asked)
    written = await runtime.database.read(lambda session: entry(session, runtime, errand, answer))
    path = artifacts.write_calendar(folder / "termin.ics", answer, written, now=utc_now())
    await runtime.database.act(
        lambda session: booking.to_confirmed(
            session, errand, answer, screenshot=str(picture or ""), calendar=str(path), now=utc_now()
        )
    )
    if errand.replaces_id is not None:
        runtime.queue.cancel(errand.replaces_id)


def reason_of(error: MtaError) -> str:
    """A code for rows and texts: the City's own where it gave one, else the error's name in kebab case."""
    if isinstance(error, Refused):
        return error.code
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


async def _let_go(runtime: Runtime, booking_id: int, run: str) -> None:
    await runtime.database.act(lambda session: bookings.release_lease(session, booking_id, owner=run))


async def _as_it_stands(runtime: Runtime, errand: Errand) -> Errand:
    fresh = await runtime.database.act(
        lambda session: booking.take(session, errand.booking_id, keyring=runtime.keyring, run=errand.run, now=utc_now())
    )
    if fresh is None:
        raise bookings.LeaseLost(f"Booking {errand.booking_id} is in other hands.")
    return fresh


async def _settle_after(runtime: Runtime, errand: Errand, error: MtaError) -> None:
    """Why the walk ended is known only here, so a lane that keeps silent is waited for, once."""
    try:
        await settle(runtime, errand, because=error)
    except Wait as wait:
        await asyncio.sleep(wait.retry_in.total_seconds())
        await settle(runtime, errand, because=error)


def _awaited_until(errand: Errand) -> datetime | None:
    """A hold runs out by itself, and nothing is lost by it; a link that is to be opened is worth nothing later."""
    return errand.deadline_at if errand.state is BookingState.PRECONFIRMED else None


async def _read(runtime: Runtime, lease: Lease, errand: Errand, key: HoldKey) -> Appointment | None:
    """What the City says of it; a hold that is only reserved is given back."""
    seen = await runtime.portal.read(lease, key)
    status = seen.status if seen else "gone"
    await runtime.database.act(lambda session: booking.read_back(session, errand, status, now=utc_now()))
    if status == "reserved":
        await runtime.portal.cancel(lease, key)
    return seen


async def _follow(
    runtime: Runtime, errand: Errand, seen: Appointment | None, because: MtaError | None, asked: Asked
) -> None:
    if seen is None or seen.status in GONE_AT_THE_CITY:
        await _end(runtime, errand, BookingState.EXPIRED, because)
    elif seen.status == "reserved" and (because is None or isinstance(because, Transient)):
        await _again(runtime, errand, because)
    elif seen.status == "reserved":
        await _end(runtime, errand, BookingState.RELEASED, because)
    elif seen.status == "confirmed":
        await confirmed(runtime, errand, seen, asked)
    elif seen.status == "preconfirmed" and errand.state is BookingState.DETAILED:
        await runtime.database.act(lambda session: booking.to_preconfirmed(session, errand, seen, now=utc_now()))


async def _picture(runtime: Runtime, answer: Appointment, folder: Path, asked: Asked) -> Path | None:
    """The City's own page with the appointment. Its absence changes nothing about the appointment."""
    try:
        async with runtime.pool.lease(MANAGE) as lease:
            with asked.on(lease, Purpose.READ):
                await runtime.portal.read(lease, answer.key)
            return await runtime.portal.screenshot(lease, folder / "termin.png", mask_personal=False)
    except MtaError:
        return None


def entry(session: Session, runtime: Runtime, errand: Errand, answer: Appointment) -> Entry:
    """In the language of the person, with what the catalogue knows of the office."""
    kept, services = catalogs.latest(session, runtime.site_url), errand.target.services
    person = people.get(session, bookings.get(session, errand.booking_id).person_id)
    office = kept.catalog.office_by_id.get(answer.office_id) if kept else None
    lasts = kept.catalog.duration(services, office_id=answer.office_id) if kept else None
    ids = [one.service_id for one in services]
    return Entry(office, ids, lasts or DEFAULT_RESERVATION, str(person.language))


async def _next_best(runtime: Runtime, errand: Errand) -> None:
    new = await runtime.database.act(lambda session: booking.lost_to_others(session, errand, now=utc_now()))
    for booking_id in new:
        runtime.queue.book(booking_id)


async def _again(runtime: Runtime, errand: Errand, because: MtaError | None) -> None:
    """It was lost by our fault, or the City's, and given back: the same slot is wanted anew, a few times at most."""
    reason = reason_of(because) if because else "page-lost"
    following = await runtime.database.act(lambda session: booking.again(session, errand, reason=reason, now=utc_now()))
    if following is not None:
        runtime.queue.book(following)


async def _end(runtime: Runtime, errand: Errand, state: BookingState, because: MtaError | None) -> None:
    reason = reason_of(because) if because else str(state)
    await runtime.database.act(
        lambda session: booking.end(
            session, errand, state, reason=reason, final=isinstance(because, _FINAL), now=utc_now()
        )
    )
