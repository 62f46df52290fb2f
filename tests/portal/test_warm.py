"""A page that stays: looks without a new visit, and slots taken from it that it did not show when it was opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from browser_profiles.lease import Lease
from core.errors import SlotGone
from core.looks import Answer, Look
from core.slots import Slot, utc_now
from core.targets import Target
from portal import contract_aug, contract_feb
from portal.portal import Portal
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
    target,
)
from tests.rehearsal_fixtures import ABMELDUNG, KFZ, ORLEANSPLATZ, PASING

CALENDAR = {Dialect.FEB: contract_feb.DAYS, Dialect.AUG: contract_aug.CALENDAR}
CATALOG = "offices-and-services"
RESERVE = "reserve-appointment"
EVERY_KIND = pytest.mark.parametrize(
    ("wanted", "office"),
    [
        pytest.param(WITHOUT_CAPTCHA, KFZ, id="without-captcha"),
        pytest.param(AT_ONE_OFFICE, ORLEANSPLATZ, id="one-of-six"),
        pytest.param(AT_SIX_OFFICES, PASING, id="six"),
        pytest.param(TWO_SERVICES, PASING, id="two-services"),
    ],
)


@dataclass
class Clock:
    """Real time, and what a test lets pass besides."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@dataclass(frozen=True)
class Since:
    """What a town was asked since this was made."""

    town: Town
    before: int

    async def asked(self) -> list[str]:
        return [str(one["endpoint"]) for one in (await self.town.requests())[self.before :]]


async def since_now(town: Town) -> Since:
    return Since(town, len(await town.requests()))


async def stood(town: Town, lease: Lease, wanted: Target, portal: Portal | None = None) -> Portal:
    """Looked at twice: the page is where it waits."""
    own = portal or town.portal
    for _ in range(2):
        assert (await own.look(lease, wanted)).answer is Answer.NONE
    assert own.is_warm(lease, wanted)
    return own


def of_its_target(look: Look, wanted: Target) -> Sequence[Slot]:
    return [slot for slot in look.slots if not wanted.office_ids or slot.office_id in wanted.office_ids]


@EVERY_KIND
async def test_a_second_look_is_one_question_for_what_is_not_there(
    town: Town, lease: Lease, wanted: Target, office: int, generation: Dialect
) -> None:
    del office
    await stood(town, lease, wanted)
    since = await since_now(town)
    look = await town.portal.look(lease, wanted)
    assert (look.answer, look.requests) == (Answer.NONE, 1)
    assert await since.asked() == [CALENDAR[generation]]


@EVERY_KIND
async def test_a_slot_that_appears_is_seen_and_taken_without_a_new_visit(
    town: Town, lease: Lease, wanted: Target, office: int, generation: Dialect
) -> None:
    await stood(town, lease, wanted)
    await town.offer(office, moment(3, 9), minutes=60)
    since = await since_now(town)
    look = await town.portal.look(lease, wanted)
    assert look.answer is Answer.FREE
    assert of_its_target(look, wanted) == [*await town.truth(office)]
    held = await town.portal.hold(lease, wanted, look.slots[0])
    assert (held.starts_at, held.office_id) == (moment(3, 9), office)
    asked = await since.asked()
    assert asked[-1] == RESERVE
    if generation is Dialect.AUG or wanted is WITHOUT_CAPTCHA:
        assert CATALOG not in asked


async def test_the_counts_that_were_chosen_still_hold_after_a_step_back(town: Town, lease: Lease) -> None:
    wanted = target(f"{ABMELDUNG}=2", offices={KFZ})
    await stood(town, lease, wanted)
    await town.offer(KFZ, moment(2, 9), minutes=60)
    look = await town.portal.look(lease, wanted)
    await town.portal.hold(lease, wanted, look.slots[0])
    booked = (await town.visitor.look("appointments"))[-1]
    assert sum(count for _, count in booked["services"]) == 2


