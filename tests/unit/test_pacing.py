"""The lane's budget against a counter that works as the City's does."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pacing
from core.looks import Budget
from core.pacing import Spent
from core.slots import BERLIN

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class CitysCounter:
    """Counts accepted requests; forgets them 60 s after the last one; refuses beyond the limit."""

    def __init__(self, limit: int) -> None:
        self.limit, self.count, self.last = limit, 0, NOW - timedelta(hours=1)
        self.refused = 0

    def ask(self, now: datetime) -> Budget:
        if now - self.last >= timedelta(seconds=60):
            self.count = 0
        if self.count >= self.limit:
            self.refused += 1
        else:
            self.count, self.last = self.count + 1, now
        return Budget(limit=self.limit, remaining=max(0, self.limit - self.count - 1), resets_at=now)


steps = st.lists(
    st.tuples(st.floats(0.05, 90), st.sampled_from(["look", "booking"]), st.integers(1, 40)), min_size=1, max_size=60
)


@given(steps, st.sampled_from([30, 60, 120]))
def test_the_citys_counter_never_refuses_who_asks_only_what_was_granted(
    walk: list[tuple[float, str, int]], limit: int
) -> None:
    city, spent, now = CitysCounter(limit), pacing.fresh(NOW, limit=limit), NOW
    for pause, kind, size in walk:
        now += timedelta(seconds=pause)
        decision = (
            pacing.for_look(spent, wanted=size, least=1, reserve=10, now=now)
            if kind == "look"
            else pacing.for_booking(spent, cost=size, now=now)
        )
        spent, budget = decision.spent, None
        for _ in range(decision.granted):
            budget = city.ask(now)
        if decision.granted:
            spent = pacing.settled(spent, granted=decision.granted, used=decision.granted, budget=budget, now=now)

    assert city.refused == 0


def test_looks_leave_the_reserve_to_bookings() -> None:
    look = pacing.for_look(None, wanted=100, least=5, reserve=15, now=NOW)
    booking = pacing.for_booking(look.spent, cost=15, now=NOW)

    assert (look.granted, booking.granted) == (45, 15)
    assert pacing.for_booking(booking.spent, cost=1, now=NOW).granted == 0


def test_a_used_budget_is_followed_by_silence() -> None:
    first = pacing.for_look(None, wanted=45, least=5, reserve=15, now=NOW)

    refused = pacing.for_look(first.spent, wanted=5, least=5, reserve=15, now=NOW + 20 * SECOND)

    assert refused.wait == pacing.SILENCE - 20 * SECOND
    again = pacing.for_look(refused.spent, wanted=5, least=5, reserve=15, now=NOW + pacing.SILENCE)
    assert again.granted == 5
    assert again.spent.count == 5


def test_what_was_not_asked_comes_back() -> None:
    look = pacing.for_look(None, wanted=30, least=5, reserve=15, now=NOW)

    spent = pacing.settled(look.spent, granted=30, used=6, budget=None, now=NOW + SECOND)

    assert spent.count == 6


def test_the_citys_own_count_is_believed() -> None:
    told = Budget(limit=120, remaining=20, resets_at=NOW)

    spent = pacing.settled(pacing.fresh(NOW), granted=0, used=1, budget=told, now=NOW)

    assert spent == Spent(count=100, last_at=NOW, limit=120)


@pytest.mark.parametrize(
    ("clock", "expected"), [("22:59", False), ("23:00", True), ("03:00", True), ("06:00", False), ("12:00", False)]
)
def test_quiet_hours_may_span_midnight(clock: str, expected: bool) -> None:  # noqa: FBT001
    hour, minute = map(int, clock.split(":"))
    moment = datetime(2026, 11, 24, hour, minute, tzinfo=BERLIN)

    assert pacing.quiet(moment, (time(23), time(6))) is expected


def test_without_quiet_hours_no_hour_is_quiet() -> None:
    assert not pacing.quiet(NOW, None)
