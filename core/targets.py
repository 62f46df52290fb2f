"""What must be looked at: services with counts and the offices that its watches accept."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.services import ServiceCount


@dataclass(frozen=True, slots=True)
class Target:
    """`services` in the order a visitor would pick them: the main one first. No offices means any."""

    services: tuple[ServiceCount, ...]
    office_ids: frozenset[int] = frozenset()

    @property
    def main(self) -> ServiceCount:
        return self.services[0]

    @property
    def key(self) -> str:
        """The same for the same services with counts and offices, whatever the order they were asked in."""
        services = ",".join(str(service) for service in sorted(self.services))
        offices = ",".join(str(office) for office in sorted(self.office_ids))
        return f"{services}@{offices or '*'}"


def union(offices: Iterable[frozenset[int]]) -> frozenset[int]:
    """The offices one look must cover for several watches; one that takes any office makes it any."""
    every = list(offices)
    return frozenset() if any(not one for one in every) else frozenset().union(*every)
