"""Every field of the City's answers that has been seen in its two generations, whether we read it or not.

What is not here is new, what is here and does not come is missing: the first sign of a release, long before a field
that we do read is another one. Objects whose names are numbers or free, such as `combinable`, are left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from core.looks import Dialect
from portal import contract, contract_aug, contract_feb

Fields = Mapping[str, frozenset[str]]  # by place: "" is the answer itself, "offices[].geo" the geo of each office

_SCOPE = (
    "id provider shortName emailFrom emailRequired telephoneActivated telephoneRequired customTextfieldActivated "
    "customTextfieldRequired customTextfieldLabel customTextfield2Activated customTextfield2Required "
    "customTextfield2Label captchaActivatedRequired infoForAppointment infoForAllAppointments slotsPerAppointment "
    "appointmentsPerMail whitelistedMails reservationDuration activationDuration hint"
)
_OFFICE = (
    "id name address showAlternativeLocations displayNameAlternatives organization organizationUnit slotTimeInMinutes "
    "geo disabledByServices priority scope slotsPerAppointment parentId allowDisabledServicesMix"
)
_SERVICE = "id name maxQuantity combinable showOnStartPage"
_CHALLENGE = "algorithm nonce salt cost keyLength keyPrefix keySignature memoryCost parallelism expiresAt data"


def _fields(places: Mapping[str, str]) -> Fields:
    return {place: frozenset(names.split()) for place, names in places.items()}


def _catalog(*, office: str, service: str) -> Fields:
    return _fields(
        {
            "": "offices services relations",
            "offices[]": f"{_OFFICE} {office}",
            "offices[].address": "house_number city postal_code street hint",
            "offices[].geo": "lat lon",
            "offices[].scope": _SCOPE,
            "offices[].scope.provider": "id name displayName lat lon source contact",
            "offices[].scope.provider.contact": "city country name postalCode region street streetNumber",
            "services[]": f"{_SERVICE} {service}",
            "relations[]": "officeId serviceId slots public maxQuantity",
        }
    )


_CAPTCHA = {
    contract.CAPTCHA_DETAILS: _fields({"": "siteKey captchaChallenge captchaVerify captchaEnabled"}),
    contract.CAPTCHA_VERIFY: _fields({"": "meta data token", "meta": "success"}),
}
KNOWN: Final[Mapping[Dialect, Mapping[str, Fields]]] = {
    Dialect.FEB: {
        **_CAPTCHA,
        contract.CATALOG: _catalog(office="", service="parent_id variant_id"),
        contract_feb.DAYS: _fields({"": "availableDays", "availableDays[]": "time providerIDs"}),
        contract_feb.TIMES: _fields({"": "offices", "offices[]": "officeId appointments"}),
        contract.CAPTCHA_CHALLENGE: _fields({"": "algorithm challenge maxnumber salt signature"}),
    },
    Dialect.AUG: {
        **_CAPTCHA,
        contract.CATALOG: _catalog(office="sharedBookingOfficeIds", service="parentId variantId rootParentId"),
        contract_aug.CALENDAR: _fields(
            {
                "": "startDate endDate slotsStartDate slotsEndDate prevBookableDate nextBookableDate availableDays",
                "availableDays[]": "date providerIDs offices",
                "availableDays[].offices[]": "officeId appointments",
            }
        ),
        contract.CAPTCHA_CHALLENGE: _fields({"": "parameters signature", "parameters": _CHALLENGE}),
    },
}


ENDPOINTS: Final = frozenset(endpoint for known in KNOWN.values() for endpoint in known)


def unlike(endpoint: str, answer: Any, *, dialect: Dialect | None) -> tuple[list[str], list[str]]:
    """The new and the missing fields of an answer, by their places; against the nearer generation if none is known."""
    if dialect is not None:
        return _unlike(KNOWN[dialect].get(endpoint, {}), answer)
    both = [_unlike(known.get(endpoint, {}), answer) for known in KNOWN.values()]
    return min(both, key=lambda found: len(found[0]) + len(found[1]))


def _unlike(known: Fields, answer: Any) -> tuple[list[str], list[str]]:
    new: list[str] = []
    missing: list[str] = []
    for place, names in known.items():
        objects = [one for one in _at(answer, place.split(".") if place else []) if isinstance(one, dict)]
        seen = frozenset[str]().union(*objects)
        new += [_place(place, name) for name in sorted(seen - names)]
        missing += [_place(place, name) for name in sorted(names) if any(name not in one for one in objects)]
    return new, missing


def _at(answer: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield answer
        return
    name, many, _ = steps[0].partition("[]")
    inner = answer.get(name) if isinstance(answer, dict) else None
    for one in (inner if isinstance(inner, list) else []) if many else [inner]:
        yield from _at(one, steps[1:])


def _place(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
