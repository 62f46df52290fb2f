"""Where an appointment can be swapped for an earlier one: rules for which both stand for a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.catalog import Catalog, Office
from core.services import ServiceCount
from core.slots import BERLIN
from core.wishes import WishRules


@dataclass(frozen=True, slots=True)
class Offices:
    """`strict` ones allow one appointment for a mail address, so they would refuse the second one."""

    open: tuple[Office, ...]
    strict: tuple[Office, ...]


def offices(catalog: Catalog, services: Iterable[ServiceCount], office_ids: Sequence[int]) -> Offices:
    """Of those that are wanted, none meaning any, in the order of preference."""
    offered = {one.id: one for one in catalog.offices_for(services)}
    wanted = [offered[one] for one in office_ids if one in offered] if office_ids else list(offered.values())
    return Offices(
        open=tuple(one for one in wanted if not is_strict(one)), strict=tuple(one for one in wanted if is_strict(one))
    )


def is_strict(office: Office) -> bool:
    return office.scope is not None and office.scope.per_mail == 1


def has_a_day(rules: WishRules, *, latest: datetime, now: datetime) -> bool:
    """Whether the rules take any day from now until the latest start that is early enough."""
    first, last = (one.astimezone(BERLIN).date() for one in (now + rules.minimum_notice, latest))
    return any(rules.takes_day(first + timedelta(days=after)) for after in range((last - first).days + 1))
