"""The bench of telling: people with chats and bookings, moved on by the same code as a worker moves them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from sqlmodel import Session

from bench.office import Office
from bot.texts import moment
from console.demo_story import FIRST_NAMES, LAST_NAMES
from console.wishing import MANDATE
from core.bookings import Appointment, HoldKey
from core.caps import Caps
from core.contact import Contact
from core.services import ServiceCount
from core.slots import Slot, utc_now
from core.wishes import Mode, WishRules
from models import bookings, chats, decisions, mandates, watches
from rehearsal.telegram.client import User
from workers import booking as moves
from workers.booking import Errand

OFFICE: Final = 10489
FIRST_SERVICE: Final = 1_063_000  # nobody asks the City for them
QUARTER: Final = timedelta(minutes=15)
TO_ANSWER: Final = timedelta(minutes=30)
IN_ONE_GO: Final = 50  # people whose rows are written in one transaction
UNBOUND: Final = Caps(watches_per_person=1000, holds_per_day=1000, watches=100_000, holds=100_000)
PICTURE: Final = b"\x89PNG\r\n\x1a\n a screenshot of the City's page"
ENTRY: Final = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """A booking whose slot the City holds; `when` is how its chat reads it, and no other booking's."""

    errand: Errand
    when: str


@dataclass(frozen=True, slots=True, repr=False)
class Correspondent:
    user: User
    held: tuple[Held, ...]


class Correspondents:
    """`files` is where the screenshot and the calendar entry of every confirmed booking lie."""

    def __init__(self, office: Office, files: Path) -> None:
        self._office = office
        self._numbers = count(1)
        files.mkdir(parents=True, exist_ok=True)
        self._picture, self._entry = files / "termin.png", files / "termin.ics"
        self._picture.write_bytes(PICTURE)
        self._entry.write_bytes(ENTRY)

    async def settle(self, wanted: Sequence[int]) -> list[Correspondent]:
        """One chat for each number, with so many bookings whose slots are held."""
        made: list[Correspondent] = []
        for start in range(0, len(wanted), IN_ONE_GO):
            some = [(self._user(), number) for number in wanted[start : start + IN_ONE_GO]]
            made += await self._office.database.act(partial(self._settle_all, wanted=some))
        return made

    def offer(self, session: Session, held: Held) -> None:
        """The slot is held: the person is asked."""
        now = utc_now()
        moves.to_offer(session, held.errand, until=now + TO_ANSWER, now=now)

    def offer_all(self, session: Session, every: Sequence[Held]) -> None:
        for held in every:
            self.offer(session, held)

    def preconfirm(self, session: Session, held: Held) -> None:
        now = utc_now()
        moves.to_preconfirmed(session, held.errand, _answer(held.errand, "preconfirmed"), now=now)

    def confirm(self, session: Session, held: Held) -> None:
        moves.to_confirmed(
            session,
            held.errand,
            _answer(held.errand, "confirmed"),
            screenshot=str(self._picture),
            calendar=str(self._entry),
            now=utc_now(),
        )

    async def accepted(self, held: Held) -> None:
        """The person said yes, and the details were filled in."""

        def fill_in(session: Session) -> None:
            decisions.answer(session, held.errand.booking_id, yes=True, now=utc_now())
            moves.to_detailed(session, held.errand, now=utc_now())

        await self._office.database.act(fill_in)

    def _user(self) -> User:
        number = next(self._numbers)
        return self._office.telegram.user(FIRST_NAMES[number % len(FIRST_NAMES)])

    def _settle_all(self, session: Session, *, wanted: Sequence[tuple[User, int]]) -> list[Correspondent]:
        return [self._settle(session, user, number) for user, number in wanted]

    def _settle(self, session: Session, user: User, number: int) -> Correspondent:
        keyring, now = self._office.keyring, utc_now()
        chat = chats.meet(session, keyring, user.id, language="de", now=now)
        chats.agree(session, chat.id, "2026-11", now=now)
        place = next(self._numbers)
        contact = Contact(user.account.first_name, LAST_NAMES[place % len(LAST_NAMES)], f"told{place}@example.org")
        person = chats.adopt(session, keyring, chat.id, contact, now=now)
        mandate = mandates.record(session, person.id, MANDATE, None, now=now)
        held = tuple(self._hold(session, person.id, mandate.id, service, now=now) for service in range(number))
        return Correspondent(user, held)

    def _hold(self, session: Session, person_id: int, mandate_id: int, service: int, *, now: datetime) -> Held:
        watch = watches.add(
            session,
            person_id=person_id,
            mandate_id=mandate_id,
            services=(ServiceCount(FIRST_SERVICE + service),),
            office_ids=(OFFICE,),
            rules=WishRules(),
            mode=Mode.ASK,
            deadline=None,
            caps=UNBOUND,
            now=now,
        )
        slot = Slot(_noon(now) + QUARTER * next(self._numbers), OFFICE)
        row = bookings.want(session, watch=watch, slot=slot, now=now)
        errand = moves.take(session, row.id, keyring=self._office.keyring, run=f"bench:{row.id}", now=now)
        if errand is None:
            raise RuntimeError("a booking that was just made is nobody else's")
        moves.to_holding(session, errand, lane="main", now=now)
        moves.to_held(session, errand, _answer(errand, "reserved"), keyring=self._office.keyring, now=now)
        return Held(errand, moment(slot.starts_at, "de"))


def _answer(errand: Errand, status: str) -> Appointment:
    """The City's answer for this booking."""
    key = HoldKey(errand.booking_id, f"{errand.booking_id:04x}" * 8)
    return Appointment(key, status, OFFICE, errand.slot.starts_at, f"S{errand.booking_id}", calendar=None)


def _noon(now: datetime) -> datetime:
    return now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=3)
