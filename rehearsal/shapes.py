"""The JSON of offices, services and appointments, type for type as the City sends it."""

from datetime import datetime
from typing import Any

from rehearsal.appointments import Appointment, Status
from rehearsal.calendar_file import calendar_file
from rehearsal.catalog import Catalog, FreeText, Office, Service, Use
from rehearsal.letters import SENDER
from rehearsal.settings import Dialect

_CITY = "München"


def offices_and_services(catalog: Catalog, dialect: Dialect) -> dict[str, Any]:
    return {
        "offices": [office_json(office, dialect) for office in catalog.offices.values()],
        "services": [service_json(s, catalog=catalog, dialect=dialect) for s in catalog.services.values()],
        "relations": [relation for s in catalog.services.values() for relation in _relations(s)],
    }


def office_json(office: Office, dialect: Dialect) -> dict[str, Any]:
    street, number, postcode = office.address
    lat, lon = office.geo
    address = {
        "house_number": number,
        "city": _CITY,
        "postal_code": postcode,
        "street": street,
        "hint": False,
    }
    plain: dict[str, Any] = {
        "id": office.id,
        "name": office.name,
        "address": address,
        "showAlternativeLocations": office.alternatives,
        "displayNameAlternatives": list(office.also),
        "organization": "Landeshauptstadt München",
        "organizationUnit": "Kreisverwaltungsreferat",
        "slotTimeInMinutes": office.grid,
        "geo": {"lat": lat, "lon": lon},
        "disabledByServices": list(office.disabled),
        "priority": office.priority,
        "scope": scope_json(office),
        "slotsPerAppointment": _text_or_null(office.scope.slots),
        "parentId": None,
        "allowDisabledServicesMix": list(office.mix) or None,
    }
    if dialect is Dialect.AUG:
        plain["sharedBookingOfficeIds"] = list(office.shared) or None
    return plain


def scope_json(office: Office) -> dict[str, Any]:
    scope = office.scope
    return {
        "id": scope.id,
        "provider": _provider(office),
        "shortName": scope.short,
        "emailFrom": SENDER,
        "emailRequired": scope.email_required,
        **_telephone(scope.telephone),
        **_free_text(scope.text, key="customTextfield"),
        **_free_text(scope.text2, key="customTextfield2"),
        "captchaActivatedRequired": scope.captcha,
        "infoForAppointment": scope.notice,
        "infoForAllAppointments": scope.news,
        "slotsPerAppointment": _text_or_null(scope.slots),
        "appointmentsPerMail": str(scope.mails),
        "whitelistedMails": ",".join(scope.whitelist) or None,
        "reservationDuration": _whole(scope.reservation),
        "activationDuration": _whole(scope.activation),
        "hint": scope.hint,
    }


def service_json(service: Service, *, catalog: Catalog, dialect: Dialect) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": service.id,
        "name": service.name,
        "maxQuantity": service.max,
        "combinable": catalog.combinable(service) or [],
    }
    if dialect is Dialect.AUG:
        plain |= {
            "parentId": service.parent,
            "variantId": service.variant,
            "rootParentId": service.parent or service.id,
        }
    else:
        plain |= {"parent_id": service.parent, "variant_id": service.variant}
    return {**plain, "showOnStartPage": service.start_page}


def appointment_json(
    appointment: Appointment, *, catalog: Catalog, now: datetime, captcha_token: str | None = None
) -> dict[str, Any]:
    """`timestamp` is a string; the calendar file is there as long as the appointment is."""
    office = catalog.offices[appointment.office_id]
    (main, main_count), *more = appointment.services
    alive = appointment.status is not Status.DELETED
    return {
        "processId": appointment.id,
        "timestamp": str(appointment.start),
        "authKey": appointment.auth_key,
        "familyName": appointment.family_name,
        "customTextfield": appointment.text,
        "customTextfield2": appointment.text2,
        "email": appointment.email,
        "telephone": appointment.telephone,
        "officeName": office.provider_name,
        "officeId": office.id,
        "scope": scope_json(office),
        "subRequestCounts": [
            {"id": service, "name": catalog.services[service].name, "count": count} for service, count in more
        ],
        "serviceId": main,
        "serviceName": catalog.services[main].name,
        "serviceCount": main_count,
        "status": appointment.status.value,
        "captchaToken": captcha_token,
        "slotCount": appointment.slot_count,
        "displayNumber": appointment.display_number,
        "icsContent": calendar_file(appointment, catalog=catalog, now=now) if alive else None,
    }


def _relations(service: Service) -> list[dict[str, Any]]:
    return [
        {"officeId": o, "serviceId": service.id, "slots": n, "public": True, "maxQuantity": service.max}
        for o, n in service.at
    ]


def _provider(office: Office) -> dict[str, Any]:
    street, number, postcode = office.address
    lat, lon = office.geo
    contact = {
        "city": _CITY,
        "country": None,
        "name": office.provider_name,
        "postalCode": postcode,
        "region": None,
        "street": street,
        "streetNumber": number,
    }
    return {
        "id": office.id,
        "name": office.provider_name,
        "displayName": office.name,
        "lat": lat,
        "lon": lon,
        "source": "dldb",
        "contact": contact,
    }


def _telephone(use: Use) -> dict[str, bool]:
    return {"telephoneActivated": use != "none", "telephoneRequired": use == "required"}


def _free_text(text: FreeText | None, *, key: str) -> dict[str, Any]:
    use = "none" if text is None else text.use
    return {
        f"{key}Activated": use in {"optional", "required"},
        f"{key}Required": use in {"required", "required_hidden"},
        f"{key}Label": None if text is None else text.label,
    }


def _text_or_null(number: int | None) -> str | None:
    return None if number is None else str(number)


def _whole(minutes: float) -> float:
    """The City sends whole minutes as integers; a test may want less than one."""
    return int(minutes) if minutes == int(minutes) else minutes
