"""`/offices-and-services/` in both generations: the dialect is discovered, and every field that is read is guarded."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import PortalChanged
from core.looks import Dialect
from portal import contract, contract_catalog
from tests.contract_cast import (
    Body,
    Path,
    anything,
    no_lists,
    no_whole_numbers,
    no_words,
    offices,
    reply,
    spoiled,
    with_value,
    without,
)

no_flags: st.SearchStrategy[Any] = st.sampled_from([1, "true", "", [], {}])
no_counts: st.SearchStrategy[Any] = st.sampled_from([True, "drei", -1, [], {}])
no_minutes: st.SearchStrategy[Any] = st.sampled_from(["viertel", -1, [], {}, 1e9])
counts = (
    st.none() | st.just("") | st.integers(min_value=0, max_value=25).flatmap(lambda n: st.sampled_from([n, str(n)]))
)
flags = st.none() | st.booleans()
names = st.text(min_size=1, max_size=20)
SCOPE_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "captchaActivatedRequired": no_flags,
    "emailRequired": no_flags,
    "telephoneActivated": no_flags,
    "telephoneRequired": no_flags,
    "customTextfieldActivated": no_flags,
    "customTextfieldRequired": no_flags,
    "customTextfieldLabel": no_words,
    "customTextfield2Activated": no_flags,
    "customTextfield2Required": no_flags,
    "customTextfield2Label": no_words,
    "reservationDuration": no_minutes,
    "activationDuration": no_minutes,
    "appointmentsPerMail": no_counts,
    "slotsPerAppointment": no_counts,
    "id": no_whole_numbers,
}
SCOPE, OFFICE, SERVICE, RELATION = ("offices", 0, "scope"), ("offices", 0), ("services", 0), ("relations", 0)
REQUIRED: list[tuple[Path, st.SearchStrategy[Any]]] = [
    *(((*SCOPE, name), wrong) for name, wrong in SCOPE_FIELDS.items()),
    (("offices",), no_lists),
    (("relations",), no_lists),
    ((*OFFICE, "id"), no_whole_numbers),
    ((*OFFICE, "name"), no_words),
    ((*OFFICE, "scope"), st.sampled_from([7, "none", []])),
    ((*OFFICE, "slotTimeInMinutes"), no_counts),
    ((*OFFICE, "slotsPerAppointment"), no_counts),
    ((*OFFICE, "disabledByServices"), st.sampled_from([7, "1063475", {"0": 1063475}, [True]])),
    ((*SERVICE, "id"), no_whole_numbers),
    ((*SERVICE, "name"), no_words),
    ((*SERVICE, "maxQuantity"), no_counts),
    ((*SERVICE, "combinable"), st.sampled_from([None, 7, "all", [1063441], {"1": 7}])),
    ((*RELATION, "officeId"), no_whole_numbers),
    ((*RELATION, "serviceId"), no_whole_numbers),
    ((*RELATION, "slots"), st.sampled_from([None, True, "3", -1, 1.5])),
    ((*RELATION, "public"), no_flags),
]
MARKS = {Dialect.FEB: ("parent_id", "variant_id"), Dialect.AUG: ("parentId", "variantId")}


@st.composite
def scopes(draw: st.DrawFn) -> Body:
    flag_names = [name for name, wrong in SCOPE_FIELDS.items() if wrong is no_flags]
    return {
        "id": draw(offices),
        **{name: draw(flags) for name in flag_names},
        "customTextfieldLabel": draw(st.none() | names),
        "customTextfield2Label": draw(st.none() | names),
        "reservationDuration": draw(st.none() | st.integers(min_value=1, max_value=90)),
        "activationDuration": draw(st.none() | st.integers(min_value=1, max_value=90)),
        "appointmentsPerMail": draw(counts),
        "slotsPerAppointment": draw(counts),
    }


@st.composite
def catalogs(draw: st.DrawFn, dialect: Dialect, *, scope: st.SearchStrategy[Body | None] | None = None) -> Body:
    parent, variant = MARKS[dialect]
    office_ids = draw(st.lists(offices, min_size=1, max_size=4, unique=True))
    service_ids = draw(st.lists(offices, min_size=1, max_size=4, unique=True))
    combinable: st.SearchStrategy[Any] = st.just([]) | st.just({"1": {str(service_ids[0]): office_ids}})
    return {
        "offices": [
            {
                "id": office,
                "name": draw(names),
                "address": draw(st.none() | st.just({"street": "Ruppertstraße", "house_number": "19"})),
                "scope": draw(scope if scope is not None else st.none() | scopes()),
                "slotTimeInMinutes": draw(counts),
                "slotsPerAppointment": draw(counts),
                "disabledByServices": draw(st.none() | st.lists(st.sampled_from(service_ids), unique=True)),
            }
            for office in office_ids
        ],
        "services": [
            {
                "id": service,
                "name": draw(names),
                "maxQuantity": draw(counts),
                "combinable": draw(combinable),
                parent: draw(st.none() | offices),
                variant: draw(st.none() | st.integers(min_value=1, max_value=7)),
            }
            for service in service_ids
        ],
        "relations": [
            {"officeId": office, "serviceId": service, "slots": draw(st.integers(0, 25)), "public": draw(flags)}
            for office in office_ids
            for service in service_ids
        ],
    }


def read(body: Any) -> Any:
    return contract.read_catalog(reply(contract_catalog.ENDPOINT, json.dumps(body)))


@pytest.mark.parametrize("dialect", Dialect)
@settings(max_examples=40)
@given(st.data())
def test_every_catalogue_is_read_and_its_dialect_discovered(dialect: Dialect, data: st.DataObject) -> None:
    body = data.draw(catalogs(dialect))
    catalog, spoken = read(body)
    assert spoken is dialect
    assert [office.id for office in catalog.offices] == [office["id"] for office in body["offices"]]
    assert [service.name for service in catalog.services] == [service["name"] for service in body["services"]]
    for heard, office in zip(body["offices"], catalog.offices, strict=True):
        assert (office.scope is None) is (heard["scope"] is None)
        assert office.captcha is bool(heard["scope"] and heard["scope"]["captchaActivatedRequired"])
    for relation in body["relations"]:
        known = catalog.relation(office_id=relation["officeId"], service_id=relation["serviceId"])
        assert known is not None
        assert (known.slots, known.public) == (relation["slots"], relation["public"] is not False)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(("path", "wrong_values"), REQUIRED, ids=[".".join(map(str, path)) for path, _ in REQUIRED])
@settings(max_examples=8)
@given(st.data())
def test_a_field_that_is_missing_renamed_or_of_another_type_is_named(
    path: Path, wrong_values: st.SearchStrategy[Any], dialect: Dialect, data: st.DataObject
) -> None:
    body = data.draw(catalogs(dialect, scope=scopes()))
    for broken in spoiled(body, path, data.draw(wrong_values)):
        with pytest.raises(PortalChanged) as changed:
            read(broken)
        assert str(path[-1]) in changed.value.expected


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("mark", [0, 1])
@settings(max_examples=8)
@given(st.data())
def test_the_words_that_tell_the_dialects_apart_are_required(mark: int, dialect: Dialect, data: st.DataObject) -> None:
    body = data.draw(catalogs(dialect))
    word = MARKS[dialect][mark]
    with pytest.raises(PortalChanged) as changed:
        read(without(body, (*SERVICE, word)))
    assert changed.value.expected in {f"services.0.{word}", f"services.0.{dialect}.{word}"}


@given(st.data())
def test_two_dialects_in_one_catalogue_are_none_we_know(data: st.DataObject) -> None:
    body = data.draw(catalogs(Dialect.FEB))
    with pytest.raises(PortalChanged) as changed:
        read(with_value(body, (*SERVICE, "variantId"), None))
    assert changed.value.expected == "services.variantId"


@given(anything)
def test_anything_else_is_changed(body: Any) -> None:
    assume(not (isinstance(body, dict) and body.get("errors")))
    with pytest.raises(PortalChanged):
        read(body)


@pytest.mark.parametrize("part", ["offices", "services", "relations"])
@pytest.mark.parametrize("dialect", Dialect)
@settings(max_examples=8)
@given(st.data())
def test_a_catalogue_that_lost_a_part_is_changed(part: str, dialect: Dialect, data: st.DataObject) -> None:
    with pytest.raises(PortalChanged):
        read({**data.draw(catalogs(dialect)), part: []})


def test_an_offices_rules_are_read_word_for_word() -> None:
    scope = {
        **dict.fromkeys(SCOPE_FIELDS),
        "id": 133,
        "captchaActivatedRequired": True,
        "customTextfieldRequired": True,
        "customTextfieldLabel": "Geburtsdatum",
        "telephoneActivated": True,
        "reservationDuration": 15,
        "activationDuration": 30,
        "appointmentsPerMail": "3",
        "slotsPerAppointment": "",
        "infoForAllAppointments": "<p>Neue Termine um 7 Uhr.</p>",
        "infoForAppointment": "<p>Eingang B</p>",
    }
    body: Body = {
        "offices": [
            {
                "id": 102522,
                "name": "Bürgerbüro Orleansplatz",
                "address": {"street": "Orleansstraße", "house_number": "50", "postal_code": "81667", "city": "München"},
                "scope": scope,
                "slotTimeInMinutes": 5,
                "slotsPerAppointment": None,
                "disabledByServices": [],
            }
        ],
        "services": [
            {"id": 1, "name": "Eins", "maxQuantity": 2, "combinable": [], "parentId": None, "variantId": None}
        ],
        "relations": [{"officeId": 102522, "serviceId": 1, "slots": 3, "public": True}],
    }
    office = read(body)[0].offices[0]
    assert office.address == "Orleansstraße 50, 81667 München"
    rules = office.scope
    assert (rules.captcha, rules.per_mail, rules.slots_per_appointment) == (True, 3, None)
    assert (rules.reservation, rules.activation) == (timedelta(minutes=15), timedelta(minutes=30))
    assert (rules.phone.shown, rules.phone.required) == (True, False)
    assert (rules.remarks.shown, rules.remarks.required, rules.remarks.label) == (False, True, "Geburtsdatum")
    assert (rules.info, rules.notice) == ("<p>Neue Termine um 7 Uhr.</p>", "<p>Eingang B</p>")
