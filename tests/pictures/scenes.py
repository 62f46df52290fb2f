"""What happened before a picture begins: searches that look, appointments that stand; all by the picture's clock."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from core.bookings import Appointment, BookingState, HoldKey
from core.looks import Answer
from core.services import ServiceCount
from core.slots import Slot, in_munich
from core.wishes import DayRange, HourRange, Mode, WishRules
from models import bookings, holds, looks, mandates, slots_seen, targets, watches
from models.booking import Booking
from models.database import Session
from models.watch import Watch
from tests.bot.outbox_cast import person_of
from tests.models_cast import TO_CONFIRMED, looked, walk

if TYPE_CHECKING:
    from tests.pictures.playing import Stage

PASSPORT, ADDRESS = ServiceCount(1063453), ServiceCount(1063475)
RUPPERT, LEONROD = 10489, 102523
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MORNINGS = tuple(HourRange(weekday=one, start=time(8), end=time(12)) for one in range(5))
ADVENT = DayRange(first=date(2026, 11, 30), last=date(2026, 12, 18))
WISHED = WishRules(ranges=(ADVENT,), hours=MORNINGS, minimum_notice=DAY)


async def searching(stage: "Stage") -> None:
    """A passport that is waited for, and an address for which the City cannot be seen."""
    passport = await opened(stage, PASSPORT, (RUPPERT, LEONROD), rules=WISHED, mode=Mode.ASK)
    address = await opened(stage, ADDRESS, (), rules=WishRules(), mode=Mode.AUTO)
    await saw(stage, passport, Answer.NONE, ago=2 * MINUTE)
    await saw(stage, address, Answer.NONE, ago=50 * MINUTE)
    await saw(stage, address, Answer.MAINTENANCE, ago=20 * MINUTE)


async def seen_but_unfit(stage: "Stage") -> None:
    """Slots that came and went in the afternoons, while only mornings suit; one that suited and was gone too soon."""
    passport = await opened(stage, PASSPORT, (RUPPERT, LEONROD), rules=WISHED, mode=Mode.ASK)
    afternoons = [Slot(in_munich(date(2026, 12, day), time(14, 20)), RUPPERT) for day in (1, 3, 8)]
    morning = Slot(in_munich(date(2026, 12, 4), time(9, 10)), LEONROD)
    await saw(stage, passport, Answer.FREE, *afternoons, ago=30 * 60 * MINUTE)
    await saw(stage, passport, Answer.FREE, afternoons[2], morning, ago=9 * 60 * MINUTE)
    await _missed(stage, passport, morning)
    await saw(stage, passport, Answer.FAILED, ago=5 * 60 * MINUTE)
    await saw(stage, passport, Answer.NONE, ago=2 * MINUTE)


async def has_appointment(stage: "Stage") -> None:
    stage.booking = await booked(stage, Slot(in_munich(date(2026, 12, 15), time(8, 30)), RUPPERT))


async def opened(
    stage: "Stage", service: ServiceCount, office_ids: tuple[int, ...], *, rules: WishRules, mode: Mode
) -> Watch:
    person_id, began = await person_of(stage.bot, stage.user, stage.name), stage.clock() - 3 * DAY

    def make(session: Session) -> Watch:
        mandate = mandates.record(session, person_id, "book in my name", None, now=began)
        return watches.add(
            session,
            person_id=person_id,
            mandate_id=mandate.id,
            services=(service,),
            office_ids=office_ids,
            rules=rules,
            mode=mode,
            deadline=None,
            now=began,
        )

    made: Watch = await stage.bot.act(make)
    return made


async def saw(stage: "Stage", watch: Watch, answer: Answer, *slots: Slot, ago: timedelta) -> None:
    at = stage.clock() - ago

    def happened(session: Session) -> None:
        look = looked(answer, *slots, at=at, office_ids=frozenset(watch.office_ids))
        looks.record(session, watch.target_id, "main", look)
        slots_seen.record(session, watch.target_id, look, now=at)
        targets.answered(session, watch.target_id, look, next_look_at=stage.clock() + MINUTE)

    await stage.bot.act(happened)


async def _missed(stage: "Stage", watch: Watch, slot: Slot) -> None:
    """It was tried to book, and somebody else was quicker."""
    now = stage.clock()

    def miss(session: Session) -> None:
        tried = bookings.want(session, watch=session.merge(watch), slot=slot, now=now)
        walk(session, tried.id, BookingState.HOLDING, now=now)
        bookings.move(session, tried.id, BookingState.LOST, reason="slot-gone", now=now)

    await stage.bot.act(miss)


async def booked(stage: "Stage", slot: Slot) -> Booking:
    """Confirmed two days ago, and its search fulfilled."""
    watch, then = await opened(stage, ADDRESS, (), rules=WishRules(), mode=Mode.AUTO), stage.clock() - 2 * DAY

    def write(session: Session) -> Booking:
        made = bookings.want(session, watch=session.merge(watch), slot=slot, now=then)
        walk(session, made.id, *TO_CONFIRMED, now=then)
        shown = Appointment(HoldKey(987654321, "5ec4e7" * 10), "confirmed", slot.office_id, slot.starts_at, "S12")
        holds.keep(session, stage.bot.keyring, made.id, shown, now=then)
        watches.fulfil(session, watch.id, now=then)
        return made

    row: Booking = await stage.bot.act(write)
    return row