async def test_every_day_somebody_could_take_is_read_again(town: Town, lease: Lease) -> None:
    await town.offer(KFZ, moment(1, 9), moment(2, 9), moment(40, 9))
    first = await town.portal.look(lease, WITHOUT_CAPTCHA)
    await town.offer(KFZ, moment(2, 10), moment(40, 10), moment(41, 9))
    second = await town.portal.look(lease, WITHOUT_CAPTCHA)
    assert first.slots != second.slots
    assert (second.slots, second.unread_days) == (await town.truth(KFZ), ())


async def test_with_few_requests_new_days_come_first_and_then_those_read_longest_ago(town: Town, lease: Lease) -> None:
    await town.offer(KFZ, *(moment(day, 9) for day in (1, 2, 3)))
    await town.portal.look(lease, WITHOUT_CAPTCHA)
    await town.portal.look(lease, WITHOUT_CAPTCHA)
    await town.offer(KFZ, moment(4, 9))
    new = await town.portal.look(lease, WITHOUT_CAPTCHA, most=2)
    assert in_days(4) in {slot.day for slot in new.slots}
    read: list[set[date]] = []
    for _ in range(4):
        look = await town.portal.look(lease, WITHOUT_CAPTCHA, most=2)
        read.append({slot.day for slot in look.slots})
        assert set(look.unread_days) == {in_days(day) for day in (1, 2, 3, 4)} - read[-1]
    assert set().union(*read) == {in_days(day) for day in (1, 2, 3, 4)}


async def test_a_page_is_opened_anew_before_its_token_ends(open_town: OpenTown) -> None:
    town, clock = await open_town(captcha_ttl=timedelta(seconds=300)), Clock()
    portal = town.other_portal(clock=clock)
    async with town.lease() as lease:
        await stood(town, lease, AT_ONE_OFFICE, portal)
        clock.ahead = timedelta(seconds=250)
        assert portal.is_warm(lease, AT_ONE_OFFICE)
        clock.ahead = timedelta(seconds=260)
        assert not portal.is_warm(lease, AT_ONE_OFFICE)
        since = await since_now(town)
        assert (await portal.look(lease, AT_ONE_OFFICE)).answer is Answer.NONE
        assert CATALOG in await since.asked()
        lease.retire("done")


async def test_a_page_without_a_captcha_lasts_until_midnight(town: Town, lease: Lease) -> None:
    clock = Clock()
    portal = await stood(town, lease, WITHOUT_CAPTCHA, town.other_portal(clock=clock))
    midnight = moment(1, 0) - utc_now()
    clock.ahead = midnight - timedelta(seconds=10)
    assert portal.is_warm(lease, WITHOUT_CAPTCHA)
    clock.ahead = midnight + timedelta(seconds=10)
    assert not portal.is_warm(lease, WITHOUT_CAPTCHA)


async def test_a_token_the_city_refuses_early_is_got_anew_within_the_look(open_town: OpenTown) -> None:
    town = await open_town(captcha_ttl=timedelta(seconds=300))
    async with town.lease() as lease:
        await stood(town, lease, AT_ONE_OFFICE)
        await town.visitor.pass_time(minutes=6)
        look = await town.portal.look(lease, AT_ONE_OFFICE)
        assert look.answer is Answer.NONE
        assert look.requests > 1
        lease.retire("done")


@pytest.mark.parametrize(
    ("mood", "answer", "stays"),
    [
        ("throttled", Answer.THROTTLED, True),
        ("blacklisted", Answer.BLOCKED, True),
        ("maintenance", Answer.MAINTENANCE, False),
        ("bad-gateway", Answer.FAILED, False),
        ("html", Answer.FAILED, False),
        ("network-drop", Answer.FAILED, False),
        ("renamed-field", Answer.CHANGED, False),
    ],
)
async def test_trouble_on_a_page_that_stands_is_never_none(
    town: Town, lease: Lease, generation: Dialect, mood: str, answer: Answer, *, stays: bool
) -> None:
    await stood(town, lease, WITHOUT_CAPTCHA)
    await town.offer(KFZ, moment(1, 9))
    await town.moods("none", f"{mood}:{CALENDAR[generation]}")
    look = await town.portal.look(lease, WITHOUT_CAPTCHA)
    assert (look.answer, look.slots) == (answer, ())
    assert town.portal.is_warm(lease, WITHOUT_CAPTCHA) is stays
    await town.moods("none")
    await town.offer(KFZ, moment(2, 9))
    assert (await town.portal.look(lease, WITHOUT_CAPTCHA)).answer is Answer.FREE


