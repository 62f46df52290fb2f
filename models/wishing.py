"""From a wish that was checked to an open watch, and from a watch to another wish; for bot and console alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.caps import Caps
from core.catalog import Catalog, Office
from core.contact import Contact
from core.services import ServiceCount
from core.wanted import accepted_offices, check_contact, check_wanted
from core.wishes import Mode, WishRules
from models import mandates, watches
from models.watch import Watch


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wished for, by whomever. `deadline` is when to give up."""

    services: tuple[ServiceCount, ...]
    office_ids: tuple[int, ...]
    rules: WishRules
    mode: Mode
    deadline: datetime | None = None

    def accepted(self, catalog: Catalog) -> Sequence[Office]:
        return accepted_offices(catalog, self.services, self.office_ids)

    def needs_captcha(self, catalog: Catalog) -> bool:
        return any(office.captcha for office in self.accepted(catalog))

    def check(self, catalog: Catalog, contact: Contact) -> None:
        """What the City's own catalogue says of it; raises BadInput with the nearest names."""
        check_wanted(catalog, self.services, self.office_ids)
        check_contact(self.accepted(catalog), contact)


@dataclass(frozen=True, slots=True)
class Consent:
    """The text that was agreed to; without `until` it stands until it is revoked."""

    what: str
    until: datetime | None = None


def begin(
    session: Session, person_id: int, wanted: Wanted, consent: Consent, *, catalog: Catalog, caps: Caps, now: datetime
) -> Watch:
    """Mandate and watch, in the caller's transaction. Raises BadInput when the caps allow no more."""
    mandate = mandates.record(session, person_id, consent.what, consent.until, now=now)
    return watches.add(
        session,
        person_id=person_id,
        mandate_id=mandate.id,
        services=wanted.services,
        office_ids=wanted.office_ids,
        rules=wanted.rules,
        mode=wanted.mode,
        deadline=wanted.deadline,
        captcha=wanted.needs_captcha(catalog),
        caps=caps,
        now=now,
    )


def change(
    session: Session, watch_id: int, wanted: Wanted, consent: Consent, *, catalog: Catalog, now: datetime
) -> Watch:
    """Another wish in the watch's place, under a mandate of its own; raises what watches.change does."""
    person_id = watches.get(session, watch_id).person_id
    mandate = mandates.record(session, person_id, consent.what, consent.until, now=now)
    return watches.change(
        session,
        watch_id,
        mandate_id=mandate.id,
        services=wanted.services,
        office_ids=wanted.office_ids,
        rules=wanted.rules,
        mode=wanted.mode,
        deadline=wanted.deadline,
        captcha=wanted.needs_captcha(catalog),
        now=now,
    )
