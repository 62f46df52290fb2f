"""Answers that cannot be are not believed, and answers that only look odd are: each trap by its name."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.catalog import Catalog, Office, Relation, Service
from core.errors import PortalChanged
from core.services import ServiceCount
from core.slots import Slot
from core.targets import Target
from portal import contract, contract_aug, contract_feb, opening
from portal.availability import Availability, check_plausible
from portal.looking import Findings
from portal.visit import Standing
from tests.contract_cast import Body, reply, unix

TODAY, LAST = date(2026, 11, 24), date(2027, 5, 24)
ORLEANS, PASING = 102522, 54261
MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)
HALF_PAST_NINE = 9 * 60 + 30


def times(office: int, day: date = TODAY) -> Body:
    return {"officeId": str(office), "appointments": [unix(day, HALF_PAST_NINE)]}


def told(*offices: int, day: date = TODAY) -> Body:
    """A day with the times of these offices, as August lists the one that was asked."""
    return {
        "date": day.isoformat(),
        "providerIDs": ",".join(map(str, offices)),
        "offices": [times(office, day) for office in offices],
    }


def unasked(day: date, *offices: int) -> Body:
    """As August lists every other day of the month."""
    return {"date": day.isoformat(), "providerIDs": ",".join(map(str, offices)), "offices": []}


def calendar(*days: Body, day: date = TODAY, **changes: Any) -> Body:
    return {
        "startDate": TODAY.isoformat(),
        "endDate": LAST.isoformat(),
        "slotsStartDate": day.isoformat(),
        "slotsEndDate": day.isoformat(),
        "prevBookableDate": None,
        "nextBookableDate": None,
        "availableDays": list(days),
        **changes,
    }


def august(body: Body, *, day: date = TODAY) -> Availability:
    """Read as the answer to the page's question for half a year and the times of `day`."""
    asked = {"startDate": TODAY, "endDate": LAST, "slotsStartDate": day, "slotsEndDate": day}
    query: dict[str, Any] = {name: one.isoformat() for name, one in asked.items()}
    return contract.read_availability(
        reply(contract_aug.CALENDAR, json.dumps(body), officeIds=f"{ORLEANS},{PASING}", **query)
    )


def february(*days: tuple[str, str]) -> Availability:
    body = {"availableDays": [{"time": day, "providerIDs": offices} for day, offices in days]}
    query: dict[str, Any] = {"startDate": TODAY.isoformat(), "endDate": LAST.isoformat()}
    return contract.read_availability(reply(contract_feb.DAYS, json.dumps(body), officeId=f"{ORLEANS}", **query))


def february_times(*offices: tuple[int, list[int]]) -> Availability:
    body = {"offices": [{"officeId": office, "appointments": starts} for office, starts in offices]}
    return contract.read_availability(reply(contract_feb.TIMES, json.dumps(body), date=TODAY.isoformat()))


def refusal(body: Body, *, day: date = TODAY) -> PortalChanged:
    with pytest.raises(PortalChanged) as changed:
        august(body, day=day)
    return changed.value


def test_offices_without_times_on_a_day_that_was_not_asked_are_unread_and_never_full() -> None:
    tomorrow = TODAY + timedelta(days=1)
    findings = Findings()
    findings.add(august(calendar(told(ORLEANS), unasked(tomorrow, ORLEANS, PASING))))
    assert findings.bookable == (TODAY, tomorrow)
    assert findings.unread == (tomorrow,)
    assert {slot.day for slot in findings.all_slots} == {TODAY}


def test_a_month_of_days_none_of_which_was_asked_is_not_nothing() -> None:
    findings = Findings()
    later = TODAY + timedelta(days=3)
    findings.add(august(calendar(unasked(later, PASING), day=TODAY + timedelta(days=1)), day=TODAY + timedelta(days=1)))
    assert (findings.bookable, findings.unread) == ((later,), (later,))


def test_an_office_listed_for_the_day_that_was_asked_must_have_times() -> None:
    both = told(ORLEANS, PASING)
    silent = {**both, "offices": [times(ORLEANS)]}
    empty = {**both, "offices": [times(ORLEANS), {"officeId": str(PASING), "appointments": []}]}
    nothing = {**both, "offices": []}
    assert {slot.office_id for slot in august(calendar(both)).times[TODAY]} == {ORLEANS, PASING}
    for day in (silent, empty, nothing):
        assert refusal(calendar(day)).expected == "offices"


@pytest.mark.parametrize(
    ("changes", "named"), [({"startDate": "2026-11-25"}, "startDate"), ({"endDate": "2026-12-31"}, "endDate")]
)
def test_a_window_that_shortens_the_day_list_is_changed_and_not_nothing(changes: Body, named: str) -> None:
    assert refusal(calendar(**changes)).expected == named
    assert refusal(calendar(told(ORLEANS), **changes)).expected == named


def test_an_answer_about_more_days_than_were_asked_is_believed() -> None:
    assert august(calendar(told(ORLEANS), startDate="2026-11-01", endDate="2027-12-31")).days


def test_a_list_that_widens_to_the_whole_month_of_the_day_that_was_asked_is_believed() -> None:
    last_of_month = date(2026, 11, 30)
    assert set(august(calendar(told(ORLEANS), unasked(last_of_month, PASING))).days) == {TODAY, last_of_month}


