"""The City's offices, services and which office offers what, as one immutable book with its questions.

Built by portal.contract from `/offices-and-services/`; kept in the database; asked before every hunt.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from core.services import ServiceCount

MOST_SLOTS = 25  # the City's own ceiling for one appointment


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class ContactField(_Frozen):
    """A contact field of an office. `required` may be true of a field that is not `shown`: a known trap."""

    shown: bool = False
    required: bool = False
    label: str = ""


class Scope(_Frozen):
    """An office's booking rules; durations None where the City names none, `per_mail` 0 where it sets no limit.

    `info` is the City's HTML for whoever looks for a slot, `notice` its HTML for whoever has an appointment there.
    """

    id: int
    captcha: bool = False
    mail_required: bool = True
    phone: ContactField = ContactField()
    remarks: ContactField = ContactField()
    remarks2: ContactField = ContactField()
    reservation: timedelta | None = None
    activation: timedelta | None = None
    per_mail: int = 0
    slots_per_appointment: int | None = None
    info: str = ""
    notice: str = ""


class Office(_Frozen):
    id: int
    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    priority: int = 0
    slot_minutes: int = 0
    slots_per_appointment: int | None = None
    disabled_by: frozenset[int] = frozenset()
    mix_group: frozenset[int] = frozenset()
    shared_group: frozenset[int] = frozenset()
    show_alternatives: bool = True
    scope: Scope | None = None

    @property
    def address(self) -> str:
        return ", ".join(part for part in (self.street, f"{self.postal_code} {self.city}".strip()) if part)

    @property
    def captcha(self) -> bool:
        return self.scope is not None and self.scope.captcha


class Service(_Frozen):
    """`combinable` are the services that may share its appointment, in the City's order, without itself."""

    id: int
    name: str
    max_quantity: int = 1
    combinable: tuple[int, ...] = ()
    variant_id: int | None = None
    parent_id: int | None = None
    on_start_page: bool = True


class Relation(_Frozen):
    """`slots` are the grid slots one unit of the service needs at this office."""

    office_id: int
    service_id: int
    slots: int = 1
    max_quantity: int | None = None
    public: bool = True


class Catalog(_Frozen):
    offices: tuple[Office, ...]
    services: tuple[Service, ...]
    relations: tuple[Relation, ...]

    @cached_property
    def office_by_id(self) -> dict[int, Office]:
        return {office.id: office for office in self.offices}

    @cached_property
    def service_by_id(self) -> dict[int, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def _relation(self) -> dict[tuple[int, int], Relation]:
        return {(one.office_id, one.service_id): one for one in self.relations}

    def relation(self, *, office_id: int, service_id: int) -> Relation | None:
        return self._relation.get((office_id, service_id))

    def offices_for(self, services: Iterable[ServiceCount]) -> tuple[Office, ...]:
        """The offices the City's page offers for all these services together, best priority first.

        Mirrors the page: an office that disables one of the services is left out, unless it stands in a mix group;
        a mix group shows one office only. Peers of a shared-booking group all stay: each owns slots of its own.
        """
        wanted = frozenset(service.service_id for service in services)
        offering = [
            office
            for office in self.offices
            if all((office.id, service_id) in self._relation for service_id in wanted)
            and (office.mix_group or not office.disabled_by & wanted)
        ]
        kept = [office for office in offering if office is _survivor(_mix_peers(office, offering), wanted)]
        return tuple(sorted(kept, key=lambda office: (-office.priority, office.id)))

    def duration(self, services: Iterable[ServiceCount], *, office_id: int) -> timedelta | None:
        """How long the appointment takes there; None where the office does not offer it."""
        office = self.office_by_id.get(office_id)
        slots = self.slots_needed(services, office_id=office_id)
        return timedelta(minutes=office.slot_minutes * slots) if office and slots is not None else None

    def slots_needed(self, services: Iterable[ServiceCount], *, office_id: int) -> int | None:
        needed = 0
        for service in services:
            relation = self._relation.get((office_id, service.service_id))
            if relation is None:
                return None
            needed += relation.slots * service.count
        return needed


def _mix_peers(office: Office, offering: list[Office]) -> list[Office]:
    if not office.mix_group:
        return [office]
    return [one for one in offering if one.mix_group == office.mix_group]


def _survivor(group: list[Office], wanted: frozenset[int]) -> Office:
    """The one office a mix group shows: the clean one if the restricted one disables all of it, else that one."""
    clean = next((one for one in group if not one.disabled_by), None)
    restricted = next((one for one in group if one.disabled_by), None)
    if len(group) == 1 or clean is None or restricted is None:
        return group[0]
    return clean if restricted.disabled_by >= wanted else restricted
