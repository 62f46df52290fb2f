"""`/offices-and-services/` in both generations, read into core.catalog."""

from typing import Annotated, Any

from pydantic import Field, ValidationError

from core import catalog as book
from core.errors import PortalChanged
from core.looks import Dialect
from portal.fields import Answer, Count, Flag, Id, Minutes, Text, changed, minutes, parse

ENDPOINT = "offices-and-services"
MARKS = {Dialect.FEB: frozenset({"parent_id", "variant_id"}), Dialect.AUG: frozenset({"parentId", "variantId"})}

Coordinate = Annotated[float, Field(allow_inf_nan=False)] | None


class _Address(Answer):
    street: Text = None
    house_number: Text = Field(default=None, alias="house_number")
    postal_code: Text = Field(default=None, alias="postal_code")
    city: Text = None


class _Geo(Answer):
    lat: Coordinate = None
    lon: Coordinate = None


class Scope(Answer):
    id: Id
    captcha_activated_required: Flag
    email_required: Flag
    telephone_activated: Flag
    telephone_required: Flag
    custom_textfield_activated: Flag
    custom_textfield_required: Flag
    custom_textfield_label: Text
    custom_textfield2_activated: Flag = Field(alias="customTextfield2Activated")
    custom_textfield2_required: Flag = Field(alias="customTextfield2Required")
    custom_textfield2_label: Text = Field(alias="customTextfield2Label")
    reservation_duration: Minutes
    activation_duration: Minutes
    appointments_per_mail: Count
    slots_per_appointment: Count
    info_for_all_appointments: Text = None
    info_for_appointment: Text = None


class _Office(Answer):
    id: Id
    name: str
    address: _Address | None = None
    geo: _Geo | None = None
    scope: Scope | None
    priority: int | None = None
    slot_time_in_minutes: Count
    slots_per_appointment: Count
    disabled_by_services: list[Id] | None
    allow_disabled_services_mix: list[Id] | None = None
    shared_booking_office_ids: list[Id] | None = None
    show_alternative_locations: Flag = None


class _Service(Answer):
    id: Id
    name: str
    max_quantity: Count
    combinable: dict[Id, dict[Id, list[Id]]] | Annotated[list[Id], Field(max_length=0)]
    show_on_start_page: Flag = None


class _FebService(_Service):
    parent_id: Id | None = Field(alias="parent_id")
    variant_id: Id | None = Field(alias="variant_id")


class _AugService(_Service):
    parent_id: Id | None
    variant_id: Id | None


class _Relation(Answer):
    office_id: Id
    service_id: Id
    slots: Annotated[int, Field(strict=True, ge=0, le=book.MOST_SLOTS * 100)]
    public: Flag
    max_quantity: Count = None


class _Offices(Answer):
    offices: Annotated[list[_Office], Field(min_length=1)]
    relations: Annotated[list[_Relation], Field(min_length=1)]


class _Feb(_Offices):
    services: Annotated[list[_FebService], Field(min_length=1)]


class _Aug(_Offices):
    services: Annotated[list[_AugService], Field(min_length=1)]


def read(answer: Any) -> tuple[book.Catalog, Dialect]:
    dialect = discover(answer)
    model: type[_Feb | _Aug] = _Feb if dialect is Dialect.FEB else _Aug
    heard: _Feb | _Aug = parse(model, answer, endpoint=ENDPOINT)
    try:
        return (
            book.Catalog(
                offices=tuple(_office(office) for office in heard.offices),
                services=tuple(_service(service) for service in heard.services),
                relations=tuple(_relation(relation) for relation in heard.relations),
            ),
            dialect,
        )
    except ValidationError as error:
        raise changed(ENDPOINT, error) from None


def discover(answer: Any) -> Dialect:
    """Tell the generations apart by how they write the two words that August renamed.

    Raises PortalChanged when the services use neither spelling, or both.
    """
    services = answer.get("services") if isinstance(answer, dict) else None
    keys: set[str] = set()
    for service in services if isinstance(services, list) else ():
        keys |= set(service) if isinstance(service, dict) else set()
    spoken = [dialect for dialect, marks in MARKS.items() if keys & marks]
    if len(spoken) != 1:
        raise PortalChanged("The City's catalogue speaks no dialect we know.", expected="services.variantId")
    return spoken[0]


def scope_of(heard: Scope) -> book.Scope:
    return book.Scope(
        id=heard.id,
        captcha=bool(heard.captcha_activated_required),
        mail_required=bool(heard.email_required),
        phone=book.ContactField(shown=bool(heard.telephone_activated), required=bool(heard.telephone_required)),
        remarks=book.ContactField(
            shown=bool(heard.custom_textfield_activated),
            required=bool(heard.custom_textfield_required),
            label=heard.custom_textfield_label or "",
        ),
        remarks2=book.ContactField(
            shown=bool(heard.custom_textfield2_activated),
            required=bool(heard.custom_textfield2_required),
            label=heard.custom_textfield2_label or "",
        ),
        reservation=minutes(heard.reservation_duration),
        activation=minutes(heard.activation_duration),
        per_mail=heard.appointments_per_mail or 0,
        slots_per_appointment=heard.slots_per_appointment,
        info=heard.info_for_all_appointments or "",
        notice=heard.info_for_appointment or "",
    )


def _office(heard: _Office) -> book.Office:
    address = heard.address or _Address()
    geo = heard.geo or _Geo()
    return book.Office(
        id=heard.id,
        name=heard.name,
        street=f"{address.street or ''} {address.house_number or ''}".strip(),
        postal_code=address.postal_code or "",
        city=address.city or "",
        latitude=geo.lat,
        longitude=geo.lon,
        priority=heard.priority or 0,
        slot_minutes=heard.slot_time_in_minutes or 0,
        slots_per_appointment=heard.slots_per_appointment,
        disabled_by=frozenset(heard.disabled_by_services or ()),
        mix_group=frozenset(heard.allow_disabled_services_mix or ()),
        shared_group=frozenset(heard.shared_booking_office_ids or ()),
        show_alternatives=heard.show_alternative_locations is not False,
        scope=scope_of(heard.scope) if heard.scope else None,
    )


def _service(heard: _FebService | _AugService) -> book.Service:
    combinable = heard.combinable if isinstance(heard.combinable, dict) else {}
    others = dict.fromkeys(other for place in sorted(combinable) for other in combinable[place])
    return book.Service(
        id=heard.id,
        name=heard.name,
        max_quantity=heard.max_quantity or 1,
        combinable=tuple(other for other in others if other != heard.id),
        variant_id=heard.variant_id,
        parent_id=heard.parent_id,
        on_start_page=bool(heard.show_on_start_page),
    )


def _relation(heard: _Relation) -> book.Relation:
    return book.Relation(
        office_id=heard.office_id,
        service_id=heard.service_id,
        slots=heard.slots,
        max_quantity=heard.max_quantity,
        public=heard.public is not False,
    )
