"""What became of a slot that fitted a wish, and why."""

from datetime import UTC, datetime, timedelta

from core.bookings import BookingState
from core.ledger import Fate, Line, Offered, Try, line
from core.slots import Slot
from core.wishes import Mode

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFERED = Offered(Slot(NOON + 48 * HOUR, 10489), first=NOON, gone=NOON + HOUR)


def tried(
    state: BookingState,
    *,
    reason: str = "",
    began: datetime = NOON,
    ended: datetime | None = None,
    since: datetime = NOON,
) -> Try:
    return Try(state=state, reason=reason, began=began, ended=ended, since=since)


def judged(offered: Offered = OFFERED, mode: Mode = Mode.AUTO, **known: object) -> Line:
    given = {"own": None, "others": None} | known
    return line(offered, mode=mode, since=NOON - HOUR, **given)  # type: ignore[arg-type]


def test_a_slot_that_was_booked_says_so() -> None:
    assert judged(own=tried(BookingState.CONFIRMED)).fate is Fate.BOOKED


def test_a_slot_that_is_being_booked_is_under_way() -> None:
    assert judged(own=tried(BookingState.HELD)).fate is Fate.UNDER_WAY


def test_a_slot_tried_in_vain_gives_the_reason_of_the_try() -> None:
    found = judged(own=tried(BookingState.LOST, reason="slot-gone"))

    assert (found.fate, found.reason) == (Fate.TRIED, "slot-gone")


def test_a_slot_given_to_another_says_by_which_rule() -> None:
    before, same, after = (NOON - HOUR * hours for hours in (2, 1, 0))

    reasons = [judged(others=tried(BookingState.CONFIRMED, since=since)).reason for since in (before, same, after)]

    assert reasons == ["waited-longer", "lot", "office-preference"]


def test_who_had_something_else_meanwhile_could_not_take_it() -> None:
    other = tried(BookingState.RELEASED, began=NOON - HOUR, ended=NOON + HOUR)

    assert judged(occupied=(other,)).reason == "had-another"


def test_what_ended_before_the_slot_was_seen_is_no_excuse() -> None:
    other = tried(BookingState.RELEASED, began=NOON - HOUR, ended=NOON - HOUR / 2)

    assert judged(occupied=(other,)) == Line(OFFERED, Fate.GONE, "too-short")


def test_a_watch_that_only_tells_books_nothing() -> None:
    still = Offered(OFFERED.slot, first=NOON, gone=None)

    assert judged(still, Mode.NOTIFY) == Line(still, Fate.FREE, "told-only")


def test_an_offer_needs_room() -> None:
    assert judged(mode=Mode.ASK).reason == "offers-full"
