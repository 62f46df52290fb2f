"""Taking a slot: on the page that saw it, on a page opened anew, when it is gone, and when no answer comes."""

import re
from datetime import datetime, timedelta

import pytest

from browser_profiles.lease import Lease
from core.errors import (
    AnswerLost,
    Blocked,
    CaptchaNeedsPerson,
    Maintenance,
    MtaError,
    PortalChanged,
    SessionExpired,
    SiteUnreachable,
    SlotGone,
    Throttled,
)
from core.looks import Answer
from core.slots import Slot, utc_now
from core.targets import Target
from portal import contract_feb
from portal.portal import STALE_AFTER
from tests.portal_fixtures import AT_ONE_OFFICE, AT_SIX_OFFICES, WITHOUT_CAPTCHA, Town, moment
from tests.rehearsal_fixtures import KFZ, ORLEANSPLATZ, PASING

CATALOG = "offices-and-services"
RESERVE = "reserve-appointment"
NINE, TEN = (Slot(moment(2, hour), KFZ) for hour in (9, 10))


@pytest.fixture
async def kfz(town: Town) -> Town:
    await town.offer(KFZ, NINE.starts_at, TEN.starts_at)
    return town


async def seen(town: Town, lease: Lease, wanted: Target = WITHOUT_CAPTCHA) -> None:
    assert (await town.portal.look(lease, wanted)).answer is Answer.FREE


async def test_the_page_that_saw_the_slot_takes_it(kfz: Town) -> None:
    async with kfz.lease() as lease:
        await seen(kfz, lease)
    before = await kfz.requests()
    async with kfz.lease() as lease:
        held = await kfz.portal.hold(lease, WITHOUT_CAPTCHA, TEN)
        lease.retire("done")
    assert held.starts_at == TEN.starts_at
    made = [one["endpoint"] for one in (await kfz.requests())[len(before) :]]
    assert [one for one in made if one != contract_feb.TIMES] == [RESERVE]  # February asks twice for the first day


async def test_a_page_that_has_stood_too_long_is_opened_anew(kfz: Town, lease: Lease) -> None:
    late = timedelta()

    def clock() -> datetime:
        return utc_now() + late

    portal = kfz.other_portal(clock=clock)
    await portal.look(lease, WITHOUT_CAPTCHA)
    late = STALE_AFTER
    await portal.hold(lease, WITHOUT_CAPTCHA, NINE)
    assert len(await kfz.requests(CATALOG)) == 2


async def test_a_slot_that_came_free_after_the_page_was_drawn_is_taken_there(kfz: Town, lease: Lease) -> None:
    taken = Slot(moment(3, 9), KFZ)
    await seen(kfz, lease)
    await kfz.offer(KFZ, taken.starts_at)

    held = await kfz.portal.hold(lease, WITHOUT_CAPTCHA, taken)

    assert held.starts_at == taken.starts_at


async def test_a_page_at_another_target_is_opened_anew(kfz: Town, lease: Lease) -> None:
    await kfz.offer(ORLEANSPLATZ, moment(1, 9))
    await seen(kfz, lease, AT_ONE_OFFICE)
    assert (await kfz.portal.hold(lease, WITHOUT_CAPTCHA, NINE)).office_id == KFZ


async def test_a_slot_is_held_without_a_look_before(kfz: Town, lease: Lease) -> None:
    held = await kfz.portal.hold(lease, WITHOUT_CAPTCHA, TEN)
    assert (held.starts_at, held.office_id, held.status) == (TEN.starts_at, KFZ, "reserved")
    assert await kfz.statuses() == ["reserved"]


@pytest.mark.parametrize("hour", [8, 14])
async def test_a_slot_is_found_among_the_hours_of_a_full_day(town: Town, lease: Lease, hour: int) -> None:
    """With more than 18 slots at several offices the page shows one hour at a time."""
    for office in (ORLEANSPLATZ, PASING, 102523):
        await town.offer(office, *(moment(1, each) for each in range(8, 15)))
    await seen(town, lease, AT_SIX_OFFICES)
    slot = Slot(moment(1, hour, 0), PASING)
    held = await town.portal.hold(lease, AT_SIX_OFFICES, slot)
    assert (held.starts_at, held.office_id) == (slot.starts_at, PASING)


async def test_an_earlier_day_is_found_again_after_a_later_month(town: Town, lease: Lease) -> None:
    first, last = Slot(moment(1, 9), ORLEANSPLATZ), Slot(moment(40, 9), ORLEANSPLATZ)
    await town.offer(ORLEANSPLATZ, first.starts_at, last.starts_at)
    await seen(town, lease, AT_ONE_OFFICE)
    await town.visitor.order("slots", remove=[{"office": ORLEANSPLATZ, "time": last.unix}])
    with pytest.raises(SlotGone):
        await town.portal.hold(lease, AT_ONE_OFFICE, last)
    assert (await town.portal.hold(lease, AT_ONE_OFFICE, first)).starts_at == first.starts_at


@pytest.mark.parametrize("days", [3, 38], ids=["this-month", "a-later-month"])
async def test_a_day_that_was_emptied_since_the_look_is_gone(town: Town, lease: Lease, days: int) -> None:
    slot = Slot(moment(days, 9), ORLEANSPLATZ)
    await town.offer(ORLEANSPLATZ, moment(1, 9), slot.starts_at, moment(39, 9))
    await seen(town, lease, AT_ONE_OFFICE)
    await town.visitor.order("slots", remove=[{"office": ORLEANSPLATZ, "time": slot.unix}])
    with pytest.raises(SlotGone):
        await town.portal.hold(lease, AT_ONE_OFFICE, slot)
    assert await town.requests(RESERVE) == []


