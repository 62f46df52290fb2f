"""Every mood of the city gets its own typed answer, and what changed leaves evidence that names nobody."""

import asyncio
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from browser_profiles.lease import Lease
from browser_profiles.pool import Pool, PoolSettings
from browser_profiles.profiles import Profile
from core.looks import Answer, Look
from portal import contract_aug, contract_feb
from rehearsal.settings import Dialect
from tests.portal_fixtures import AT_ONE_OFFICE, WITHOUT_CAPTCHA, OpenTown, Town, in_days, moment
from tests.rehearsal_fixtures import KFZ, ORLEANSPLATZ

CALENDAR = {Dialect.FEB: contract_feb.DAYS, Dialect.AUG: contract_aug.CALENDAR}
TIMES = {Dialect.FEB: contract_feb.TIMES, Dialect.AUG: contract_aug.CALENDAR}
CATALOG = "offices-and-services"
TROUBLE = {
    "throttled": Answer.THROTTLED,
    "blacklisted": Answer.BLOCKED,
    "maintenance": Answer.MAINTENANCE,
    "bad-gateway": Answer.FAILED,
    "html": Answer.FAILED,
    "crash": Answer.FAILED,
    "network-drop": Answer.FAILED,
    "renamed-field": Answer.CHANGED,
}
MIDWAY = ("throttled", "maintenance", "network-drop", "renamed-field")
A_MOMENT = timedelta(seconds=1)


async def look_at_kfz(town: Town, lease: Lease) -> Look:
    await town.offer(KFZ, moment(1, 9), moment(2, 9))
    return await town.portal.look(lease, WITHOUT_CAPTCHA)


def check_evidence(look: Look) -> None:
    """Something was kept exactly if the City or its page changed, and no captcha token is in it."""
    assert bool(look.evidence) is (look.answer is Answer.CHANGED)
    for kept in map(Path, look.evidence):
        text = b"".join(contents(kept))
        assert text
        assert b"eyJ" not in text


def contents(kept: Path) -> list[bytes]:
    if kept.suffix != ".zip":
        return [kept.read_bytes()]
    with zipfile.ZipFile(kept) as archive:
        return [archive.read(name) for name in archive.namelist()]


@pytest.mark.parametrize(("mood", "answer"), TROUBLE.items())
async def test_trouble_with_the_first_question(town: Town, lease: Lease, mood: str, answer: Answer) -> None:
    await town.also(f"{mood}:{CATALOG}")
    look = await look_at_kfz(town, lease)
    assert (look.answer, look.slots, look.days) == (answer, (), ())
    assert look.detail
    check_evidence(look)


@pytest.mark.parametrize(("mood", "kept"), [("maintenance", 0), ("crash", 0), ("blacklisted", 0), ("throttled", 1)])
async def test_no_page_is_left_to_ask_by_itself_whether_the_city_is_back(
    open_town: OpenTown, brisk_visitor: Profile, mood: str, kept: int
) -> None:
    town = await open_town(moods=("none", f"{mood}:{CATALOG}"))
    own = Pool(PoolSettings(profile=brisk_visitor))
    async with own.lease("look") as lease:
        await town.portal.look(lease, WITHOUT_CAPTCHA)
    stats = own.stats()
    await own.close()
    assert (stats.idle, stats.retired_total.get("down", 0)) == (kept, 1 - kept)


@pytest.mark.parametrize(("mood", "answer"), TROUBLE.items())
async def test_trouble_with_the_calendar_is_never_none(
    town: Town, lease: Lease, generation: Dialect, mood: str, answer: Answer
) -> None:
    await town.also(f"{mood}:{CALENDAR[generation]}")
    look = await look_at_kfz(town, lease)
    assert (look.answer, look.slots, str(look.dialect)) == (answer, (), generation)
    check_evidence(look)


@pytest.mark.parametrize(
    ("mood", "answer"),
    [(mood, TROUBLE[mood]) for mood in ("throttled", "maintenance", "network-drop", "renamed-field")],
)
async def test_trouble_with_a_further_day(
    town: Town, lease: Lease, generation: Dialect, mood: str, answer: Answer
) -> None:
    """What was read before stands, with a word that it is not all; an answer of no known form spoils the look."""
    endpoint = TIMES[generation]
    await town.offer(KFZ, moment(1, 9), moment(2, 9))

    def from_now_on(_: date) -> bool:
        town.visitor.running.city.set_moods(["none", f"{mood}:{endpoint}"])
        return True

    look = await town.portal.look(lease, WITHOUT_CAPTCHA, takes_day=from_now_on)
    if answer is Answer.CHANGED:
        assert (look.answer, look.slots) == (Answer.CHANGED, ())
    else:
        assert (look.answer, [slot.starts_at for slot in look.slots]) == (Answer.FREE, [moment(1, 9)])
        assert look.detail.startswith("Not all was read")
        assert look.cut_short is answer
        assert look.unread_days == (in_days(2),)
    check_evidence(look)


