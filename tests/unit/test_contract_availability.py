"""What is free, as both generations say it: read whole or not at all, and never taken for nothing."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import PortalChanged, SessionExpired, Throttled
from core.slots import Slot
from portal import contract, contract_aug, contract_feb
from portal.availability import check_plausible
from portal.replies import Reply
from tests.contract_cast import (
    FIRST_DAY,
    Body,
    Path,
    days,
    no_days,
    no_lists,
    no_whole_numbers,
    offices,
    reply,
    spoiled,
    times,
    unix,
    with_value,
)

LAST_DAY = date(2027, 5, 24)
NOON = Slot.from_unix(unix(FIRST_DAY, 12 * 60), office_id=102522)
FEB_DAYS: Body = {"availableDays": [{"time": "2026-11-24", "providerIDs": "102522,54261"}]}
FEB_TIMES: Body = {"offices": [{"officeId": 102522, "appointments": [NOON.unix]}]}
AUG: Body = {
    "startDate": "2026-11-24",
    "endDate": "2027-05-24",
    "slotsStartDate": "2026-11-24",
    "slotsEndDate": "2026-11-24",
    "prevBookableDate": None,
    "nextBookableDate": "2026-12-01",
    "availableDays": [
        {
            "date": "2026-11-24",
            "providerIDs": "102522,54261",
            "offices": [
                {"officeId": "102522", "appointments": [NOON.unix]},
                {"officeId": "54261", "appointments": [NOON.unix]},
            ],
        },
        {"date": "2026-11-25", "providerIDs": "54261", "offices": []},
    ],
}
DAY_LIST, DAY, SLOTS = ("availableDays",), ("availableDays", 0), ("availableDays", 0, "offices", 0)
REQUIRED: list[tuple[str, Body, Path, st.SearchStrategy[Any]]] = [
    (contract_feb.DAYS, FEB_DAYS, DAY_LIST, no_lists),
    (contract_feb.DAYS, FEB_DAYS, (*DAY, "time"), no_days),
    (contract_feb.DAYS, FEB_DAYS, (*DAY, "providerIDs"), st.sampled_from([None, "", "a,b", 7, []])),
    (contract_feb.TIMES, FEB_TIMES, ("offices",), no_lists),
    (contract_feb.TIMES, FEB_TIMES, ("offices", 0, "officeId"), no_whole_numbers),
    (contract_feb.TIMES, FEB_TIMES, ("offices", 0, "appointments"), no_lists),
    (contract_aug.CALENDAR, AUG, DAY_LIST, no_lists),
    (contract_aug.CALENDAR, AUG, ("startDate",), no_days),
    (contract_aug.CALENDAR, AUG, ("endDate",), no_days),
    (contract_aug.CALENDAR, AUG, ("slotsStartDate",), no_days),
    (contract_aug.CALENDAR, AUG, ("slotsEndDate",), no_days),
    (contract_aug.CALENDAR, AUG, ("prevBookableDate",), no_days),
    (contract_aug.CALENDAR, AUG, ("nextBookableDate",), no_days),
    (contract_aug.CALENDAR, AUG, (*DAY, "date"), no_days),
    (contract_aug.CALENDAR, AUG, (*DAY, "providerIDs"), st.sampled_from([None, "", "a,b", 7, []])),
    (contract_aug.CALENDAR, AUG, (*DAY, "offices"), no_lists),
    (contract_aug.CALENDAR, AUG, (*SLOTS, "officeId"), no_whole_numbers),
    (contract_aug.CALENDAR, AUG, (*SLOTS, "appointments"), no_lists),
]


def said(endpoint: str, body: Any, *, day: date = FIRST_DAY, last: date = LAST_DAY) -> Reply:
    """To a question for half a year and, where times come with the days, for those of `day`."""
    asked = {"startDate": FIRST_DAY, "endDate": last, "slotsStartDate": day, "date": day}
    written: dict[str, Any] = {name: one.isoformat() for name, one in asked.items()}
    return reply(endpoint, json.dumps(body), officeIds="102522,54261", **written)


@given(st.dictionaries(days, st.sets(offices, min_size=1, max_size=7), min_size=1, max_size=40))
def test_every_list_of_days_of_february_is_read(listed: dict[date, set[int]]) -> None:
    body = [{"time": day.isoformat(), "providerIDs": ",".join(map(str, named))} for day, named in listed.items()]
    found = contract.read_availability(said(contract_feb.DAYS, {"availableDays": body}))
    assert found.days == {day: frozenset(named) for day, named in listed.items()}
    assert (found.times, found.month_of, found.later) == ({}, None, None)


@given(st.data(), days)
def test_every_days_times_of_february_are_read(data: st.DataObject, day: date) -> None:
    drawn = data.draw(times(day))
    body = {"offices": [{"officeId": office, "appointments": starts} for office, starts in drawn.items()]}
    found = contract.read_availability(reply(contract_feb.TIMES, json.dumps(body), date=day.isoformat()))
    expected = {Slot.from_unix(start, office_id=office) for office, starts in drawn.items() for start in starts}
    assert found.times == {day: frozenset(expected)}


@given(st.data(), days, st.none() | days, st.none() | days)
def test_every_calendar_of_august_is_read(
    data: st.DataObject, told: date, before: date | None, after: date | None
) -> None:
    drawn = data.draw(times(told))
    others = data.draw(st.dictionaries(days, st.sets(offices, min_size=1), max_size=20))
    others.pop(told, None)
    body = {
        **AUG,
        "slotsStartDate": told.isoformat(),
        "slotsEndDate": told.isoformat(),
        "prevBookableDate": before and before.isoformat(),
        "nextBookableDate": after and after.isoformat(),
        "availableDays": [
            {
                "date": told.isoformat(),
                "providerIDs": ",".join(map(str, drawn)),
                "offices": [{"officeId": str(one), "appointments": starts} for one, starts in drawn.items()],
            },
            *(
                {"date": day.isoformat(), "providerIDs": ",".join(map(str, named)), "offices": []}
                for day, named in others.items()
            ),
        ],
    }
    found = contract.read_availability(said(contract_aug.CALENDAR, body, day=told))
    assert found.days == {told: frozenset(drawn), **{day: frozenset(named) for day, named in others.items()}}
    assert {slot.unix for slot in found.times[told]} == {start for starts in drawn.values() for start in starts}
    assert (found.month_of, found.earlier, found.later) == (told, before, after)


@given(st.sampled_from(REQUIRED), st.data())
def test_a_field_that_is_missing_renamed_or_of_another_type_is_named(
    required: tuple[str, Body, Path, st.SearchStrategy[Any]], data: st.DataObject
) -> None:
    endpoint, body, path, wrong_values = required
    for broken in spoiled(body, path, data.draw(wrong_values)):
        with pytest.raises(PortalChanged) as changed:
            contract.read_availability(said(endpoint, broken))
        assert str(path[-1]) in changed.value.expected


@given(no_whole_numbers)
def test_a_time_of_another_type_is_named(wrong: Any) -> None:
    with pytest.raises(PortalChanged) as changed:
        contract.read_availability(said(contract_aug.CALENDAR, with_value(AUG, (*SLOTS, "appointments", 0), wrong)))
    assert "appointments" in changed.value.expected


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
@pytest.mark.parametrize("endpoint", [contract_feb.DAYS, contract_feb.TIMES, contract_aug.CALENDAR])
def test_whatever_else_the_city_sends_is_never_taken_for_nothing(endpoint: str, body: Any) -> None:
    assume(not (isinstance(body, dict) and {"errors", "offices", "availableDays"} & set(body)))
    with pytest.raises(PortalChanged):
        contract.read_availability(said(endpoint, body))


@pytest.mark.parametrize("code", ["noAppointmentForThisDay", "noAppointmentForThisScope"])
@pytest.mark.parametrize("endpoint", [contract_feb.DAYS, contract_aug.CALENDAR])
def test_the_citys_own_word_for_none_is_none(endpoint: str, code: str) -> None:
    body = {"errors": [{"errorCode": code, "errorMessage": "none", "statusCode": 404, "errorType": "info"}]}
    assert contract.read_availability(reply(endpoint, json.dumps(body), status=404)).days == {}


def test_a_day_of_february_without_times_is_a_day_known_to_be_empty() -> None:
    body = {"errors": [{"errorCode": "noAppointmentForThisDay", "statusCode": 404}]}
    found = contract.read_availability(reply(contract_feb.TIMES, json.dumps(body), status=404, date="2026-11-24"))
    assert found.times == {FIRST_DAY: frozenset()}


def test_nothing_at_all_in_august_is_none() -> None:
    empty = {**AUG, "availableDays": [], "nextBookableDate": None}
    found = contract.read_availability(said(contract_aug.CALENDAR, empty))
    assert (found.days, found.times, found.later, found.earlier) == ({}, {}, None, None)


def test_an_empty_month_of_august_may_have_bookable_days_before_it() -> None:
    body = {**AUG, "availableDays": [], "prevBookableDate": "2026-11-25", "nextBookableDate": None}
    assert contract.read_availability(said(contract_aug.CALENDAR, body)).earlier == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"slotsEndDate": "2026-11-23"}, "slotsEndDate"),
        ({"availableDays": [AUG["availableDays"][1]] * 2}, "availableDays"),
        ({"availableDays": [{**AUG["availableDays"][0], "date": "2026-11-26"}]}, "appointments"),
        ({"availableDays": [{**AUG["availableDays"][0], "providerIDs": "54261"}]}, "providerIDs"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_changed(change: Body, named: str) -> None:
    with pytest.raises(PortalChanged) as changed:
        contract.read_availability(said(contract_aug.CALENDAR, {**AUG, **change}))
    assert changed.value.expected == named


def test_times_of_another_day_in_february_are_changed() -> None:
    with pytest.raises(PortalChanged) as changed:
        contract.read_availability(reply(contract_feb.TIMES, json.dumps(FEB_TIMES), date="2026-11-25"))
    assert changed.value.expected == "appointments"


def test_an_empty_list_of_days_in_february_is_changed() -> None:
    with pytest.raises(PortalChanged):
        contract.read_availability(said(contract_feb.DAYS, {"availableDays": []}))


@pytest.mark.parametrize(("code", "error"), [("captchaExpired", SessionExpired), ("rateLimitExceeded", Throttled)])
def test_other_codes_are_their_own_errors(code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        contract.read_availability(said(contract_aug.CALENDAR, {"errors": [{"errorCode": code}]}))


def test_what_cannot_be_is_changed() -> None:
    found = contract.read_availability(said(contract_aug.CALENDAR, AUG))
    check_plausible(found, asked={102522, 54261}, now=NOON.starts_at)
    with pytest.raises(PortalChanged, match="nobody asked"):
        check_plausible(found, asked={102522}, now=NOON.starts_at)
    with pytest.raises(PortalChanged, match="are over"):
        check_plausible(found, asked={102522, 54261}, now=NOON.starts_at + timedelta(minutes=11))
    with pytest.raises(PortalChanged, match="are over"):
        check_plausible(found, asked={102522, 54261}, now=NOON.starts_at + timedelta(days=3))


def test_the_offices_asked_are_read_from_the_pages_own_request() -> None:
    assert contract.offices_asked(reply(contract_aug.CALENDAR, "{}", officeIds="102522,54261")) == {102522, 54261}
    assert contract.offices_asked(reply(contract_feb.DAYS, "{}", officeId="102522")) == {102522}


@pytest.mark.parametrize("written", ["", "all", "1,,2"])
def test_a_request_for_no_known_offices_is_changed(written: str) -> None:
    with pytest.raises(PortalChanged):
        contract.offices_asked(reply(contract_aug.CALENDAR, "{}", officeIds=written))
