"""What a look says when the City answers as it should, in both generations."""

from datetime import timedelta

import pytest

from browser_profiles.lease import Lease
from core.errors import BadInput
from core.looks import Answer
from core.slots import utc_now
from core.targets import Target
from portal.captcha_box import Policy
from rehearsal.settings import Dialect
from tests.portal_fixtures import (
    AT_ONE_OFFICE,
    AT_SIX_OFFICES,
    SIX_OFFICES,
    TWO_SERVICES,
    WITHOUT_CAPTCHA,
    OpenTown,
    Town,
    in_days,
    moment,
    portal_for,
    target,
    thrown_away,
)
from tests.rehearsal_fixtures import (
    ABMELDUNG,
    AUSWEIS,
    KFZ,
    ORLEANSPLATZ,
    PASING,
    STANDESAMT,
    WOHNSITZ,
)

RUPPERTSTRASSE_PASSES = 10502


async def test_a_look_finds_every_slot_of_the_everyday_supply(open_town: OpenTown) -> None:
    town = await open_town(moods=())
    async with thrown_away(town) as lease:
        look = await town.portal.look(lease, WITHOUT_CAPTCHA)
    truth = await town.truth(KFZ)
    assert truth
    assert (look.answer, look.slots) == (Answer.FREE, truth)
    assert look.unread_days == ()


async def test_a_look_crosses_months_and_reads_all_six_offices(town: Town, lease: Lease, generation: Dialect) -> None:
    for days, office in enumerate(sorted(SIX_OFFICES), start=1):
        await town.offer(office, moment(7 * days - 2, 8 + days), moment(7 * days - 1, 9))
    look = await town.portal.look(lease, AT_SIX_OFFICES)
    assert (look.answer, str(look.dialect), look.detail) == (Answer.FREE, generation, "")
    assert look.slots == await town.truth(*SIX_OFFICES)
    assert look.days == tuple(sorted({slot.day for slot in look.slots}))
    assert look.requests == len(await town.requests())


async def test_only_the_offices_that_are_wanted_are_looked_at(town: Town, lease: Lease) -> None:
    await town.offer(ORLEANSPLATZ, moment(2, 9))
    await town.offer(PASING, moment(1, 9), moment(3, 9))
    await town.offer(102523, moment(1, 10))
    look = await town.portal.look(lease, target(WOHNSITZ, offices={ORLEANSPLATZ, PASING}))
    assert look.slots == await town.truth(ORLEANSPLATZ, PASING)
    assert look.office_ids == frozenset({ORLEANSPLATZ, PASING})


async def test_a_wanted_office_without_slots_is_none_while_others_have_some(town: Town, lease: Lease) -> None:
    await town.offer(PASING, moment(1, 9))
    look = await town.portal.look(lease, AT_ONE_OFFICE)
    assert (look.answer, look.slots) == (Answer.NONE, ())


async def test_no_office_named_means_all_of_them(town: Town, lease: Lease) -> None:
    await town.offer(ORLEANSPLATZ, moment(2, 9))
    await town.offer(102526, moment(1, 10))
    look = await town.portal.look(lease, target(WOHNSITZ))
    assert look.slots == await town.truth(*SIX_OFFICES)


async def test_two_services_want_a_slot_as_long_as_both(town: Town, lease: Lease) -> None:
    await town.offer(ORLEANSPLATZ, moment(2, 9))
    await town.offer(PASING, moment(2, 10), moment(2, 10, 15))
    look = await town.portal.look(lease, TWO_SERVICES)
    assert [(slot.office_id, slot.starts_at) for slot in look.slots] == [(PASING, moment(2, 10))]


async def test_a_count_above_one_reaches_the_city(town: Town, lease: Lease) -> None:
    await town.offer(KFZ, moment(2, 9))
    await town.offer(KFZ, moment(3, 9), minutes=60)
    look = await town.portal.look(lease, target(f"{ABMELDUNG}=2", offices={KFZ}))
    assert [slot.starts_at for slot in look.slots] == [moment(3, 9)]


async def test_an_office_that_stands_for_another_is_found(town: Town, lease: Lease) -> None:
    await town.offer(RUPPERTSTRASSE_PASSES, moment(2, 9))
    look = await town.portal.look(lease, target(AUSWEIS, offices={10489}))
    assert [slot.office_id for slot in look.slots] == [RUPPERTSTRASSE_PASSES]
    assert all(look.sight.covers(slot) for slot in look.slots)


async def test_nothing_free_is_none(town: Town, lease: Lease) -> None:
    look = await town.portal.look(lease, AT_SIX_OFFICES)
    assert (look.answer, look.slots, look.days, look.evidence) == (Answer.NONE, (), (), ())


async def test_days_nobody_can_take_are_not_asked(town: Town, lease: Lease) -> None:
    await town.offer(KFZ, moment(1, 9), moment(2, 9), moment(4, 9))
    look = await town.portal.look(lease, WITHOUT_CAPTCHA, takes_day=lambda day: day == in_days(4))
    assert {slot.day for slot in look.slots} == {in_days(1), in_days(4)}  # the first day is asked by the page itself
    assert look.unread_days == (in_days(2),)