def test_times_of_another_day_than_the_listed_one_that_was_asked_are_changed() -> None:
    tomorrow = TODAY + timedelta(days=1)
    moved = calendar(unasked(TODAY, ORLEANS), told(ORLEANS, day=tomorrow), day=tomorrow)
    assert refusal(moved).expected == "slotsStartDate"


def test_times_of_an_earlier_month_than_was_asked_are_changed() -> None:
    asked = date(2026, 12, 1)
    assert refusal(calendar(told(ORLEANS)), day=asked).expected == "slotsStartDate"


@pytest.mark.parametrize("day", [date(2026, 11, 26), date(2026, 12, 3), date(2027, 1, 4)])
def test_a_city_that_moves_on_from_a_day_without_times_is_believed(day: date) -> None:
    found = august(calendar(told(ORLEANS, day=day), day=day))
    assert (set(found.days), found.month_of) == ({day}, day)


def test_a_month_whose_only_day_was_just_taken_leads_on_to_the_next() -> None:
    findings = Findings()
    findings.add(august(calendar(nextBookableDate="2026-12-03")))
    assert (findings.bookable, findings.all_slots) == ((date(2026, 12, 3),), ())


@pytest.mark.parametrize("beyond", [LAST + timedelta(days=1), TODAY - timedelta(days=1)])
def test_days_outside_the_asked_ones_are_changed(beyond: date) -> None:
    assert refusal(calendar(told(ORLEANS), unasked(beyond, ORLEANS))).expected == "availableDays"
    assert refusal(calendar(told(ORLEANS), nextBookableDate=beyond.isoformat())).expected == "availableDays"
    assert refusal(calendar(told(ORLEANS), prevBookableDate=beyond.isoformat())).expected == "availableDays"
    with pytest.raises(PortalChanged):
        february((beyond.isoformat(), f"{ORLEANS}"))


def test_the_last_asked_day_is_still_asked() -> None:
    assert LAST in february((LAST.isoformat(), f"{ORLEANS}")).days
    assert LAST in august(calendar(told(ORLEANS), unasked(LAST, ORLEANS))).days


def test_a_day_or_an_office_listed_twice_is_changed() -> None:
    twice = deepcopy(told(ORLEANS))
    twice["offices"] *= 2
    assert refusal(calendar(twice)).expected == "offices"
    assert refusal(calendar(told(ORLEANS), told(ORLEANS))).expected == "availableDays"
    with pytest.raises(PortalChanged, match="a day twice"):
        february(("2026-11-25", f"{ORLEANS}"), ("2026-11-25", f"{PASING}"))
    with pytest.raises(PortalChanged, match="an office twice"):
        february_times((ORLEANS, [unix(TODAY, 600)]), (ORLEANS, [unix(TODAY, 660)]))


def test_an_office_with_two_calendars_may_be_named_twice_for_a_day_and_a_time() -> None:
    ten = unix(TODAY, 600)
    assert february(("2026-11-25", f"{ORLEANS},{ORLEANS}")).days == {date(2026, 11, 25): frozenset({ORLEANS})}
    assert len(february_times((ORLEANS, [ten, ten])).times[TODAY]) == 1


def test_in_february_an_office_whose_last_time_was_just_taken_is_believed() -> None:
    assert february_times((ORLEANS, []), (PASING, [unix(TODAY, 600)])).times[TODAY] == {
        Slot.from_unix(unix(TODAY, 600), office_id=PASING)
    }
    assert february_times().times == {TODAY: frozenset()}


def test_times_absurdly_far_off_are_changed() -> None:
    for days, believed in ((180, True), (365, True), (368, False), (20 * 365, False)):
        far = (MORNING + timedelta(days=days)).date()
        for found in (
            Availability(days={far: frozenset({ORLEANS})}),
            Availability(times={far: frozenset({Slot.from_unix(unix(far, 600), office_id=ORLEANS)})}),
            Availability(days={TODAY: frozenset({ORLEANS})}, later=far),
        ):
            if believed:
                check_plausible(found, asked={ORLEANS}, now=MORNING)
            else:
                with pytest.raises(PortalChanged, match="farther off"):
                    check_plausible(found, asked={ORLEANS}, now=MORNING)


def test_a_page_that_asks_for_no_days_we_can_read_is_changed() -> None:
    unreadable: list[dict[str, Any]] = [
        {"startDate": "2026-11-24"},
        {"startDate": "heute", "endDate": "2027-05-24"},
        {},
    ]
    for query in unreadable:
        with pytest.raises(PortalChanged, match="no day"):
            contract.read_availability(
                reply(
                    contract_feb.DAYS,
                    json.dumps({"availableDays": [{"time": "2026-11-25", "providerIDs": "1"}]}),
                    **query,
                )
            )


def test_a_page_that_asks_for_an_office_the_catalogue_does_not_know_is_changed() -> None:
    catalog = Catalog(
        offices=(Office(id=ORLEANS, name="Orleansplatz"),),
        services=(Service(id=1, name="Umzug"),),
        relations=(Relation(office_id=ORLEANS, service_id=1, slots=1),),
    )
    said = reply(contract_aug.CALENDAR, "{}")
    standing = Standing(Target((ServiceCount(1),)), days=said, times=said, offices=frozenset(), opened_at=MORNING)
    opening._check_asked(frozenset({ORLEANS}), standing, catalog)
    with pytest.raises(PortalChanged, match="does not have"):
        opening._check_asked(frozenset({ORLEANS, PASING}), standing, catalog)
