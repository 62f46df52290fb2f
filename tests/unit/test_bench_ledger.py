"""The crowd's judge: each wrong that it counts, made up, and what only looks like one."""

from datetime import UTC, datetime, timedelta

from bench import ledger
from bench.city import CityAppointment
from bench.ledger import Claim, Waiter
from core.allocation import Claimant
from core.bookings import BookingState
from core.slots import Slot
from core.wishes import WishRules

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUPPERT, PASING = 10489, 54261
AT_RUPPERT, AT_PASING = Slot(NOW + timedelta(days=9), RUPPERT), Slot(NOW + timedelta(days=9), PASING)
LONG, SHORT = 1, 2


def waiter(watch_id: int, *offices: int) -> Waiter:
    """The lower the number, the longer the wait."""
    since = NOW - timedelta(days=30 - watch_id)
    return Waiter(Claimant(watch_id, watch_id, since, WishRules(), office_ids=offices))


def claim(
    watch_id: int,
    slot: Slot,
    state: BookingState = BookingState.CONFIRMED,
    *,
    wanted: int = 0,
    clicked: int = 1,
    ended: int | None = None,
) -> Claim:
    """Minutes from the release."""
    end = None if ended is None else NOW + ended * MINUTE
    return Claim(watch_id, slot, state, "", NOW + wanted * MINUTE, NOW + clicked * MINUTE, end)


def test_a_shorter_wait_that_got_what_would_have_pleased_a_longer_one_is_out_of_order() -> None:
    both = [waiter(LONG, RUPPERT), waiter(SHORT, RUPPERT)]

    assert [one for one, _ in ledger.passed_over(both, [claim(SHORT, AT_RUPPERT)])] == [LONG]
    assert ledger.passed_over(both, [claim(LONG, AT_RUPPERT)]) == []


def test_a_slot_that_would_not_have_pleased_the_longer_wait_is_in_order() -> None:
    waiting = [waiter(LONG, PASING), waiter(SHORT, RUPPERT)]

    assert ledger.passed_over(waiting, [claim(SHORT, AT_RUPPERT)]) == []


def test_who_lost_to_a_rival_was_passed_over_only_if_the_click_came_later() -> None:
    both = [waiter(LONG, RUPPERT, PASING), waiter(SHORT, PASING)]
    lost = claim(LONG, AT_RUPPERT, BookingState.LOST, ended=5)

    assert ledger.passed_over(both, [lost, claim(SHORT, AT_PASING, clicked=4)]) == []
    assert len(ledger.passed_over(both, [lost, claim(SHORT, AT_PASING, clicked=6)])) == 1


def test_a_free_slot_somebody_still_waits_for_is_unused() -> None:
    waiting = [waiter(LONG, RUPPERT)]
    lost = claim(LONG, AT_RUPPERT, BookingState.LOST, ended=1)

    assert ledger.unused(waiting, [], [AT_RUPPERT, AT_PASING], now=NOW) == [AT_RUPPERT]
    assert ledger.unused(waiting, [lost], [AT_RUPPERT], now=NOW) == []
    assert ledger.unused(waiting, [claim(LONG, AT_PASING)], [AT_RUPPERT], now=NOW) == []


def test_a_slot_claimed_twice_at_the_same_time_is_double() -> None:
    both = [waiter(LONG, RUPPERT), waiter(SHORT, RUPPERT)]
    first = claim(LONG, AT_RUPPERT, BookingState.RELEASED, ended=3)

    def doubles(second: Claim) -> int:
        return ledger.judge(both, [first, second], left=[], city=[], now=NOW).double_claims

    assert (doubles(claim(SHORT, AT_RUPPERT, wanted=2)), doubles(claim(SHORT, AT_RUPPERT, wanted=4))) == (1, 0)


def test_a_person_with_two_live_appointments_is_double() -> None:
    city = [CityAppointment(one, "confirmed", AT_RUPPERT, "ada@example.org", NOW) for one in (1, 2)]

    assert ledger.judge([], [], left=[], city=city, now=NOW).double_claims == 1
