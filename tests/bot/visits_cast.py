"""Booked appointments of people with chats, at offices of a small catalogue."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from core.bookings import Appointment, BookingState, HoldKey
from core.catalog import Catalog, Office, Relation, Scope, Service
from core.looks import Dialect
from core.services import ServiceCount
from core.slots import Slot, in_munich, utc_now
from core.wishes import Mode, WishRules
from models import bookings, catalogs, holds, mandates, notices, visits, watches
from models.booking import Booking
from models.database import Session
from models.notice import Notice
from tests.bot.conftest import SITE, RunningBot
from tests.models_cast import PASING, RUPPERT, TO_CONFIRMED, walk

PASSPORT, CARD = ServiceCount(1063475), ServiceCount(1063441)
NOTICE = "<p>Eingang <b>B</b>, Zimmer&nbsp;101.</p><p>Bitte &lt;pünktlich&gt;.</p>"
NUMBER = "S0042"


def catalog(*, per_mail: tuple[int, int] = (3, 0)) -> Catalog:
    ruppert = Office(
        id=RUPPERT,
        name="Bürgerbüro Ruppertstraße",
        street="Ruppertstraße 19",
        postal_code="80337",
        city="München",
        latitude=48.12,
        longitude=11.55,
        slot_minutes=10,
        scope=Scope(id=1, notice=NOTICE, per_mail=per_mail[0], captcha=True),
    )
    pasing = Office(
        id=PASING,
        name="Bürgerbüro Pasing",
        street="Landsberger Straße 486",
        slot_minutes=10,
        scope=Scope(id=2, per_mail=per_mail[1]),
    )
    services = (Service(id=PASSPORT.service_id, name="Reisepass"), Service(id=CARD.service_id, name="Personalausweis"))
    relations = tuple(
        Relation(office_id=office.id, service_id=one.id) for office in (ruppert, pasing) for one in services
    )
    return Catalog(offices=(ruppert, pasing), services=services, relations=relations)


async def know(bot: RunningBot, known: Catalog) -> None:
    await bot.act(lambda session: catalogs.keep(session, SITE, Dialect.AUG, known, now=utc_now()))


def in_days(days: int, hour: int = 9) -> datetime:
    """That hour in Munich, so many days from now."""
    day = utc_now().date() + timedelta(days=days)
    return in_munich(day, time(hour, 30))


async def booked(
    bot: RunningBot,
    person_id: int,
    *,
    at: datetime,
    office_id: int = RUPPERT,
    offices: Sequence[int] = (),
    services: Sequence[ServiceCount] = (PASSPORT,),
    rules: WishRules | None = None,
) -> Booking:
    """Confirmed an hour ago, and its watch fulfilled."""
    then = min(utc_now(), at) - timedelta(hours=1)

    def write(session: Session) -> Booking:
        mandate = mandates.record(session, person_id, "book in my name", None, now=then)
        watch = watches.add(
            session,
            person_id=person_id,
            mandate_id=mandate.id,
            services=services,
            office_ids=offices,
            rules=rules or WishRules(),
            mode=Mode.AUTO,
            deadline=None,
            now=then,
        )
        made = bookings.want(session, watch=watch, slot=Slot(at, office_id), now=then)
        walk(session, made.id, *TO_CONFIRMED, now=then)
        shown = Appointment(HoldKey(made.id, "5ec4e7" * 10), "confirmed", office_id, at, NUMBER)
        holds.keep(session, bot.keyring, made.id, shown, now=then)
        watches.fulfil(session, watch.id, now=then)
        return made

    row: Booking = await bot.act(write)
    return row


async def with_files(bot: RunningBot, booking: Booking, folder: Path) -> None:
    picture, entry = folder / f"{booking.id}.png", folder / f"{booking.id}.ics"
    picture.write_bytes(b"a picture")
    entry.write_bytes(b"BEGIN:VCALENDAR")

    def keep(session: Session) -> None:
        row = bookings.get(session, booking.id)
        row.screenshot_path, row.calendar_path = str(picture), str(entry)

    await bot.act(keep)


async def tell(bot: RunningBot, booking: Booking, kind: str, **facts: object) -> Notice:
    """As a worker would."""
    written: Notice = await bot.act(
        lambda session: notices.write(
            session,
            person_id=booking.person_id,
            watch_id=booking.watch_id,
            booking_id=booking.id,
            kind=kind,
            facts={**visits.facts(booking, number=NUMBER), **facts},
            now=bot.parts.now(),
        )
    )
    return written


async def row_of(bot: RunningBot, booking: Booking) -> Booking:
    return await bot.database.read(lambda session: bookings.get(session, booking.id))


async def gone(bot: RunningBot, booking: Booking, *, proof: Path | None, searching: bool = False) -> None:
    """A worker gave it back, and says so in the same transaction."""

    def end(session: Session) -> None:
        row = bookings.move(session, booking.id, BookingState.CANCELLED, now=utc_now(), reason="cancelled-by-person")
        row.screenshot_path = str(proof) if proof else row.screenshot_path

    await bot.act(end)
    facts = {"seen_at": utc_now().isoformat(), "proof": proof is not None, "search": "on" if searching else "over"}
    await tell(bot, booking, "booking.cancelled", reason="cancelled-by-person", final=False, **facts)
