"""What persons decide: yes or no to an offer, a cancellation, an earlier appointment instead of a later one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from core.errors import BadInput
from core.slots import utc_now
from core.wishes import Mode
from models import decisions, notices, watches
from models.watch import Watch, WatchState
from rehearsal.settings import Dialect
from tests.jobs_fixtures import Works
from tests.portal_fixtures import moment
from tests.rehearsal_fixtures import ABMELDUNG, KFZ

PATIENCE = 30.0


@pytest.fixture
def generation() -> Dialect:
    """What is decided here is the same in both: one is enough."""
    return Dialect.AUG


async def until(fact: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await fact():
                return
            await asyncio.sleep(0.05)


async def offered(works: Works, watch: Watch) -> int:
    """The booking that is held for the watch's person and waits for an answer."""
    await works.look(watch)
    await offers(works, watch, 1)
    return (await works.bookings())[-1].id


async def offers(works: Works, watch: Watch, count: int) -> None:
    async def made() -> bool:
        return (await works.told(watch)).count("booking.offer") == count

    await until(made)


async def answer(works: Works, booking_id: int, *, yes: bool) -> None:
    await works.database.act(lambda session: decisions.answer(session, booking_id, yes=yes, now=utc_now()))


async def comes_to(works: Works, booking_id: int, state: BookingState) -> None:
    async def there() -> bool:
        return (await works.booking(booking_id)).state is state

    await until(there)


async def confirmed(works: Works, watch: Watch) -> int:
    await works.look(watch)
    booking_id = (await works.bookings())[-1].id
    await works.confirm(booking_id)
    assert (await works.booking(booking_id)).state is BookingState.CONFIRMED
    return booking_id


