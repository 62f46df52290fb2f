"""Somebody with watches, a catalogue, and looks that were made for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.bookings import BookingState
from core.catalog import Catalog, ContactField, Office, Relation, Scope, Service
from core.looks import Answer, Dialect
from core.services import ServiceCount
from core.slots import Slot, utc_now
from core.wishes import Mode, WishRules
from models import bookings, catalogs, looks, mandates, slots_seen, targets, watches
from models.booking import Booking
from models.database import Session
from models.watch import Watch, WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import SITE, RunningBot
from tests.bot.outbox_cast import person_of
from tests.models_cast import LICENCE, ORLEANS, PASING, PASSPORT, RUPPERT, looked, walk

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NAMES = {PASSPORT.service_id: "Reisepass", LICENCE.service_id: "Führerschein"}
OFFICES = {RUPPERT: "Bürgerbüro Ruppertstraße", PASING: "Bürgerbüro Pasing", ORLEANS: "Bürgerbüro Orleansplatz"}


def catalog(*, phone_at: Sequence[int] = (), captcha_at: Sequence[int] = ()) -> Catalog:
    required, free = ContactField(shown=True, required=True), ContactField()
    scopes = {
        one: Scope(id=one, captcha=one in captcha_at, phone=required if one in phone_at else free) for one in OFFICES
    }
    return Catalog(
        offices=tuple(Office(id=one, name=name, slot_minutes=10, scope=scopes[one]) for one, name in OFFICES.items()),
        services=tuple(Service(id=one, name=name, max_quantity=4) for one, name in NAMES.items()),
        relations=tuple(Relation(office_id=office, service_id=service) for office in OFFICES for service in NAMES),
    )


async def knows(bot: RunningBot, known: Catalog | None = None) -> None:
    """The bot has the City's catalogue."""
    kept = known or catalog()
    await bot.act(lambda session: catalogs.keep(session, SITE, Dialect.AUG, kept, now=utc_now()) and None)


async def opened(
    bot: RunningBot,
    person_id: int,
    *services: ServiceCount,
    since: datetime | None = None,
    rules: WishRules | None = None,
    office_ids: Sequence[int] = (RUPPERT,),
    mode: Mode = Mode.AUTO,
    **given: Any,
) -> Watch:
    began = since or utc_now() - DAY

    def make(session: Session) -> Watch:
        mandate = mandates.record(session, person_id, "book in my name", None, now=began)
        return watches.add(
            session,
            person_id=person_id,
            mandate_id=mandate.id,
            services=services or (PASSPORT,),
            office_ids=office_ids,
            rules=rules or WishRules(),
            mode=mode,
            deadline=None,
            now=began,
            **given,
        )

    made: Watch = await bot.act(make)
    return made


async def saw(
    bot: RunningBot, watch: Watch, answer: Answer, *slots: Slot, ago: timedelta = timedelta(0), detail: str = ""
) -> None:
    """A look at the watch's target that ended so long ago; the next one is due a minute after it."""
    at = utc_now() - ago

    def happened(session: Session) -> None:
        offices = frozenset(watch.office_ids)
        look = looked(answer, *slots, at=at, office_ids=offices, detail=detail)
        looks.record(session, watch.target_id, "main", look)
        slots_seen.record(session, watch.target_id, look, now=at)
        targets.answered(session, watch.target_id, look, next_look_at=at + MINUTE)

    await bot.act(happened)


async def books(bot: RunningBot, watch: Watch, slot: Slot, *states: BookingState, **changes: Any) -> Booking:
    """A booking of the watch, walked through these states; `changes` are columns."""

    def happens(session: Session) -> Booking:
        made = bookings.want(session, watch=watch, slot=slot, now=utc_now())
        walk(session, made.id, *states, now=utc_now())
        row = bookings.get(session, made.id)
        for name, value in changes.items():
            setattr(row, name, value)
        session.flush()
        return row

    made: Booking = await bot.act(happens)
    return made


def ahead(days: int = 10, *, office_id: int = RUPPERT, hour: int = 9) -> Slot:
    day = utc_now() + days * DAY
    return Slot(day.replace(hour=hour, minute=0, second=0, microsecond=0), office_id)


async def state(bot: RunningBot, watch: Watch) -> WatchState:
    found: Watch = await bot.database.read(lambda session: watches.get(session, watch.id))
    return found.state


async def somebody(bot: RunningBot, language: str = "de") -> tuple[User, int]:
    await knows(bot)
    anna = await bot.member("Anna", language_code=language)
    return anna, await person_of(bot, anna)
