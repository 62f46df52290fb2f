"""Checks of a wish against the catalogue, before anything is looked for: what would fail late is refused early."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from core.catalog import MOST_SLOTS, Catalog, Office, Service
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


@dataclass(frozen=True, slots=True)
class Demand:
    """A field of core.contact.Contact that an office wants filled in, and what the office calls it."""

    field: str
    label: str = ""

    @property
    def words(self) -> str:
        word = "second remarks" if self.field == "remarks2" else self.field
        return f"{word} ({self.label})" if self.label else word


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
        raise BadInput(
            "No office offers these services together.",
            field="service",
            hint="Watch them one by one.",
            code="no_office",
        )
    for office_id in office_ids:
        _offered(catalog, office_id, offered)
    _short_enough(catalog, services, [one for one in offered if not office_ids or one.id in set(office_ids)])


def accepted_offices(
    catalog: Catalog, services: Sequence[ServiceCount], office_ids: Collection[int]
) -> tuple[Office, ...]:
    """Those that offer it and are wished for; no `office_ids` means any."""
    return tuple(one for one in catalog.offices_for(services) if not office_ids or one.id in office_ids)


def taking(catalog: Catalog, services: Sequence[ServiceCount]) -> tuple[Office, ...]:
    """The offices that offer all of it in one appointment of theirs, best priority first."""
    return tuple(office for office in catalog.offices_for(services) if _fits(catalog, services, office))


def demands(office: Office) -> tuple[Demand, ...]:
    """A field that is required but not shown cannot be typed by anybody; it is not asked for here."""
    if office.scope is None:
        return ()
    fields = {"phone": office.scope.phone, "remarks": office.scope.remarks, "remarks2": office.scope.remarks2}
    return tuple(Demand(name, field.label) for name, field in fields.items() if field.shown and field.required)


def lacking(offices: Iterable[Office], contact: Contact) -> tuple[Demand, ...]:
    """What these offices demand and the contact lacks."""
    every = (demand for office in offices for demand in demands(office))
    return tuple(dict.fromkeys(demand for demand in every if not getattr(contact, demand.field)))


def missing_fields(offices: Iterable[Office], contact: Contact) -> list[str]:
    """As `lacking`, in words, with the office's own label where it has one."""
    return [demand.words for demand in lacking(offices, contact)]


def check_contact(offices: Iterable[Office], contact: Contact) -> None:
    missing = lacking(offices, contact)
    if not missing:
        return
    said, first = ", ".join(demand.words for demand in missing), missing[0]
    message, hint = f"These offices demand: {said}.", "Please give it."
    if first.field == "phone":
        raise BadInput(message, field=first.words, hint=hint, code="demands_phone")
    raise BadInput(message, field=first.words, hint=hint, code="demands_remarks", name=first.label or "Bemerkungen")


def _search(text: str, names: dict[int, str], *, limit: int) -> list[Match]:
    found = process.extract(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit, score_cutoff=_NEAR
    )
    return [Match(id=int(key), name=name, score=score) for name, score, key in found]


def _known_service(catalog: Catalog, wanted: ServiceCount) -> Service:
    service = catalog.service_by_id.get(wanted.service_id)
    if service is None:
        near = _nearest_ids(wanted.service_id, {one.id: one.name for one in catalog.services})
        raise BadInput(
            f"The City has no service {wanted.service_id}.",
            field="service",
            hint=f"Nearest: {near}.",
            code="service_unknown",
        )
    if wanted.count > service.max_quantity:
        raise BadInput(
            f"“{service.name}” may be taken {service.max_quantity} times at most in one appointment.",
            field="service",
            hint=f"Ask for {service.max_quantity} or fewer.",
            code="service_count",
            name=service.name,
            count=service.max_quantity,
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
                code="not_together",
                name=name,
                main=main.name,
            )


def _offered(catalog: Catalog, office_id: int, offered: Sequence[Office]) -> None:
    office = catalog.office_by_id.get(office_id)
    if office is None:
        near = _nearest_ids(office_id, {one.id: one.name for one in offered})
        raise BadInput(
            f"The City has no office {office_id}.", field="office", hint=f"Nearest: {near}.", code="office_unknown"
        )
    if office not in offered:
        names = ", ".join(f"{one.name} ({one.id})" for one in offered)
        raise BadInput(
            f"“{office.name}” ({office_id}) does not offer this.",
            field="office",
            hint=f"These do: {names}.",
            code="not_offered",
            name=office.name,
        )


def _short_enough(catalog: Catalog, services: Sequence[ServiceCount], offices: Iterable[Office]) -> None:
    for office in offices:
        if not _fits(catalog, services, office):
            most, needed = _most_slots(office), catalog.slots_needed(services, office_id=office.id) or 0
            raise BadInput(
                f"“{office.name}” gives one appointment at most {most} time slots; this needs {needed}.",
                field="service",
                hint="Ask for fewer at once.",
                code="too_long",
                name=office.name,
                most=most,
                number=needed,
            )


def _nearest_ids(wrong: int, names: dict[int, str]) -> str:
    near = sorted(names, key=lambda one: -fuzz.ratio(str(one), str(wrong)))[:3]
    return ", ".join(f"{names[one]} ({one})" for one in near)


def _fits(catalog: Catalog, services: Sequence[ServiceCount], office: Office) -> bool:
    """The City's page lets one unit of one service through, however long it takes."""
    single = len(services) == 1 and services[0].count == 1
    return single or (catalog.slots_needed(services, office_id=office.id) or 0) <= _most_slots(office)


def _most_slots(office: Office) -> int:
    return office.slots_per_appointment or (office.scope and office.scope.slots_per_appointment) or MOST_SLOTS
