"""What happens to people while they talk: looks, offers and bookings, written row by row as a worker writes them."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count

from sqlalchemy import select
from sqlmodel import Session, col

from core.bookings import Appointment, BookingState, HoldKey
from core.contact import Contact
from core.errors import MtaError
from core.services import ServiceCount
from core.slots import Slot, utc_now
from core.wishes import Mode, WishRules
from models import bookings, chats, mandates, notices, watches
from models.booking import Booking
from models.watch import Watch, WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.conversations.cast import Guest
from workers import booking
from workers.booking import Errand

OFFICE = 10489
BOOKED = 0.4  # of those who wait, whose wish has led to an appointment, or in mode ask to an offer
SERVICES = ((ServiceCount(1063475),), (ServiceCount(1063453), ServiceCount(1063441, 2)))
REASONS = ("unanswered", "hold-lost", "page-lost", "throttled", "bad-input", "captcha-needs-person", "answer-lost")
_NUMBERS = count(800_000)


async def waits_for_something(bot: RunningBot, guest: Guest, rng: random.Random) -> None:
    """They have brought two people to the chat, and search for one of them."""
    chat = await bot.chat(guest.user)
    assert chat is not None
    chat_id, mode, services = chat.id, rng.choice(list(Mode)), rng.choice(SERVICES)

    def enter(session: Session) -> None:
        now = utc_now()
        contacts = [Contact(one, guest.own[0], f"{one.lower()}@example.org") for one in guest.own[:2]]
        people = [chats.adopt(session, bot.keyring, chat_id, one, now=now) for one in contacts]
        mandate = mandates.record(session, people[0].id, "book in my name", None, now=now)
        watches.add(
            session,
            person_id=people[0].id,
            mandate_id=mandate.id,
            services=services,
            office_ids=(OFFICE,),
            rules=WishRules(),
            mode=mode,
            deadline=None,
            now=now,
        )

    await bot.act(enter)
    if rng.random() < BOOKED:
        await bot.act(lambda session: _walk_to_the_end(session, bot, chat_id))


def _walk_to_the_end(session: Session, bot: RunningBot, chat_id: int) -> None:
    for watch in _watches(session, chat_id):
        for _ in STEPS:
            row = _booking(session, watch)
            errand = booking.take(session, row.id, keyring=bot.keyring, run="talk", now=utc_now()) if row else None
            if row is not None and errand is not None:
                STEPS[row.state](session, bot, errand)
                bookings.release_lease(session, row.id)


async def befalls(bot: RunningBot, user: User, rng: random.Random) -> str:
    """What it was, or nothing where the chat stands for nobody who waits for anything."""
    chat = await bot.chat(user)
    if chat is None:
        return ""
    seed = rng.random()  # the transaction may be run twice, and must do the same then

    def happens(session: Session) -> str:
        drawn = random.Random(seed)
        theirs = _watches(session, chat.id)
        if not theirs:
            return ""
        watch = drawn.choice(theirs)
        if drawn.random() < 0.3:
            return _seen(session, watch, drawn)
        return _moves_on(session, bot, watch, drawn)

    try:
        return str(await bot.act(happens))
    except MtaError:  # an operator among them has halted everything
        return ""


def _watches(session: Session, chat_id: int) -> Sequence[Watch]:
    people = [one.id for one in chats.people_of(session, chat_id)]
    return session.scalars(select(Watch).where(col(Watch.person_id).in_(people)).order_by(col(Watch.id))).all()


def _seen(session: Session, watch: Watch, rng: random.Random) -> str:
    """What a look, or a day of them, tells."""
    now = utc_now()
    found = {"office_id": OFFICE, "starts_at": (now + timedelta(days=7)).isoformat()}
    ago = (now - timedelta(minutes=20)).isoformat()
    facts: dict[str, dict[str, object]] = {
        "slots.found": {**found, "count": rng.choice((1, 7))},
        "look.blind": {"answer": rng.choice(("throttled", "blocked", "maintenance", "changed")), "since": ago},
        "look.sees_again": {"seen_at": now.isoformat(), "lasted": 1200},
        "watch.still_looking": {"looks": 90, "blind": 3, "fitted": 1, "others": 40, "last_good": ago},
    }
    kind = rng.choice(sorted(facts))
    notices.write(session, person_id=watch.person_id, watch_id=watch.id, kind=kind, facts=facts[kind], now=now)
    return kind


def _moves_on(session: Session, bot: RunningBot, watch: Watch, rng: random.Random) -> str:
    """The watch's booking goes a step further, well or badly."""
    row = _booking(session, watch)
    if row is None:
        return ""
    errand = booking.take(session, row.id, keyring=bot.keyring, run="talk", now=utc_now())
    if errand is None:
        return ""
    badly = rng.random() < 0.2 and row.state in ENDS
    if badly:
        state, reason = rng.choice(ENDS[row.state]), rng.choice(REASONS)
        booking.end(session, errand, state, reason=reason, final=rng.random() < 0.2, now=utc_now())
    else:
        STEPS[row.state](session, bot, errand)
    bookings.release_lease(session, row.id)
    return f"{row.state} of {row.id}"


