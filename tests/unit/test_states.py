import pytest

from core.bookings import ENDED, LIVE, MOVES, BookingState, HoldKey, IllegalMove, check_move


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(MOVES) == set(BookingState)


def test_only_the_four_endings_have_no_way_on() -> None:
    assert {BookingState.RELEASED, BookingState.LOST, BookingState.EXPIRED, BookingState.CANCELLED} == ENDED
    assert set(BookingState) == LIVE | ENDED


def test_every_live_state_can_reach_an_ending_and_wanted_reaches_all() -> None:
    for state in LIVE:
        assert ENDED & _reachable(state)
    assert _reachable(BookingState.WANTED) == set(BookingState) - {BookingState.WANTED}


def test_a_confirmed_appointment_can_only_be_cancelled() -> None:
    check_move(BookingState.CONFIRMED, BookingState.CANCELLED)
    for state in set(BookingState) - {BookingState.CANCELLED}:
        with pytest.raises(IllegalMove):
            check_move(BookingState.CONFIRMED, state)


def test_confirmed_is_reached_from_preconfirmed_alone() -> None:
    assert {old for old, new in MOVES.items() if BookingState.CONFIRMED in new} == {BookingState.PRECONFIRMED}


def test_a_key_does_not_show_itself() -> None:
    assert "secret" not in repr(HoldKey(process_id=7, auth_key="secret"))


def _reachable(state: BookingState) -> set[BookingState]:
    found: set[BookingState] = set()
    fresh = set(MOVES[state])
    while fresh:
        found |= fresh
        fresh = {new for old in fresh for new in MOVES[old]} - found
    return found