@pytest.mark.parametrize("days", [3, 38], ids=["this-month", "a-later-month"])
@pytest.mark.parametrize(("mood", "error"), [("throttled", Throttled), ("bad-gateway", SiteUnreachable)])
async def test_a_day_the_city_does_not_tell_of_is_not_gone(
    town: Town, lease: Lease, days: int, mood: str, error: type[MtaError]
) -> None:
    slot = Slot(moment(days, 9), ORLEANSPLATZ)
    await town.offer(ORLEANSPLATZ, moment(1, 9), slot.starts_at)
    await seen(town, lease, AT_ONE_OFFICE)
    await town.also(mood)
    with pytest.raises(error):
        await town.portal.hold(lease, AT_ONE_OFFICE, slot)


async def test_a_slot_is_taken_from_the_list_view(kfz: Town, lease: Lease) -> None:
    await seen(kfz, lease)
    await kfz.portal._visit(lease).hand.choose(
        lease.page.get_by_role("button", name=re.compile("Zur Listenansicht wechseln"))
    )
    await lease.page.get_by_role("button", name=re.compile("Zur Kalenderansicht wechseln")).wait_for()
    assert (await kfz.portal.hold(lease, WITHOUT_CAPTCHA, TEN)).starts_at == TEN.starts_at


async def test_a_slot_that_somebody_took_is_gone_and_the_next_one_is_held(kfz: Town, lease: Lease) -> None:
    await seen(kfz, lease)
    await kfz.visitor.order("slots", remove=[{"office": KFZ, "time": NINE.unix}])
    with pytest.raises(SlotGone):
        await kfz.portal.hold(lease, WITHOUT_CAPTCHA, NINE)
    assert (await kfz.portal.hold(lease, WITHOUT_CAPTCHA, TEN)).starts_at == TEN.starts_at


@pytest.mark.parametrize("left", [[], [TEN], [Slot(moment(3, 9), KFZ)]], ids=["nothing", "an-hour", "a-day"])
async def test_a_slot_that_a_new_page_does_not_offer_is_gone(town: Town, lease: Lease, left: list[Slot]) -> None:
    await town.offer(KFZ, *(slot.starts_at for slot in left))
    with pytest.raises(SlotGone):
        await town.portal.hold(lease, WITHOUT_CAPTCHA, NINE)
    assert await town.requests(RESERVE) == []


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ("gone", SlotGone),
        ("throttled", Throttled),
        ("blacklisted", Blocked),
        ("maintenance", Maintenance),
        ("bad-gateway", AnswerLost),
        ("crash", AnswerLost),
        ("network-drop", AnswerLost),
        ("renamed-field", AnswerLost),
    ],
)
async def test_what_the_city_says_to_a_reservation(kfz: Town, lease: Lease, mood: str, error: type[MtaError]) -> None:
    await seen(kfz, lease)
    await kfz.also(mood if mood == "gone" else f"{mood}:{RESERVE}")
    with pytest.raises(error) as raised:
        await kfz.portal.hold(lease, WITHOUT_CAPTCHA, NINE)
    assert type(raised.value) is error
    taken = mood in {"network-drop", "renamed-field"}  # the City did it, and we do not know
    assert await kfz.statuses() == (["reserved"] if taken else [])
    if mood != "network-drop":  # a request cut off on a connection used before is sent again, by Chromium itself
        assert len(await kfz.requests(RESERVE)) == 1
    assert any(kfz.evidence.iterdir()) is (error is AnswerLost)


async def test_gone_is_not_believed_of_a_request_that_was_sent_twice(kfz: Town, lease: Lease) -> None:
    await seen(kfz, lease)
    await kfz.also(f"network-drop:{RESERVE}#1")

    with pytest.raises(AnswerLost):
        await kfz.portal.hold(lease, WITHOUT_CAPTCHA, NINE)

    assert await kfz.statuses() == ["reserved"]
    assert len(await kfz.requests(RESERVE)) == 2


async def test_an_answer_that_comes_too_late_is_lost(kfz: Town, lease: Lease) -> None:
    portal = kfz.other_portal(step_timeout=timedelta(seconds=1))
    await portal.look(lease, WITHOUT_CAPTCHA)
    await kfz.also(f"slow=2:{RESERVE}")
    with pytest.raises(AnswerLost):
        await portal.hold(lease, WITHOUT_CAPTCHA, NINE)


async def test_a_token_that_ran_out_since_the_look_is_a_session_that_ran_out(town: Town, lease: Lease) -> None:
    await town.offer(ORLEANSPLATZ, moment(2, 9))
    await seen(town, lease, AT_ONE_OFFICE)
    await town.visitor.pass_time(minutes=6)
    with pytest.raises(SessionExpired):
        await town.portal.hold(lease, AT_ONE_OFFICE, Slot(moment(2, 9), ORLEANSPLATZ))
    assert await town.statuses() == []


async def test_a_box_left_to_a_person_holds_nothing(town: Town, lease: Lease) -> None:
    await town.offer(ORLEANSPLATZ, moment(2, 9))
    with pytest.raises(CaptchaNeedsPerson):
        await town.other_portal(captcha="person").hold(lease, AT_ONE_OFFICE, Slot(moment(2, 9), ORLEANSPLATZ))


@pytest.mark.usefixtures("practice_page")
async def test_a_page_that_loses_its_button_after_the_look_is_changed(kfz: Town, lease: Lease) -> None:
    portal = kfz.other_portal(step_timeout=timedelta(seconds=3))
    await kfz.also("missing-control")
    with pytest.raises(PortalChanged) as changed:
        await portal.hold(lease, WITHOUT_CAPTCHA, NINE)
    assert changed.value.expected == "Weiter of the calendar"
    assert "kept: " in changed.value.__notes__[0]