def _booking(session: Session, watch: Watch) -> Booking | None:
    own = select(Booking).where(col(Booking.watch_id) == watch.id, col(Booking.state).in_(tuple(STEPS)))
    if found := session.scalars(own.order_by(col(Booking.id).desc())).first():
        return found
    if watch.state is not WatchState.OPEN or bookings.live_of(session, watch) is not None:
        return None
    starts_at = utc_now().replace(microsecond=0) + timedelta(days=7, minutes=next(_NUMBERS) - 800_000)
    return bookings.want(session, watch=watch, slot=Slot(starts_at, OFFICE), now=utc_now())


def _hold(session: Session, bot: RunningBot, errand: Errand) -> None:
    booking.to_holding(session, errand, lane="main", now=utc_now())
    booking.to_held(session, errand, _answer(errand, "reserved"), keyring=bot.keyring, now=utc_now())


def _ask_or_fill(session: Session, bot: RunningBot, errand: Errand) -> None:
    del bot
    row = bookings.get(session, errand.booking_id)
    if errand.asks and row.offered_until is None:
        booking.to_offer(session, errand, until=utc_now() + timedelta(seconds=40), now=utc_now())
    elif not errand.asks:
        booking.to_detailed(session, errand, now=utc_now())


def _preconfirm(session: Session, bot: RunningBot, errand: Errand) -> None:
    del bot
    booking.to_preconfirmed(session, errand, _answer(errand, "preconfirmed"), now=utc_now())


def _confirm(session: Session, bot: RunningBot, errand: Errand) -> None:
    del bot
    answer = _answer(errand, "confirmed")
    booking.to_confirmed(session, errand, answer, screenshot="", calendar="", now=utc_now())


def _answer(errand: Errand, status: str) -> Appointment:
    return Appointment(
        key=errand.key or HoldKey(next(_NUMBERS), "a1b2" * 16),
        status=status,
        office_id=errand.slot.office_id,
        starts_at=errand.slot.starts_at,
        display_number="S77",
        reservation=timedelta(minutes=15),
        activation=timedelta(minutes=30),
    )


Step = Callable[[Session, RunningBot, Errand], None]
STEPS: dict[BookingState, Step] = {
    BookingState.WANTED: _hold,
    BookingState.HELD: _ask_or_fill,
    BookingState.DETAILED: _preconfirm,
    BookingState.PRECONFIRMED: _confirm,
}
ENDS = {
    BookingState.WANTED: (BookingState.LOST,),
    BookingState.HELD: (BookingState.RELEASED, BookingState.EXPIRED),
    BookingState.DETAILED: (BookingState.RELEASED, BookingState.EXPIRED),
    BookingState.PRECONFIRMED: (BookingState.EXPIRED,),
}