async def test_yes_books_what_was_held(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch(mode=Mode.ASK)
    booking_id = await offered(works, watch)
    held = await works.booking(booking_id)
    assert held.offered_until is not None
    assert held.deadline_at is not None
    assert held.deadline_at - timedelta(minutes=2, seconds=5) < held.offered_until < held.deadline_at

    await answer(works, booking_id, yes=True)
    await comes_to(works, booking_id, BookingState.PRECONFIRMED)

    assert await works.live_at_the_city() == ["preconfirmed"]
    assert await works.asked("reserve-appointment") == 1


async def test_no_gives_the_hold_back(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch(mode=Mode.ASK)
    booking_id = await offered(works, watch)

    await answer(works, booking_id, yes=False)
    await comes_to(works, booking_id, BookingState.RELEASED)

    assert (await works.booking(booking_id)).reason == "declined"
    assert await works.live_at_the_city() == []


async def test_silence_gives_the_hold_back(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch(mode=Mode.ASK)
    booking_id = await offered(works, watch)

    await works.change(booking_id, offered_until=utc_now())
    await comes_to(works, booking_id, BookingState.RELEASED)

    assert (await works.booking(booking_id)).reason == "unanswered"


async def test_an_answer_that_comes_too_late_is_refused(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch(mode=Mode.ASK)
    booking_id = await offered(works, watch)
    await works.change(booking_id, offered_until=utc_now() - timedelta(seconds=1))

    with pytest.raises(BadInput, match="too late"):
        await answer(works, booking_id, yes=True)


async def test_an_offer_whose_page_was_lost_is_made_again(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch(mode=Mode.ASK)
    booking_id = await offered(works, watch)
    await works.runtime.offers.stop()
    await works.abandon(booking_id)

    await works.reconcile()
    await offers(works, watch, 2)

    first, second = await works.bookings()
    assert (first.state, first.reason) == (BookingState.RELEASED, "page-lost")
    assert second.slot == first.slot
    assert await works.live_at_the_city() == ["reserved"]


async def test_a_no_that_nobody_heard_before_dying_is_still_a_no(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch(mode=Mode.ASK)
    booking_id = await offered(works, watch)
    await works.runtime.offers.stop()
    await answer(works, booking_id, yes=False)
    await works.abandon(booking_id)

    await works.reconcile()

    assert [(one.state, one.reason) for one in await works.bookings()] == [(BookingState.RELEASED, "declined")]
    assert await works.live_at_the_city() == []


def pictures(works: Works) -> list[str]:
    return sorted(path.name for path in works.runtime.artifacts.glob("*/*.png"))


async def test_a_confirmed_appointment_is_given_back_with_the_citys_word(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch()
    booking_id = await confirmed(works, watch)
    assert pictures(works) == ["termin.png"]

    await works.database.act(lambda session: decisions.ask_cancel(session, booking_id, now=utc_now()))
    works.runtime.queue.cancel(booking_id)
    works.runtime.queue.cancel(booking_id)
    await works.rest()

    booking = await works.booking(booking_id)
    assert booking.state is BookingState.CANCELLED
    assert booking.screenshot_path.endswith("abgesagt.png")
    assert pictures(works) == ["abgesagt.png"], "no file stays that no row names"
    facts = (await works.database.read(lambda session: notices.of_booking(session, booking_id)))[-1].facts
    assert (facts["proof"], facts["search"], facts["status"]) == (True, "over", "gone")
    assert await works.live_at_the_city() == []
    assert (await works.told(watch))[-1] == "booking.cancelled"
    assert await works.asked("cancel-appointment") == 1


async def test_a_cancellation_whose_message_was_lost_is_carried_out(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch()
    await works.look(watch)
    booking_id = (await works.bookings())[-1].id

    await works.database.act(lambda session: decisions.ask_cancel(session, booking_id, now=utc_now()))
    await works.reconcile()

    assert (await works.booking(booking_id)).state is BookingState.CANCELLED
    assert await works.live_at_the_city() == []


async def test_nothing_is_given_back_unasked(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    booking_id = await confirmed(works, await works.watch())

    works.runtime.queue.cancel(booking_id)
    await works.rest()

    assert await works.live_at_the_city() == ["confirmed"]


async def improving(works: Works, booking_id: int) -> Watch:
    watch = await works.watch()

    def improve(session: Session) -> None:
        watches.get(session, watch.id).improves_id = booking_id

    await works.database.act(improve)
    return watch


async def test_an_earlier_appointment_replaces_the_later_one(works: Works) -> None:
    await works.town.offer(KFZ, moment(5, 9))
    old = await confirmed(works, await works.watch())
    better = await improving(works, old)
    await works.town.offer(KFZ, moment(2, 9), moment(6, 9))

    new = await confirmed(works, better)

    assert (await works.booking(new)).starts_at == moment(2, 9)
    assert (await works.booking(old)).state is BookingState.CANCELLED
    assert (await works.booking(old)).reason == "replaced"
    assert (await works.booking(new)).replaced_at is not None
    told = await works.database.read(lambda session: notices.of_booking(session, new))
    assert (told[-1].facts["swaps"], told[-1].facts["services"]) == (True, str(ABMELDUNG))
    assert await works.live_at_the_city() == ["confirmed"]


async def test_a_later_slot_replaces_nothing(works: Works) -> None:
    await works.town.offer(KFZ, moment(2, 9))
    old = await confirmed(works, await works.watch())
    better = await improving(works, old)
    await works.town.offer(KFZ, moment(3, 9))

    await works.look(better)

    assert len(await works.bookings()) == 1
    assert await works.live_at_the_city() == ["confirmed"]


async def test_a_swap_cut_off_in_between_still_ends_with_one(works: Works) -> None:
    await works.town.offer(KFZ, moment(5, 9))
    old = await confirmed(works, await works.watch())
    better = await improving(works, old)
    await works.town.offer(KFZ, moment(2, 9))
    await works.town.also("bad-gateway:cancel-appointment")

    new = await confirmed(works, better)
    assert sorted(await works.live_at_the_city()) == ["confirmed", "confirmed"]
    await works.town.moods("none")
    await works.abandon(old)
    await works.reconcile()

    assert await works.live_at_the_city() == ["confirmed"]
    assert (await works.booking(new)).state is BookingState.CONFIRMED
    fulfilled = await works.database.read(lambda session: watches.get(session, better.id))
    assert fulfilled.state is WatchState.FULFILLED
