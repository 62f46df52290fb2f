"""What a person wants done: the City's services with counts, written `1063475` or `1063475=2`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import BadInput

_WRITTEN = re.compile(r"(?P<id>\d{1,12})(?:=(?P<count>\d{1,3}))?")
MOST_UNITS = 25  # the City refuses a serviceCount outside 1..25


@dataclass(frozen=True, slots=True, order=True)
class ServiceCount:
    service_id: int
    count: int = 1

    def __str__(self) -> str:
        return f"{self.service_id}={self.count}" if self.count > 1 else str(self.service_id)


def parse(written: str) -> ServiceCount:
    """Read `ID` or `ID=COUNT`; raise BadInput otherwise."""
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        raise BadInput(
            f"“{written}” is not a service.",
            field="service",
            hint="Write its number, with =COUNT for several, such as 1063475 or 1063475=2.",
        )
    count = int(match["count"] or 1)
    if not 1 <= count <= MOST_UNITS:
        raise BadInput(f"“{written}”: the count must be 1 to {MOST_UNITS}.", field="service")
    return ServiceCount(int(match["id"]), count)


def parse_all(written: Iterable[str]) -> tuple[ServiceCount, ...]:
    """Several services in the order given, the first being the main one; the same one twice is refused."""
    services = tuple(parse(one) for one in written)
    if not services:
        raise BadInput("No service was named.", field="service", hint="Search with: mta catalog search TEXT")
    ids = [service.service_id for service in services]
    for service_id in ids:
        if ids.count(service_id) > 1:
            raise BadInput(f"Service {service_id} stands twice.", field="service", hint=f"Write {service_id}=COUNT.")
    return services
