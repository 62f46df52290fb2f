"""Checks of a wish against the catalogue, before anything is looked for: what would fail late is refused early."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from core.catalog import MOST_SLOTS, Catalog, ContactField, Office, Service
from core.contact import Contact
from core.errors import BadInput
from core.services import ServiceCount

_NEAR = 60.0  # rapidfuzz score, 0 to 100, above which a name is worth suggesting


@dataclass(frozen=True, slots=True)
class Match:
    """A catalogue entry found by words; `score` 0 to 100."""

    id: int
    name: str
    score: float


def search_services(catalog: Catalog, text: str, *, limit: int = 8) -> list[Match]:
    return _search(text, {service.id: service.name for service in catalog.services}, limit=limit)


def search_offices(catalog: Catalog, text: str, *, limit: int = 8) -> list[Match]:
    return _search(
        text,
        {office.id: f"{office.name} {office.address}".strip() for office in catalog.offices},
        limit=limit,
    )


def check_wanted(catalog: Catalog, services: Sequence[ServiceCount], office_ids: Iterable[int]) -> None:
    """Raise BadInput for an unknown service or office, a pair no office offers, or too many at once."""
    for wanted in services:
        _known_service(catalog, wanted)
    _combinable(catalog, services)
    offered = catalog.offices_for(services)
    if not offered:
        raise BadInput("No office offers these services together.", field="service", hint="Watch them one by one.")
    for office_id in office_ids:
        _offered(catalog, office_id, offered)
    _short_enough(catalog, services, [one for one in offered if not office_ids or one.id in set(office_ids)])


def accepted_offices(
    catalog: Catalog, services: Sequence[ServiceCount], office_ids: Collection[int]
) -> tuple[Office, ...]:
    """Those that offer it and are wished for; no `office_ids` means any."""
    return tuple(one for one in catalog.offices_for(services) if not office_ids or one.id in office_ids)


def missing_fields(offices: Iterable[Office], contact: Contact) -> list[str]:
    """The fields these offices demand and the contact lacks, in words, with the office's own label where it has one.

    A field that is required but not shown cannot be typed by anybody; it is not asked for here.
    """
    missing: dict[str, None] = {}
    for office in offices:
        if office.scope is None:
            continue
        for field, value, word in (
            (office.scope.phone, contact.phone, "phone"),
            (office.scope.remarks, contact.remarks, "remarks"),
            (office.scope.remarks2, contact.remarks2, "second remarks"),
        ):
            if _demanded(field) and not value:
                missing[f"{word} ({field.label})" if field.label else word] = None
    return list(missing)


def check_contact(offices: Iterable[Office], contact: Contact) -> None:
    missing = missing_fields(offices, contact)
    if missing:
        raise BadInput(f"These offices demand: {', '.join(missing)}.", field=missing[0], hint="Please give it.")


def _search(text: str, names: dict[int, str], *, limit: int) -> list[Match]:
    found = process.extract(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit, score_cutoff=_NEAR
    )
    return [Match(id=int(key), name=name, score=score) for name, score, key in found]


def _known_service(catalog: Catalog, wanted: ServiceCount) -> Service:
    service = catalog.service_by_id.get(wanted.service_id)
    if service is None:
        near = _nearest_ids(wanted.service_id, {one.id: one.name for one in catalog.services})
        raise BadInput(f"The City has no service {wanted.service_id}.", field="service", hint=f"Nearest: {near}.")
    if wanted.count > service.max_quantity:
        raise BadInput(
            f"“{service.name}” may be taken {service.max_quantity} times at most in one appointment.",
            field="service",
            hint=f"Ask for {service.max_quantity} or fewer.",
        )
    return service


def _combinable(catalog: Catalog, services: Sequence[ServiceCount]) -> None:
    main = catalog.service_by_id[services[0].service_id]
    for other in services[1:]:
        if other.service_id not in main.combinable:
            name = catalog.service_by_id[other.service_id].name
            raise BadInput(
                f"“{name}” cannot share an appointment with “{main.name}”.",
                field="service",
                hint="Watch them one by one.",
            )


def _offered(catalog: Catalog, office_id: int, offered: Sequence[Office]) -> None:
    office = catalog.office_by_id.get(office_id)
    if office is None:
        near = _nearest_ids(office_id, {one.id: one.name for one in offered})
        raise BadInput(f"The City has no office {office_id}.", field="office", hint=f"Nearest: {near}.")
    if office not in offered:
        names = ", ".join(f"{one.name} ({one.id})" for one in offered)
        raise BadInput(
            f"“{office.name}” ({office_id}) does not offer this.", field="office", hint=f"These do: {names}."
        )


def _short_enough(catalog: Catalog, services: Sequence[ServiceCount], offices: Iterable[Office]) -> None:
    for office in offices:
        needed = catalog.slots_needed(services, office_id=office.id) or 0
        most = office.slots_per_appointment or (office.scope and office.scope.slots_per_appointment) or MOST_SLOTS
        if needed > most:
            raise BadInput(
                f"“{office.name}” gives one appointment at most {most} time slots; this needs {needed}.",
                field="service",
                hint="Ask for fewer at once.",
            )


def _nearest_ids(wrong: int, names: dict[int, str]) -> str:
    near = sorted(names, key=lambda one: -fuzz.ratio(str(one), str(wrong)))[:3]
    return ", ".join(f"{names[one]} ({one})" for one in near)


def _demanded(field: ContactField) -> bool:
    return field.shown and field.required