@pytest.mark.parametrize(
    ("mood", "answer"),
    [("throttled", Answer.THROTTLED), ("blacklisted", Answer.BLOCKED), ("maintenance", Answer.MAINTENANCE)],
)
async def test_trouble_on_the_way_back_is_heard_at_once_as_what_it_is(
    town: Town, lease: Lease, mood: str, answer: Answer
) -> None:
    assert (await town.portal.look(lease, WITHOUT_CAPTCHA)).answer is Answer.NONE
    await town.also(f"{mood}:{CATALOG}")
    look = await town.portal.look(lease, WITHOUT_CAPTCHA)
    assert look.answer is answer
    assert look.finished_at - look.started_at < timedelta(seconds=10)
    assert not town.portal.is_warm(lease, WITHOUT_CAPTCHA)


@EVERY_KIND
async def test_after_a_slot_was_gone_the_same_page_takes_the_next(
    town: Town, lease: Lease, wanted: Target, office: int
) -> None:
    await stood(town, lease, wanted)
    await town.offer(office, moment(3, 9), moment(4, 9), minutes=60)
    look = await town.portal.look(lease, wanted)
    gone, other = look.slots
    await town.visitor.order("slots", remove=[{"office": office, "time": gone.unix}])
    with pytest.raises(SlotGone):
        await town.portal.hold(lease, wanted, gone)
    assert town.portal.is_warm(lease, wanted)
    held = await town.portal.hold(lease, wanted, other)
    assert (held.starts_at, held.office_id) == (other.starts_at, office)


@EVERY_KIND
async def test_a_slot_that_goes_in_the_last_moment_leaves_a_page_that_takes_the_next(
    town: Town, lease: Lease, wanted: Target, office: int
) -> None:
    await stood(town, lease, wanted)
    await town.offer(office, moment(3, 9), moment(4, 9), minutes=60)
    look = await town.portal.look(lease, wanted)
    await town.also("gone")
    with pytest.raises(SlotGone):
        await town.portal.hold(lease, wanted, look.slots[0])
    await town.moods("none")
    await town.offer(office, moment(5, 9), minutes=60)
    held = await town.portal.hold(lease, wanted, Slot(moment(5, 9), office))
    assert held.starts_at == moment(5, 9)


async def test_another_target_is_not_looked_at_on_a_page_that_stands_for_this_one(town: Town, lease: Lease) -> None:
    await stood(town, lease, WITHOUT_CAPTCHA)
    assert not town.portal.is_warm(lease, AT_ONE_OFFICE)
    await town.offer(ORLEANSPLATZ, moment(2, 9))
    look = await town.portal.look(lease, AT_ONE_OFFICE)
    assert look.slots == await town.truth(*SIX_OFFICES)


async def test_a_page_whose_question_is_never_answered_is_blind_and_not_lent_again(town: Town) -> None:
    portal = town.other_portal(step_timeout=timedelta(seconds=2))
    async with town.lease("slow") as lease:
        await stood(town, lease, WITHOUT_CAPTCHA, portal)
        await town.also("slow=60")
        look = await portal.look(lease, WITHOUT_CAPTCHA)
    assert (look.answer, look.detail) == (Answer.FAILED, "The City's site did not answer in time.")
    async with town.lease("slow") as lease:
        assert lease.uses == 0
