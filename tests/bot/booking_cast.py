"""Bookings that move as a worker moves them, row by row and with its notices, but without a browser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from core.bookings import Appointment, BookingState, HoldKey
from core.catalog import Catalog, Office
from core.looks import Dialect
from core.services import ServiceCount
from core.slots import Slot
from core.wishes import Mode, WishRules
from models import bookings, catalogs, holds, mandates, watches
from models.booking import Booking
from models.database import Session
from portal import links
from rehearsal.telegram.client import User
from tests.bot.conftest import SITE, RunningBot
from tests.bot.outbox_cast import person_of
from workers import booking

LANE = "main"
RUPPERT = Office(
    id=10489,
    name="Bürgerbüro Ruppertstraße",
    street="Ruppertstraße 19",
    postal_code="80337",
    city="München",
    latitude=48.1231,
    longitude=11.5501,
)
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)
HALF_AN_HOUR = timedelta(minutes=30)
_NUMBERS = count(700_000)


@dataclass
class Clock:
    """What time it is for the bot."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, span: timedelta) -> None:
        self.now += span


@dataclass
class Walk:
    """One booking in a worker's hands. `key` opens it at the City."""

    bot: RunningBot
    booking_id: int
    key: HoldKey = field(default_factory=lambda: HoldKey(next(_NUMBERS), "a1b2" * 16))

    async def row(self) -> Booking:
        return await self.bot.database.read(lambda session: bookings.get(session, self.booking_id))

    async def holds(self) -> None:
        await self._moves(booking.to_holding, lane=LANE)

    async def held(self) -> None:
        await self._moves(booking.to_held, self._appointment("reserved"), keyring=self.bot.keyring)

    async def offers(self, lasts: timedelta = TEN_MINUTES) -> None:
        await self.holds()
        await self.held()
        await self.asks(lasts)

    async def asks(self, lasts: timedelta = TEN_MINUTES) -> None:
        await self._moves(booking.to_offer, until=self.bot.parts.now() + lasts)

    async def fills(self) -> None:
        await self._moves(booking.to_detailed)

    async def preconfirms(self) -> None:
        await self._moves(booking.to_preconfirmed, self._appointment("preconfirmed"))

    async def to_the_mail(self) -> None:
        for step in (self.holds, self.held, self.fills, self.preconfirms):
            await step()

    async def confirms(self) -> None:
        await self._moves(booking.to_confirmed, self._appointment("confirmed"), screenshot="", calendar="")

    async def ends(self, state: BookingState, reason: str, *, final: bool = False) -> None:
        await self._moves(booking.end, state, reason=reason, final=final)

    async def is_lost(self) -> list[int]:
        return list(await self._moves(booking.lost_to_others))

    async def begins_again(self) -> int | None:
        made: int | None = await self._moves(booking.again, reason="page-lost")
        return made

    def link(self, site: str = SITE) -> str:
        return links.confirm_link(site, self.key)

    def _appointment(self, status: str) -> Appointment:
        return Appointment(
            key=self.key,
            status=status,
            office_id=RUPPERT.id,
            starts_at=NOON,
            display_number="S77",
            reservation=timedelta(minutes=15),
            activation=HALF_AN_HOUR,
        )

    async def _moves(self, move: Callable[..., Any], *given: Any, **more: Any) -> Any:
        def act(session: Session) -> Any:
            now = self.bot.parts.now()
            errand = booking.take(session, self.booking_id, keyring=self.bot.keyring, run="tests", now=now)
            assert errand is not None
            return move(session, errand, *given, now=now, **more)

        return await self.bot.act(act)


async def walk(bot: RunningBot, user: User, *, mode: Mode = Mode.AUTO, first_name: str = "Anna") -> Walk:
    """A booking that a look just wanted, for somebody whom the user's chat stands for."""
    person_id = await person_of(bot, user, first_name)

    def want(session: Session) -> int:
        now = bot.parts.now()
        mandate = mandates.record(session, person_id, "book in my name", None, now=now)
        watch = watches.add(
            session,
            person_id=person_id,
            mandate_id=mandate.id,
            services=(ServiceCount(1_063_475 + next(_NUMBERS)),),
            office_ids=(RUPPERT.id,),
            rules=WishRules(),
            mode=mode,
            deadline=None,
            now=now,
        )
        return bookings.want(session, watch=watch, slot=_slot(now), now=now).id

    return Walk(bot, int(await bot.act(want)))


async def waiting(bot: RunningBot, user: User) -> Walk:
    """For the link in the City's mail."""
    made = await walk(bot, user)
    await made.to_the_mail()
    return made


async def is_given(made: Walk) -> bool:
    return await made.bot.database.read(lambda session: holds.link_was_given(session, made.booking_id))


def _slot(now: datetime) -> Slot:
    return Slot(now + timedelta(days=7, minutes=5 * next(_NUMBERS) % 50_000), RUPPERT.id)


async def in_town(bot: RunningBot, clock: Clock) -> None:
    """The bot, started anew by that clock, with the City's catalogue at hand."""
    catalog = Catalog(offices=(RUPPERT,), services=(), relations=())
    await bot.act(lambda session: catalogs.keep(session, SITE, Dialect.AUG, catalog, now=NOON))
    await bot.restart(now=clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def town(idle_bot: RunningBot, clock: Clock) -> RunningBot:
    await in_town(idle_bot, clock)
    return idle_bot
