"""Offices, services and which office offers what: the facts every answer of the practice city is made of."""

import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Use = Literal["none", "optional", "required"]


class FreeText(BaseModel):
    """A free text field of the contact form.

    `required_hidden` is the trap of the live offices: demanded but not drawn, so "Weiter" does nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    use: Use | Literal["required_hidden"] = "none"


class Scope(BaseModel):
    """How one office takes bookings. Durations are minutes; `days` counts from today, both ends included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    short: str = ""
    prefix: str = ""
    captcha: bool = False
    email_required: bool = True
    telephone: Use = "none"
    text: FreeText | None = None
    text2: FreeText | None = None
    mails: int = 0
    whitelist: tuple[str, ...] = ()
    slots: int | None = None
    reservation: float
    activation: float
    deallocation: float
    days: tuple[int, int]
    notice: str | None = None
    news: str | None = None
    hint: str | None = None


class Office(BaseModel):
    """`grid` is the slot length in minutes; `disabled`, `mix` and `shared` rule which tiles the page shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    name: str
    unit: str = ""
    address: tuple[str, str, str]
    geo: tuple[float, float]
    also: tuple[str, ...] = ()
    priority: int = 1
    grid: int = 5
    alternatives: bool = True
    disabled: tuple[int, ...] = ()
    mix: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    scope: Scope

    @property
    def provider_name(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


class Service(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    name: str
    max: int
    at: tuple[tuple[int, int], ...]
    combinable: tuple[int, ...] = ()
    start_page: bool = True
    parent: int | None = None
    variant: int | None = None

    @property
    def needs(self) -> Mapping[int, int]:
        """Slots needed per unit, by office."""
        return dict(self.at)


class Catalog(BaseModel):
    """Offices may change while the city runs (`change_scope`); everything else is fixed."""

    offices: dict[int, Office] = Field(default_factory=dict)
    services: dict[int, Service] = Field(default_factory=dict)

    def offers(self, office_id: int, service_id: int) -> bool:
        service = self.services.get(service_id)
        return service is not None and office_id in service.needs

    def minutes(self, office_id: int, wanted: Sequence[tuple[int, int]]) -> int | None:
        """How long the wanted (service, count) pairs take at an office, or None where one is not offered."""
        if not all(self.offers(office_id, service) for service, _ in wanted):
            return None
        slots = sum(self.services[service].needs[office_id] * count for service, count in wanted)
        return max(slots, 1) * self.offices[office_id].grid

    def combinable(self, service: Service) -> dict[str, dict[str, list[int]]]:
        """In the City's form: place in the page's order → {service: offices offering both}."""
        order = (service.id, *service.combinable)
        mine = [office for office, _ in service.at]
        return {
            str(place): {str(other): [office for office in mine if self.offers(office, other)]}
            for place, other in enumerate(order, start=1)
        }

    def change_scope(self, office_id: int, changes: Mapping[str, Any]) -> None:
        office = self.offices[office_id]
        scope = Scope.model_validate({**office.scope.model_dump(), **changes})
        self.offices[office_id] = office.model_copy(update={"scope": scope})


def load_catalog(*, reservation: float | None = None, activation: float | None = None) -> Catalog:
    """The shipped catalogue; the two durations, in minutes, replace every office's own where given."""
    forced = {"reservation": reservation, "activation": activation}
    overrides = {name: value for name, value in forced.items() if value is not None}
    kinds = _read("kinds.toml")["kind"]
    offices = [_office(entry, kinds=kinds, overrides=overrides) for entry in _read("offices.toml")["office"]]
    services = [Service.model_validate(entry) for entry in _read("services.toml")["service"]]
    return Catalog(
        offices={office.id: office for office in offices},
        services={service.id: service for service in services},
    )


def _office(
    entry: Mapping[str, Any], *, kinds: Mapping[str, Mapping[str, Any]], overrides: Mapping[str, float]
) -> Office:
    own = dict(entry["scope"])
    defaults = kinds[own.pop("kind")]
    return Office.model_validate({**entry, "scope": {**defaults, **own, **overrides}})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("rehearsal").joinpath(name).read_text("utf-8"))
