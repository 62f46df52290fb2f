"""The people, wishes and slots of the database tests, and processes that race each other."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlmodel import Session

from core.bookings import Appointment, BookingState, HoldKey
from core.contact import Contact
from core.looks import Answer, Dialect, Look
from core.services import ServiceCount
from core.slots import Slot
from core.wishes import Mode, WishRules
from models import bookings, holds, mandates, people, watches
from models.booking import Booking
from models.database import AlreadyThere, Database
from models.encryption import Keyring
from models.hold import Hold
from models.watch import Watch

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KEY = "YWxsLXRlc3RzLXVzZS10aGlzLXZlcnkta2V5LTAwMDE="
RING = Keyring.from_text(KEY)
PASSPORT, LICENCE = ServiceCount(1063475), ServiceCount(1064305)
RUPPERT, PASING, ORLEANS = 10489, 10502, 10492
ADA = Contact("Adelheid", "Zwickelsdorfer", "adelheid.zwickelsdorfer@example.org", "+4989123456789", "Rollstuhlrampe")
BELA = Contact("Bela", "Oberhuber", "bela.oberhuber@example.org")
AUTH_KEY = "5ec4e7" * 10 + "beef"
PROCESS_ID = 987654321
MINUTE = timedelta(minutes=1)


def slot(day: int = 0, *, office_id: int = RUPPERT, hour: int = 9) -> Slot:
    return Slot(datetime(2026, 4, 1, hour, tzinfo=UTC) + timedelta(days=day), office_id)


def watch_of(
    session: Session,
    contact: Contact = ADA,
    *,
    services: Sequence[ServiceCount] = (PASSPORT,),
    office_ids: Sequence[int] = (RUPPERT,),
    person_id: int | None = None,
    deadline: datetime | None = None,
    captcha: bool = False,
    improves_id: int | None = None,
    now: datetime = NOW,
) -> Watch:
    person_id = person_id or _somebody(session, contact, now=now)
    mandate = mandates.record(session, person_id, "book in my name", None, now=now)
    return watches.add(
        session,
        person_id=person_id,
        mandate_id=mandate.id,
        services=services,
        office_ids=office_ids,
        rules=WishRules(),
        mode=Mode.AUTO,
        deadline=deadline,
        captcha=captcha,
        improves_id=improves_id,
        now=now,
    )


def _somebody(session: Session, contact: Contact, *, now: datetime) -> int:
    """The contact's person, or a namesake with a mail address of their own where they are known already."""
    namesakes = 0
    while people.find(session, RING, contact) is not None:
        namesakes += 1
        contact = replace(contact, mail=f"n{namesakes}.{contact.mail}")
    return people.add(session, RING, contact, now=now).id


def booking_of(session: Session, *, taken: Slot | None = None, now: datetime = NOW) -> Booking:
    return bookings.want(session, watch=watch_of(session, now=now), slot=taken or slot(), now=now)


def walk(session: Session, booking_id: int, *states: BookingState, now: datetime = NOW) -> None:
    for state in states:
        bookings.move(session, booking_id, state, now=now)


TO_CONFIRMED = (
    BookingState.HOLDING,
    BookingState.HELD,
    BookingState.DETAILED,
    BookingState.PRECONFIRMED,
    BookingState.CONFIRMED,
)


def appointment(status: str = "reserved", **given: Any) -> Appointment:
    return Appointment(
        key=HoldKey(PROCESS_ID, AUTH_KEY),
        status=status,
        office_id=RUPPERT,
        starts_at=slot().starts_at,
        display_number="A77",
        **given,
    )


def held(session: Session, *states: BookingState) -> Booking:
    booking = booking_of(session)
    walk(session, booking.id, *states)
    holds.keep(session, RING, booking.id, appointment(), now=NOW)
    return bookings.get(session, booking.id)


def hold_of(session: Session, booking: Booking) -> Hold:
    hold = holds.of_booking(session, booking.id)
    assert hold is not None
    return hold


def looked(answer: Answer = Answer.FREE, *slots: Slot, at: datetime = NOW, **given: Any) -> Look:
    days = tuple(sorted({one.day for one in slots} | set(given.get("unread_days", ()))))
    return Look(answer, at, at, dialect=Dialect.AUG, slots=slots, days=days, requests=2, **given)


def opened(url: str) -> Database:
    return Database(url, keys=RING)


def want_or_name(session: Session, watch_id: int, taken: Slot) -> str:
    """Empty when the booking was made, else the constraint that said no."""
    try:
        bookings.want(session, watch=watches.get(session, watch_id), slot=taken, now=NOW)
    except AlreadyThere as already:
        return already.constraint
    return ""


def everything_in(url: str) -> bytes:
    """The bytes of every file of SQLite's, or every row of every table as PostgreSQL prints it."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        whole = sql.SQL("SELECT t::text FROM {} t")
        rows = [connection.execute(whole.format(sql.Identifier(name))).fetchall() for (name,) in names]
        return str(rows).encode()


class Race:
    """Processes that start the same work at the same moment."""

    runners = 3

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def __call__(self, work: Callable[..., T], *common: Any) -> list[T]:
        """`work(number, *common)` in each of them; what each returned, in the order of their numbers."""
        started = [self._pool.submit(_at_the_gate, work, number, *common) for number in range(self.runners)]
        return [one.result() for one in started]


@contextmanager
def runners() -> Iterator[Race]:
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(Race.runners)
    with ProcessPoolExecutor(Race.runners, mp_context=context, initializer=_remember, initargs=(gate,)) as pool:
        yield Race(pool)


def _remember(gate: Barrier) -> None:
    _at_the_gate.gate = gate  # type: ignore[attr-defined]  # a spawned process gets its barrier no other way


def _at_the_gate(work: Callable[..., T], number: int, *common: Any) -> T:
    _at_the_gate.gate.wait(120)  # type: ignore[attr-defined]  # as above
    return work(number, *common)