async def test_evidence_holds_no_token(town: Town, lease: Lease, generation: Dialect) -> None:
    endpoint = TIMES[generation]
    await town.offer(ORLEANSPLATZ, moment(1, 9), moment(2, 9), moment(3, 9))
    moods = iter([["none"], ["none", f"renamed-field:{endpoint}"]])

    def after_one_more_day(_: date) -> bool:
        town.visitor.running.city.set_moods(next(moods))
        return True

    look = await town.portal.look(lease, AT_ONE_OFFICE, takes_day=after_one_more_day)
    assert look.answer is Answer.CHANGED
    check_evidence(look)


@pytest.mark.parametrize("mood", ["captcha-down", "captcha-disabled"])
async def test_a_captcha_that_does_not_work_is_captcha(town: Town, lease: Lease, mood: str) -> None:
    await town.offer(ORLEANSPLATZ, moment(1, 9))
    await town.also(mood)
    look = await town.portal.look(lease, AT_ONE_OFFICE)
    assert (look.answer, look.slots) == (Answer.CAPTCHA, ())
    assert await town.requests(CALENDAR[town.visitor.dialect]) == []


async def test_a_challenge_the_widget_cannot_read_is_captcha(town: Town, lease: Lease) -> None:
    await town.also("renamed-field:captcha-challenge")
    portal = town.other_portal(step_timeout=A_MOMENT)
    assert (await portal.look(lease, AT_ONE_OFFICE)).answer is Answer.CAPTCHA


async def test_a_token_that_ran_out_is_a_failed_look(open_town: OpenTown, lease: Lease) -> None:
    town = await open_town(captcha_ttl=timedelta(0))
    await town.offer(ORLEANSPLATZ, moment(1, 9))
    look = await town.portal.look(lease, AT_ONE_OFFICE)
    assert look.answer is Answer.FAILED
    assert "captchaExpired" in look.detail


async def test_a_slow_city_is_waited_for(town: Town, lease: Lease) -> None:
    await town.also("slow=0.3")
    assert (await look_at_kfz(town, lease)).answer is Answer.FREE


async def test_a_city_slower_than_the_limit_is_failed(town: Town, lease: Lease, generation: Dialect) -> None:
    await town.offer(KFZ, moment(1, 9))
    await town.also(f"slow=3:{CALENDAR[generation]}")
    look = await town.other_portal(step_timeout=A_MOMENT).look(lease, WITHOUT_CAPTCHA)
    assert look.answer is Answer.FAILED
    assert "in time" in look.detail


@pytest.mark.usefixtures("practice_page")
async def test_a_page_without_the_button_that_holds_is_changed(town: Town, lease: Lease) -> None:
    """Within one wait: what is missed at once is not missed three times over."""
    await town.also("missing-control")
    await town.offer(KFZ, moment(1, 9))
    look = await town.other_portal(step_timeout=A_MOMENT).look(lease, WITHOUT_CAPTCHA)
    assert (look.answer, look.slots) == (Answer.CHANGED, ())
    assert "Weiter of the calendar" in look.detail
    check_evidence(look)
    assert {Path(kept).suffix for kept in look.evidence} == {".png", ".txt", ".zip"}


async def test_a_page_that_crashes_under_a_look_is_failed_and_given_up(town: Town, generation: Dialect) -> None:
    await town.also(f"slow=3:{CALENDAR[generation]}")
    async with town.lease() as lease:
        looking = asyncio.create_task(town.portal.look(lease, WITHOUT_CAPTCHA))
        await lease.page.wait_for_event("request", lambda request: CALENDAR[generation] in request.url)
        session = await lease.context.new_cdp_session(lease.page)
        crashing = asyncio.create_task(session.send("Page.crash"))  # is never answered
        look = await looking
        crashing.cancel()
        assert (look.answer, look.evidence) == (Answer.FAILED, ())
    await town.moods("none")
    async with town.lease() as lease:
        assert lease.uses == 0
        assert (await town.portal.look(lease, WITHOUT_CAPTCHA)).answer is Answer.NONE
        lease.retire("done")
