"""The lane's budget against a counter that works as the City's does."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import pacing
from core.looks import Budget
from core.pacing import SILENCE, Decision, Grant, Spent

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LASTS = 100 * SECOND


class CitysCounter:
    """Counts accepted requests; forgets them 60 s after the last one; refuses beyond the limit."""

    def __init__(self, limit: int) -> None:
        self.limit, self.count, self.last = limit, 0, NOW - timedelta(hours=1)
        self.accepted = self.refused = 0

    def ask(self, now: datetime) -> Budget:
        if now - self.last >= timedelta(seconds=60):
            self.count = 0
        if self.count >= self.limit:
            self.refused += 1
        else:
            self.count, self.last = self.count + 1, now
            self.accepted += 1
        return Budget(limit=self.limit, remaining=max(0, self.limit - self.count - 1), resets_at=now)


def look(before: Spent | None, *, wanted: int = 5, least: int = 5, at: timedelta = 0 * SECOND, **how: Any) -> Decision:
    return pacing.for_look(before, wanted=wanted, least=least, reserve=15, lasts=LASTS, now=NOW + at, **how)


def booking(before: Spent | None, *, cost: int, at: timedelta = 0 * SECOND) -> Decision:
    return pacing.for_booking(before, cost=cost, lasts=LASTS, now=NOW + at)


def asked(decision: Decision, *, used: int, at: timedelta, budget: Budget | None = None) -> Spent:
    return pacing.settled(decision.spent, granted=decision.granted, used=used, budget=budget, now=NOW + at)


@dataclass
class UnderWay:
    began_at: datetime
    granted: int
    used: int = 0


class Walk:
    """Workers that take what they are granted, ask some or all of it, and settle or die in their time."""

    def __init__(self, limit: int) -> None:
        self.city, self.now = CitysCounter(limit), NOW
        self.spent = pacing.fresh(NOW, limit=limit)
        self.under_way: list[UnderWay] = []

    def look(self, size: int, **how: Any) -> None:
        self._take(pacing.for_look(self.spent, wanted=size, least=1, reserve=10, lasts=LASTS, now=self.now, **how))

    def book(self, size: int) -> None:
        self._take(pacing.for_booking(self.spent, cost=size, lasts=LASTS, now=self.now))

    def ask(self, most: int) -> None:
        for one in self.under_way:
            for _ in range(min(most, one.granted - one.used)):
                one.used += 1
                self.city.ask(self.now)

    def settle(self, one: UnderWay) -> None:
        self.under_way.remove(one)
        budget = None
        if one.used < one.granted:
            budget, one.used = self.city.ask(self.now), one.used + 1
        self.spent = pacing.settled(self.spent, granted=one.granted, used=one.used, budget=budget, now=self.now)

    def pass_time(self, span: timedelta) -> None:
        for one in [one for one in self.under_way if self.now + span >= one.began_at + LASTS]:
            self.settle(one)
        self.now += span

    def _take(self, decision: Decision) -> None:
        self.spent = decision.spent
        if decision.granted:
            self.under_way.append(UnderWay(self.now, decision.granted))


STEPS = (
    "look",
    "look",
    "urgent",
    "dense",
    "booking",
    "ask",
    "ask",
    "ask",
    "settle",
    "settle",
    "die",
    "wait",
    "silence",
)


@pytest.mark.parametrize("limit", [30, 60, 120])
@pytest.mark.parametrize("seed", range(10))
def test_the_citys_counter_never_refuses_who_asks_only_what_was_granted(seed: int, limit: int) -> None:
    rng, here = random.Random(seed), Walk(limit)
    for _ in range(3000):
        match rng.choice(STEPS):
            case "look":
                here.look(rng.randint(1, 40))
            case "urgent" | "dense" as how:
                here.look(rng.randint(1, 40), **{how: True})
            case "booking":
                here.book(rng.randint(1, 15))
            case "ask":
                here.ask(rng.randint(1, 40))
            case "settle" if here.under_way:
                here.settle(rng.choice(here.under_way))
            case "die" if here.under_way and rng.random() < 0.2:
                here.under_way.remove(rng.choice(here.under_way))
            case "wait":
                here.pass_time(rng.uniform(0, 20) * SECOND)
            case "silence" if rng.random() < 0.2:
                here.pass_time(rng.uniform(50, 70) * SECOND)
        here.pass_time(rng.uniform(0, 0.2) * SECOND)

    assert here.city.refused == 0
    assert here.city.accepted > 15 * limit


def test_looks_leave_the_reserve_to_bookings() -> None:
    first = look(None, wanted=100)
    second = booking(first.spent, cost=15)

    assert (first.granted, second.granted) == (45, 15)
    assert booking(second.spent, cost=1).granted == 0


def test_a_used_budget_is_followed_by_silence() -> None:
    used = asked(look(None, wanted=45), used=45, at=5 * SECOND)

    refused = look(used, at=10 * SECOND)

    assert (refused.wait, refused.for_silence) == (SILENCE - 5 * SECOND, True)
    again = look(refused.spent, at=5 * SECOND + SILENCE)
    assert (again.granted, again.spent.count) == (5, 0)


def test_looks_begin_while_a_round_is_young_and_then_wait_for_the_silence() -> None:
    used = asked(look(None), used=5, at=3 * SECOND)

    young, old = look(used, at=14 * SECOND), look(used, at=15 * SECOND)

    assert young.granted == 5
    assert (old.granted, old.wait, old.for_silence) == (0, SILENCE - 12 * SECOND, True)
    assert look(used, at=3 * SECOND + SILENCE).granted == 5


def test_silence_begins_only_when_nothing_is_outstanding() -> None:
    under_way = look(None)

    refused = look(under_way.spent, at=70 * SECOND)

    assert (refused.wait, refused.for_silence) == (SILENCE, True)


def test_who_waits_for_others_grants_alone_waits_shortly() -> None:
    others = look(look(None, wanted=30).spent, wanted=30)

    refused = look(others.spent, at=SECOND)
    settled = asked(others, used=3, at=2 * SECOND)

    assert (refused.wait, refused.for_silence) == (pacing.OTHERS_SETTLE, False)
    assert look(settled, wanted=30, at=3 * SECOND).granted == 12


@pytest.mark.parametrize("how", ["urgent", "dense"])
def test_an_urgent_or_a_dense_look_begins_at_any_time_that_has_budget(how: str) -> None:
    used = asked(look(None), used=38, at=3 * SECOND)

    first = look(used, at=40 * SECOND, **{how: True})
    second = look(asked(first, used=5, at=42 * SECOND), at=43 * SECOND, **{how: True})

    assert first.granted == 5
    assert (second.granted, second.for_silence) == (0, True)


def test_a_dense_round_stays_open_for_every_look_until_the_budget_is_used() -> None:
    dense = asked(look(None, dense=True), used=5, at=3 * SECOND)

    other = look(dense, wanted=40, at=50 * SECOND)
    over = look(asked(other, used=40, at=55 * SECOND), at=56 * SECOND)

    assert other.granted == 40
    assert over.for_silence
    assert not look(over.spent, at=55 * SECOND + SILENCE).spent.dense


def test_what_was_not_asked_comes_back() -> None:
    spent = asked(look(None, wanted=30), used=6, at=SECOND)

    assert (spent.count, spent.outstanding) == (6, 0)


def test_a_look_that_asked_nothing_begins_no_round() -> None:
    spent = asked(look(None, wanted=30), used=0, at=SECOND)

    assert look(spent, at=40 * SECOND).granted == 5


def test_a_grant_of_the_dead_counts_as_used_and_ends() -> None:
    dead = look(None, wanted=30).spent

    assert pacing.cleared(dead, now=NOW + LASTS - SECOND).outstanding == 30
    buried = pacing.cleared(dead, now=NOW + LASTS)
    assert (buried.count, buried.outstanding) == (30, 0)
    assert look(dead, wanted=45, at=LASTS).granted == 15, "its silence has to begin anew, so looks may as well"
    assert look(dead, at=LASTS + SILENCE - SECOND).wait == SECOND
    assert look(dead, wanted=45, at=LASTS + SILENCE).granted == 45


def test_a_grant_whose_owner_is_known_to_be_dead_ends_at_once() -> None:
    both = look(look(None, wanted=20, owner="dead").spent, owner="living").spent

    left = pacing.without(both, lambda owner: owner == "dead", now=NOW + 30 * SECOND)

    assert (left.count, left.grants) == (20, (Grant(5, ends_at=NOW + LASTS, owner="living"),))
    assert look(left, wanted=45, at=31 * SECOND).granted == 20


def test_of_equal_grants_the_one_that_ends_last_stays() -> None:
    both = look(look(None).spent, at=9 * SECOND).spent

    spent = pacing.settled(both, granted=5, used=2, budget=None, now=NOW + 10 * SECOND)

    assert spent.grants == (Grant(5, ends_at=NOW + 9 * SECOND + LASTS),)


def test_the_citys_own_count_is_believed() -> None:
    told = Budget(limit=120, remaining=20, resets_at=NOW)

    spent = pacing.settled(pacing.fresh(NOW), granted=0, used=1, budget=told, now=NOW)

    assert spent == Spent(count=100, last_at=NOW, limit=120, began_at=NOW)


def test_what_others_have_asked_of_their_grants_is_not_counted_twice() -> None:
    both = look(look(None, wanted=10).spent, wanted=20)
    told = Budget(limit=60, remaining=60 - 18, resets_at=NOW)

    first = pacing.settled(both.spent, granted=10, used=8, budget=told, now=NOW + SECOND)
    second = pacing.settled(first, granted=20, used=12, budget=None, now=NOW + 2 * SECOND)

    assert (first.count, first.outstanding, second.count) == (8, 20, 20)


def test_a_limit_below_the_reserve_lets_one_look_through_a_round() -> None:
    small = pacing.fresh(NOW, limit=12)

    first = look(small, wanted=30, least=8)

    assert first.granted == 8
    assert look(asked(first, used=8, at=SECOND), least=8, at=2 * SECOND).for_silence
    assert booking(replace(small, limit=5), cost=12).granted == 12
