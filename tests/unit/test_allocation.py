from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.allocation import Claimant, draw, fitting
from core.slots import Slot
from core.wishes import WishRules

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OFFICES = (10489, 54261, 102522)

slots = st.sets(
    st.builds(
        lambda hours, office: Slot(NOW + timedelta(hours=hours), office), st.integers(1, 60), st.sampled_from(OFFICES)
    ),
    max_size=12,
)
rules = st.builds(
    lambda days: WishRules(latest=date(2026, 11, 23) + timedelta(days=days)) if days else WishRules(), st.integers(0, 3)
)
claimants = st.lists(
    st.builds(
        lambda watch, person, waited, wish, offices: Claimant(
            watch_id=watch, person_id=person, since=NOW - timedelta(days=waited), rules=wish, office_ids=tuple(offices)
        ),
        st.integers(1, 1000),
        st.integers(1, 8),
        st.integers(0, 3),
        rules,
        st.lists(st.sampled_from(OFFICES), unique=True, max_size=3),
    ),
    unique_by=lambda one: one.watch_id,
    max_size=10,
)


@given(claimants, slots, st.integers())
def test_no_slot_and_no_person_is_served_twice(people: list[Claimant], free: set[Slot], seed: int) -> None:
    person_of = {one.watch_id: one.person_id for one in people}
    awards = draw(people, free, now=NOW, seed=seed).awards
    assert len({award.slot for award in awards}) == len(awards)
    assert len({person_of[award.watch_id] for award in awards}) == len(awards)


@given(claimants, slots, st.integers())
def test_every_award_pleases_the_one_who_gets_it(people: list[Claimant], free: set[Slot], seed: int) -> None:
    by_id = {one.watch_id: one for one in people}
    for award in draw(people, free, now=NOW, seed=seed).awards:
        claimant = by_id[award.watch_id]
        assert claimant.rules.pleases(award.slot, now=NOW)
        assert not claimant.office_ids or award.slot.office_id in claimant.office_ids


@given(claimants, slots, st.integers())
def test_no_slot_stays_unused_while_an_unserved_person_wants_it(
    people: list[Claimant], free: set[Slot], seed: int
) -> None:
    outcome = draw(people, free, now=NOW, seed=seed)
    taken = {award.slot for award in outcome.awards}
    served = {one.person_id for one in people for award in outcome.awards if award.watch_id == one.watch_id}
    left = free - taken
    for one in people:
        assert one.person_id in served or not fitting(one, left, now=NOW)


@given(claimants, slots, st.integers())
def test_who_waited_longer_is_asked_first(people: list[Claimant], free: set[Slot], seed: int) -> None:
    since = {one.watch_id: one.since for one in people}
    order = draw(people, free, now=NOW, seed=seed).order
    assert [since[watch] for watch in order] == sorted(since.values())


@given(claimants, slots, st.integers())
def test_the_same_seed_gives_the_same_draw(people: list[Claimant], free: set[Slot], seed: int) -> None:
    assert draw(people, free, now=NOW, seed=seed) == draw(list(reversed(people)), set(free), now=NOW, seed=seed)


def test_the_lot_decides_between_equal_waits_and_not_always_alike() -> None:
    two = [Claimant(watch_id=n, person_id=n, since=NOW, rules=WishRules()) for n in (1, 2)]
    one_slot = [Slot(NOW + timedelta(hours=1), 1)]
    winners = {draw(two, one_slot, now=NOW, seed=seed).awards[0].watch_id for seed in range(40)}
    assert winners == {1, 2}


def test_the_preferred_office_comes_before_the_earlier_hour() -> None:
    early, preferred = Slot(NOW + timedelta(hours=1), 54261), Slot(NOW + timedelta(hours=9), 10489)
    claimant = Claimant(watch_id=1, person_id=1, since=NOW, rules=WishRules(), office_ids=(10489, 54261))
    assert fitting(claimant, [early, preferred], now=NOW) == [preferred, early]


def test_a_slot_already_tried_in_vain_is_not_given_again() -> None:
    slot = Slot(NOW + timedelta(hours=1), 1)
    claimant = Claimant(watch_id=1, person_id=1, since=NOW, rules=WishRules(), taken=frozenset({slot}))
    assert draw([claimant], [slot], now=NOW, seed=1).awards == ()