async def test_a_look_says_from_which_day_on_it_asked_nothing(town: Town, lease: Lease, generation: Dialect) -> None:
    near, far = in_days(1), (in_days(40), in_days(41))
    await town.offer(ORLEANSPLATZ, moment(1, 9), moment(40, 9), moment(41, 9))
    look = await town.portal.look(lease, AT_ONE_OFFICE, takes_day=lambda day: day == near)
    assert {slot.day for slot in look.slots} == {near}
    expected = {Dialect.FEB: (None, far), Dialect.AUG: (far[0], far[:1])}
    assert (look.beyond, look.unread_days) == expected[generation]


async def test_a_look_leaves_the_reserve_of_the_budget_alone(open_town: OpenTown) -> None:
    town = await open_town(moods=(), rate_limit=20)
    async with thrown_away(town) as lease:
        look = await town.portal.look(lease, WITHOUT_CAPTCHA)
    assert look.answer is Answer.FREE
    assert look.budget is not None
    assert (look.budget.limit, look.budget.remaining) == (20, 15)
    assert look.unread_days


async def test_a_warm_page_looks_again_and_sees_what_is_new(town: Town) -> None:
    await town.offer(KFZ, moment(1, 9))
    async with town.lease() as lease:
        first = await town.portal.look(lease, WITHOUT_CAPTCHA)
    await town.offer(KFZ, moment(2, 9))
    async with town.lease() as lease:
        assert lease.uses == 1
        second = await town.portal.look(lease, WITHOUT_CAPTCHA)
        lease.retire("done")
    assert (len(first.slots), len(second.slots)) == (1, 2)


@pytest.mark.parametrize(
    "wanted",
    [target(WOHNSITZ, offices={RUPPERTSTRASSE_PASSES}), target(999, offices={KFZ}), target(ABMELDUNG, offices={999})],
    ids=["no-such-pair", "no-such-service", "no-such-office"],
)
async def test_a_target_that_cannot_be_is_bad_input(town: Town, lease: Lease, wanted: Target) -> None:
    with pytest.raises(BadInput) as refused:
        await town.portal.look(lease, wanted)
    assert refused.value.field in {"service", "office"}


async def test_a_count_the_page_does_not_take_is_bad_input(town: Town, lease: Lease) -> None:
    with pytest.raises(BadInput) as refused:
        await town.portal.look(lease, target(f"{ABMELDUNG}=3", offices={KFZ}))
    assert refused.value.field == "service"


async def test_services_that_cannot_share_an_appointment_are_bad_input(town: Town, lease: Lease) -> None:
    portal = town.other_portal(step_timeout=timedelta(seconds=2))
    with pytest.raises(BadInput) as refused:
        await portal.look(lease, target(WOHNSITZ, ABMELDUNG))
    assert refused.value.field == "service"


@pytest.mark.parametrize("policy", ["person", "stop"])
async def test_a_box_left_to_a_person_is_not_touched(town: Town, lease: Lease, policy: Policy) -> None:
    await town.offer(ORLEANSPLATZ, moment(1, 9))
    look = await town.other_portal(captcha=policy).look(lease, AT_ONE_OFFICE)
    assert (look.answer, look.slots) == (Answer.CAPTCHA, ())
    assert await town.requests("captcha-challenge") == []
    assert await town.requests("captcha-verify") == []


async def test_the_policy_is_not_asked_where_there_is_no_box(town: Town, lease: Lease) -> None:
    await town.offer(KFZ, moment(1, 9))
    assert (await town.other_portal(captcha="stop").look(lease, WITHOUT_CAPTCHA)).answer is Answer.FREE


async def test_a_city_that_is_not_there_is_failed(lease: Lease, town: Town) -> None:
    portal = portal_for(town.visitor, town.evidence, site_url="http://127.0.0.1:9/")
    look = await portal.look(lease, WITHOUT_CAPTCHA)
    assert (look.answer, look.requests, look.dialect) == (Answer.FAILED, 0, None)


async def test_the_catalogue_is_what_the_city_offers(town: Town, lease: Lease, generation: Dialect) -> None:
    seen = await town.portal.catalog(lease)
    assert str(seen.dialect) == generation
    assert {office.id for office in seen.catalog.offices} >= SIX_OFFICES | {KFZ, STANDESAMT}
    assert seen.catalog.service_by_id[WOHNSITZ].name == "Wohnsitzanmeldung"
    assert seen.catalog.office_by_id[ORLEANSPLATZ].captcha
    assert not seen.catalog.office_by_id[KFZ].captcha


async def test_a_look_says_when_it_was_made(town: Town, lease: Lease) -> None:
    before = utc_now()
    look = await town.portal.look(lease, WITHOUT_CAPTCHA)
    assert before <= look.started_at <= look.finished_at <= utc_now()
