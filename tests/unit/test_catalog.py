import pytest

from core import services
from core.catalog import Catalog, ContactField, Office, Relation, Scope, Service
from core.contact import Contact
from core.errors import BadInput
from core.services import ServiceCount
from core.wanted import (
    Demand,
    check_contact,
    check_wanted,
    lacking,
    missing_fields,
    search_offices,
    search_services,
    taking,
)

REGISTRATION, PASSPORT, CAR = 1063475, 1063453, 1064314
RUPPERT, RUPPERT_PASSPORTS, PASING, CARS = 10489, 10502, 54261, 10308013
MIX = frozenset({10489, 10491, 10500, 10502})


@pytest.fixture
def catalog() -> Catalog:
    demanding = Scope(
        id=1,
        captcha=True,
        remarks=ContactField(shown=True, required=True, label="Zusätzliche Bemerkungen"),
        phone=ContactField(shown=True, required=False),
        remarks2=ContactField(shown=False, required=True),
    )
    return Catalog(
        offices=(
            Office(
                id=RUPPERT, name="Bürgerbüro Ruppertstraße", street="Ruppertstraße 19", priority=100, slot_minutes=5,
                disabled_by=frozenset({PASSPORT}), mix_group=MIX, scope=Scope(id=2, captcha=True),
            ),
            Office(id=RUPPERT_PASSPORTS, name="Bürgerbüro Ruppertstraße", priority=100, slot_minutes=5, mix_group=MIX),
            Office(id=PASING, name="Bürgerbüro Pasing", priority=80, slot_minutes=5, scope=demanding),
            Office(id=CARS, name="KfZ Zulassungsstelle", slot_minutes=15, slots_per_appointment=2),
        ),
        services=(
            Service(id=REGISTRATION, name="Wohnsitzanmeldung", max_quantity=3, combinable=(PASSPORT,)),
            Service(id=PASSPORT, name="Reisepass", max_quantity=2, combinable=(REGISTRATION,)),
            Service(id=CAR, name="Umschreibung Fahrzeug – von außerhalb nach München", max_quantity=4),
        ),
        relations=tuple(
            Relation(office_id=office, service_id=service, slots=slots)
            for office, service, slots in [
                (RUPPERT, REGISTRATION, 3), (RUPPERT, PASSPORT, 3), (RUPPERT_PASSPORTS, PASSPORT, 3),
                (PASING, REGISTRATION, 3), (PASING, PASSPORT, 3), (CARS, CAR, 1),
            ]
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "offices"),
    [
        (["1063453"], [RUPPERT_PASSPORTS, PASING]),
        (["1063475"], [RUPPERT, PASING]),
        (["1063475", "1063453"], [RUPPERT, PASING]),
    ],
)
def test_a_mix_group_shows_the_office_the_city_would_show(
    catalog: Catalog, written: list[str], offices: list[int]
) -> None:
    assert [office.id for office in catalog.offices_for(services.parse_all(written))] == offices


def test_the_duration_counts_every_unit(catalog: Catalog) -> None:
    wanted = services.parse_all(["1063475=2", "1063453"])
    duration = catalog.duration(wanted, office_id=PASING)
    assert duration is not None
    assert duration.total_seconds() == 45 * 60
    assert catalog.duration(wanted, office_id=CARS) is None


@pytest.mark.parametrize(
    ("written", "offices", "says"),
    [
        (["1063476"], [], "no service 1063476. Nearest: Wohnsitzanmeldung (1063475)"),
        (["1063475=4"], [], "3 times at most"),
        (["1063475", "1064314"], [], "cannot share an appointment"),
        (["1063475"], [54262], "no office 54262. Nearest: Bürgerbüro Pasing (54261)"),
        (["1063475"], [10502], "does not offer this. These do: Bürgerbüro Ruppertstraße (10489), Bürgerbüro Pasing"),
        (["1064314=3"], [], "at most 2 time slots; this needs 3"),
    ],
)
def test_what_the_city_would_refuse_is_refused_with_what_to_do(
    catalog: Catalog, written: list[str], offices: list[int], says: str
) -> None:
    with pytest.raises(BadInput) as refused:
        check_wanted(catalog, services.parse_all(written), offices)
    assert says in str(refused.value)


def test_a_good_wish_passes(catalog: Catalog) -> None:
    check_wanted(catalog, services.parse_all(["1063475=2", "1063453"]), [PASING])


def test_a_demanded_field_is_asked_for_and_a_hidden_one_is_not(catalog: Catalog) -> None:
    anna = Contact("Anna", "Huber", "anna@example.org")
    pasing = [catalog.office_by_id[PASING]]
    assert missing_fields(pasing, anna) == ["remarks (Zusätzliche Bemerkungen)"]
    with pytest.raises(BadInput, match="demand"):
        check_contact(pasing, anna)
    check_contact(pasing, Contact("Anna", "Huber", "anna@example.org", remarks="Zuzug"))


def test_what_is_lacking_is_known_by_its_field(catalog: Catalog) -> None:
    anna = Contact("Anna", "Huber", "anna@example.org")
    assert lacking([catalog.office_by_id[PASING]], anna) == (Demand("remarks", "Zusätzliche Bemerkungen"),)


def test_an_office_that_gives_too_short_appointments_takes_nothing(catalog: Catalog) -> None:
    one, many = ([ServiceCount(REGISTRATION, count)] for count in (1, 3))
    short = catalog.model_copy(
        update={"offices": tuple(each.model_copy(update={"slots_per_appointment": 2}) for each in catalog.offices)}
    )
    assert {office.id for office in taking(catalog, many)} == {office.id for office in catalog.offices_for(many)}
    assert taking(short, one), "one of it always fits"
    check_wanted(short, one, [])
    assert taking(short, many) == ()


@pytest.mark.parametrize("text", ["Wohnsitz Anmeldung", "wohnsizanmeldung", "WOHNSITZANMELDUNG"])
def test_services_are_found_in_spite_of_slips(catalog: Catalog, text: str) -> None:
    assert search_services(catalog, text)[0].id == REGISTRATION


def test_offices_are_found_by_street(catalog: Catalog) -> None:
    assert {match.id for match in search_offices(catalog, "Ruppertstr")} >= {RUPPERT}


@pytest.mark.parametrize("written", ["", "abc", "1063475=0", "1063475=26", "=2", "1063475=2=3", "-1"])
def test_a_service_is_written_one_way_only(written: str) -> None:
    with pytest.raises(BadInput):
        services.parse(written)


def test_the_same_service_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="stands twice"):
        services.parse_all(["1063475", "1063475=2"])
