"""A bench that finds nothing must be able to find something: each wrong that it counts, made up."""

from datetime import UTC, datetime, timedelta

import pytest

from bench import verdict
from bench.city import CityAppointment
from bench.verdict import RowFacts
from core.bookings import BookingState
from core.slots import Slot
from workers.following import LONGER_WAIT

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SLOT = Slot(NOW + timedelta(days=9), 10489)
ADA = "ada@example.org"
CONFIRMED = "booking.confirmed"
POSSIBLE = "booking.possible_hold"


def row(
    state: BookingState,
    *,
    told: str = "",
    written: str = "",
    process_id: int | None = 1,
    booking_id: int = 1,
    reason: str = "",
) -> RowFacts:
    heard = frozenset(told.split())
    return RowFacts(booking_id, 1, state, reason, SLOT, NOW, process_id, heard, heard | frozenset(written.split()))


def at_city(status: str, *, process_id: int = 1, mail: str = ADA, slot: Slot = SLOT) -> CityAppointment:
    return CityAppointment(process_id, status, slot, mail, NOW)


def found(rows: list[RowFacts], city: list[CityAppointment]) -> dict[str, int]:
    return {name: count for name, count in verdict.judge(rows, city).counts().items() if count}


def test_a_confirmed_appointment_that_was_told_is_nothing_wrong() -> None:
    assert found([row(BookingState.CONFIRMED, told=CONFIRMED)], [at_city("confirmed")]) == {}


def test_two_live_appointments_of_one_person_are_double_and_one_of_them_is_lost() -> None:
    city = [at_city("confirmed"), at_city("preconfirmed", process_id=2)]

    assert found([row(BookingState.CONFIRMED, told=CONFIRMED)], city) == {"double": 1, "lost": 1}


@pytest.mark.parametrize("status", ["deleted", "preconfirmed", "reserved"])
def test_a_row_that_says_confirmed_where_the_city_does_not_is_lost(status: str) -> None:
    assert found([row(BookingState.CONFIRMED, told=CONFIRMED)], [at_city(status)])["lost"] == 1


@pytest.mark.parametrize("state", [BookingState.EXPIRED, BookingState.RELEASED, BookingState.HELD])
def test_an_appointment_behind_a_row_that_says_otherwise_is_lost(state: BookingState) -> None:
    assert found([row(state, told=f"booking.{state}")], [at_city("confirmed")]) == {"lost": 1}


@pytest.mark.parametrize("state", [BookingState.EXPIRED, BookingState.RELEASED, BookingState.LOST])
def test_an_end_that_was_written_but_not_delivered_is_untold(state: BookingState) -> None:
    assert found([row(state, written=f"booking.{state}")], []) == {"untold": 1}


def test_a_confirmation_nobody_was_told_is_untold() -> None:
    assert found([row(BookingState.CONFIRMED)], [at_city("confirmed")]) == {"untold": 1}


def test_a_try_that_another_followed_at_once_needs_no_word_of_its_own() -> None:
    rows = [row(BookingState.LOST, process_id=None), row(BookingState.CONFIRMED, told=CONFIRMED, booking_id=2)]

    assert found(rows, [at_city("confirmed")]) == {}
    assert found(rows[:1], []) == {"untold": 1}


def test_a_claim_given_to_a_longer_wait_before_any_click_needs_no_word() -> None:
    assert found([row(BookingState.LOST, process_id=None, reason=LONGER_WAIT)], []) == {}


def test_a_hold_is_known_by_its_slot_while_its_answer_is_waited_for() -> None:
    waiting = row(BookingState.HOLDING, told=POSSIBLE, process_id=None)
    elsewhere = Slot(SLOT.starts_at, 54261)

    assert found([waiting], [at_city("reserved")]) == {}
    assert found([waiting], [at_city("reserved", slot=elsewhere)]) == {"left_holds_unknown": 1}


def test_a_hold_behind_a_row_that_has_ended_is_unknown() -> None:
    ended = row(BookingState.RELEASED, told="booking.released")

    assert found([ended], [at_city("reserved")]) == {"left_holds_unknown": 1}


def test_a_possible_hold_nobody_was_told_is_untold_and_counted() -> None:
    waiting = row(BookingState.HOLDING, written=POSSIBLE, process_id=None)
    city = [at_city("reserved")]

    assert found([waiting], city) == {"untold": 1}
    assert verdict.possible_holds([waiting], city) == {"possible_holds_known": 1, "possible_holds_real": 1}
    assert verdict.possible_holds([waiting], []) == {"possible_holds_known": 1, "possible_holds_real": 0}
