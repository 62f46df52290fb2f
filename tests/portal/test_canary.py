"""The canary finds what differs, names it, and touches nothing."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from browser_profiles.lease import Lease
from core.errors import BadInput
from core.looks import Answer
from portal import calendar_step, canary_steps
from portal.canary import Canary
from portal.drift import Difference, Kind, Report, Step, Verdict
from portal.portal import PortalSettings
from portal.visit import Visit
from portal.wire import Wire
from rehearsal.settings import Dialect
from tests.browser_fixtures import LocalSite
from tests.portal_fixtures import OpenTown, Town, thrown_away
from tests.rehearsal_fixtures import ABMELDUNG, WOHNSITZ

AVAILABILITY = {Dialect.FEB: "available-days-by-office", Dialect.AUG: "available-calendar"}


@pytest.fixture
async def everyday(open_town: OpenTown) -> Town:
    return await open_town(moods=())


async def checked(town: Town, *service_ids: int, **how: Any) -> Report:
    chosen = {"captcha": "browser", "step_timeout": timedelta(seconds=20), **how}
    canary = Canary(PortalSettings(site_url=f"{town.visitor.url}/", evidence_dir=town.evidence, **chosen))
    async with thrown_away(town) as lease:
        return await canary.check(lease, service_ids)


def found(report: Report) -> list[tuple[str, str]]:
    return [(str(one.kind), one.what) for step in report.steps for one in step.differs]


async def test_pages_as_they_are_known_are_walked_and_nothing_is_reserved(everyday: Town, generation: Dialect) -> None:
    report = await checked(everyday)
    asked = Counter(one["endpoint"] for one in await everyday.requests())
    assert (report.verdict, found(report), str(report.dialect)) == (Verdict.AS_KNOWN, [], generation)
    assert [len(walk.steps) for walk in report.walks] == [6, 6]
    boxed, plain = (walk.steps[1].known for walk in report.walks)
    assert "captcha box ticked" in boxed
    assert plain == ["no captcha box, as the catalogue says"]
    assert asked.total() == report.requests <= 14
    assert asked.keys() <= {
        *("offices-and-services", "captcha-details", "captcha-challenge", "captcha-verify"),
        *("available-calendar", "available-days-by-office", "available-appointments-by-office"),
    }
    assert await everyday.statuses() == []


@pytest.mark.parametrize("mood", ["missing-control", "unknown-headline"])
@pytest.mark.usefixtures("practice_page")
async def test_a_page_that_was_changed_is_named_and_kept(everyday: Town, mood: str) -> None:
    await everyday.also(mood)
    report = await checked(everyday, ABMELDUNG)
    named = {
        "missing-control": [("missing control", "Weiter of the calendar")],
        "unknown-headline": [
            ("missing control", "heading of the times"),
            ("unknown headline", "“Ihr Wunschtermin”"),
        ],
    }
    assert (report.verdict, found(report)) == (Verdict.DIFFERS, named[mood])
    [step] = [step for step in report.steps if step.differs]
    assert step.name == "calendar"
    assert step.evidence
    assert len(report.walks[0].steps) == 6, "the other steps are walked all the same"


async def test_a_renamed_field_is_named_on_both_sides(everyday: Town, generation: Dialect) -> None:
    endpoint = AVAILABILITY[generation]
    await everyday.also(f"renamed-field:{endpoint}")
    report = await checked(everyday, ABMELDUNG)
    assert found(report)[:2] == [
        ("new field", f"{endpoint}: openDays"),
        ("missing field", f"{endpoint}: availableDays"),
    ]
    assert report.walks[0].steps[-1].evidence


async def test_a_catalogue_of_no_known_generation_is_measured_by_the_nearer_one(everyday: Town) -> None:
    await everyday.also("renamed-field:offices-and-services")
    report = await checked(everyday)
    assert (report.verdict, report.dialect, report.walks) == (Verdict.DIFFERS, None, ())
    assert ("missing field", "offices-and-services: services") in found(report)


@pytest.mark.parametrize(
    ("mood", "answer"),
    [("maintenance", Answer.MAINTENANCE), ("bad-gateway", Answer.FAILED), ("throttled", Answer.THROTTLED)],
)
async def test_a_city_that_cannot_be_seen_is_blind_and_not_as_known(
    everyday: Town, generation: Dialect, mood: str, answer: Answer
) -> None:
    await everyday.also(f"{mood}:{AVAILABILITY[generation]}")
    report = await checked(everyday)
    last = report.walks[0].steps[-1]
    assert (report.verdict, last.name, last.blind, last.differs) == (Verdict.BLIND, "calendar", answer, [])
    assert last.detail
    assert len(report.walks) == (1 if answer is Answer.THROTTLED else 2)


async def test_with_nothing_free_it_says_what_it_could_not_see(town: Town) -> None:
    report = await checked(town, ABMELDUNG)
    unseen = [one for step in report.steps for one in step.unseen]
    assert report.verdict is Verdict.AS_KNOWN
    assert "calendar, days and slots: nothing is free" in unseen


async def test_a_box_left_to_a_person_is_found_and_not_ticked(everyday: Town) -> None:
    report = await checked(everyday, WOHNSITZ, captcha="person")
    assert [step.name for step in report.walks[0].steps] == ["service step", "captcha box"]
    assert report.walks[0].steps[-1].known == ["captcha box"]
    assert report.verdict is Verdict.AS_KNOWN
    assert await everyday.requests("captcha-challenge") == []


async def test_a_service_the_city_does_not_have_is_bad_input(everyday: Town) -> None:
    with pytest.raises(BadInput, match="no service 999"):
        await checked(everyday, 999)


async def test_a_control_found_by_another_way_is_drift(lease: Lease, local_site: LocalSite) -> None:
    local_site.pages["/"] = ("text/html", "<!doctype html><button>Weiter zu den Kontaktdaten</button>")
    await lease.page.goto(f"{local_site.url}/")
    visit, step = Visit(lease, Wire(lease.page), timedelta(seconds=5)), Step("calendar")
    await canary_steps.look_for(visit, step, calendar_step.NEXT)
    assert step.differs == [
        Difference(Kind.DRIFT, r"Weiter of the calendar: found by its second way, button “^\s*Weiter\b”")
    ]
