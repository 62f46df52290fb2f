"""The made-up people of a bench: their wishes, the mailed links they hand in, and what they were told in the end."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from bench.stage import Stage
from config import wiring
from console import activation, outbox, store, wishing
from console.arguments import Written, WrittenRules
from console.demo_story import FIRST_NAMES, LAST_NAMES
from core.bookings import BookingState
from core.contact import Contact
from core.errors import BadInput
from core.slots import utc_now
from models import bookings, notices, watches
from models.booking import Booking
from models.watch import WatchState
from workers.booking import POSSIBLE_HOLD
from workers.queue import QueueUnreachable

SERVICE: Final = "1063475"  # Wohnsitzanmeldung, behind the captcha box
EVERY: Final = 0.05  # seconds between two glances at the rows
CLOSELY: Final = 0.003  # seconds between two glances at a row whose hold is being timed
FEW: Final = 20  # people whose bookings are asked for one by one


@dataclass(slots=True)
class Extra:
    """One person and their watch. `parked` is set once they were told of a possible hold, `rested` once all is said."""

    number: int
    mail: str
    watch_id: int
    person_id: int
    asked_at: datetime
    ended: str = ""
    ended_at: datetime | None = None
    handed: set[int] = field(default_factory=set)
    parked: asyncio.Event = field(default_factory=asyncio.Event)
    rested: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """What an extra wants, where and when, and since when they wait for it."""

    offices: tuple[int, ...]
    days: tuple[date, date]
    since: datetime | None = None
    hours: str = ""
    service: str = SERVICE


class Cast:
    """Plays everybody: `ask` makes one, `play` is their life. `held_seen` is when a row was first seen as held."""

    def __init__(self, stage: Stage, *, seed: int, timed: bool, every: float = EVERY) -> None:
        self.people: list[Extra] = []
        self.held_seen: dict[int, datetime] = {}
        self._stage = stage
        self._seed = seed
        self._timed = timed
        self._every = every
        self._timing: dict[int, asyncio.Task[None]] = {}

    async def ask(self, wanted: Wanted) -> Extra:
        """The same checks, rows and first message as of mta watch add."""
        extra = await self.enter([wanted])
        with store.reached(self._stage.settings) as queue, suppress(QueueUnreachable):
            watch = await self._stage.kept.database.read(lambda session: watches.get(session, extra[0].watch_id))
            await asyncio.to_thread(queue.first_look, self._stage.kept.database, watch.target_id)
        return extra[0]

    async def enter(self, wanted: Sequence[Wanted]) -> list[Extra]:
        """Rows alone, all in one transaction; the scheduler finds them."""
        first = len(self.people)
        new = await self._stage.kept.database.act(
            lambda session: [self._write(session, first + place, one) for place, one in enumerate(wanted)]
        )
        self.people.extend(new)
        return new

    async def play(self) -> None:
        """For ever: tell notices, watch the rows, hand links in."""
        kept, settings = self._stage.kept, self._stage.settings
        async with asyncio.TaskGroup() as group:
            group.create_task(outbox.deliver(kept, settings, tell=lambda _, __: None))
            while True:
                await self._look_round()
                await asyncio.sleep(self._every)

    def _write(self, session: Session, number: int, wanted: Wanted) -> Extra:
        now = utc_now()
        written = Written(
            services=(wanted.service,),
            offices=tuple(map(str, wanted.offices)),
            contact=Contact(
                first_name=FIRST_NAMES[number % len(FIRST_NAMES)],
                last_name=LAST_NAMES[number % len(LAST_NAMES)],
                mail=f"bench{self._seed}-{number}@example.org",
                phone="+498912345678",
                remarks="Probelauf",
                remarks2="Probelauf",
            ),
            rules=WrittenRules(
                from_=(wanted.days[0].isoformat(),),
                to=(wanted.days[1].isoformat(),),
                hours=(wanted.hours,) if wanted.hours else (),
            ),
            language="en",
        )
        wish = wishing.read(written, now=now)
        wishing.check(wish, self._stage.catalog)
        watch = wishing.write(
            session,
            self._stage.kept.keyring,
            wish,
            catalog=self._stage.catalog,
            caps=wiring.caps(self._stage.settings),
            now=wanted.since or now,
        )
        return Extra(number, written.contact.mail, watch.id, watch.person_id, asked_at=now)

    async def _look_round(self) -> None:
        waiting = [one for one in self.people if not one.rested.is_set()]
        found, over = await self._stage.kept.database.read(lambda session: _standing(session, waiting))
        for extra in waiting:
            await self._live(extra, found[extra.watch_id])
            if extra.watch_id in over:
                self._rest(extra, f"watch ended: {over[extra.watch_id]}")

    async def _live(self, extra: Extra, own: list[Booking]) -> None:
        for booking in own:
            if booking.state is BookingState.PRECONFIRMED and booking.id not in extra.handed:
                await self._hand_in(extra, booking.id)
            elif booking.state is BookingState.CONFIRMED and await self._told(booking.id, "booking.confirmed"):
                self._rest(extra, str(BookingState.CONFIRMED))
            elif booking.state is BookingState.HOLDING:
                await self._wait_for_hold(extra, booking)

    async def _hand_in(self, extra: Extra, booking_id: int) -> None:
        """Play the person: read the newest mail, hand its link in. A link of an earlier booking is not this one's."""
        link = await self._stage.truth.activation_link(extra.mail)
        if link is None:
            return
        with suppress(BadInput):
            await asyncio.to_thread(activation.hand_in, self._stage.kept, self._stage.settings, booking_id, link)
            extra.handed.add(booking_id)

    async def _wait_for_hold(self, extra: Extra, booking: Booking) -> None:
        if booking.reason == POSSIBLE_HOLD:
            if await self._told(booking.id, "booking.possible_hold"):
                extra.parked.set()
        elif self._timed and booking.id not in self._timing:
            self._timing[booking.id] = asyncio.create_task(self._time(booking.id))

    async def _time(self, booking_id: int) -> None:
        """Glance at the row until another process can see that it is held."""
        while True:
            row = await self._stage.kept.database.read(lambda session: bookings.get(session, booking_id))
            if row.state is not BookingState.HOLDING or row.reason == POSSIBLE_HOLD:
                break
            await asyncio.sleep(CLOSELY)
        if row.reason != POSSIBLE_HOLD:
            self.held_seen[booking_id] = utc_now()

    async def _told(self, booking_id: int, kind: str) -> bool:
        written = await self._stage.kept.database.read(lambda session: notices.of_booking(session, booking_id))
        return any(one.kind == kind and one.told_at is not None for one in written)

    def _rest(self, extra: Extra, ended: str) -> None:
        extra.ended, extra.ended_at = ended, utc_now()
        extra.rested.set()


def _standing(session: Session, people: Sequence[Extra]) -> tuple[dict[int, list[Booking]], dict[int, str]]:
    """By watch: its bookings, and the reason if it has ended without one."""
    found: dict[int, list[Booking]] = {one.watch_id: [] for one in people}
    for booking in _bookings(session, people):
        if booking.watch_id in found:
            found[booking.watch_id].append(booking)
    return found, {one.id: one.ended_reason for one in watches.list(session, WatchState.ENDED)}


def _bookings(session: Session, people: Sequence[Extra]) -> Sequence[Booking]:
    if len(people) > FEW:
        return bookings.list(session)
    return [booking for one in people for booking in bookings.list(session, person_id=one.person_id)]
