"""From a wish that was checked to an open watch, to another wish, and on after a rest; for bot and console alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.caps import Caps
from core.catalog import Catalog, Office
from core.contact import Contact
from core.errors import BadInput
from core.services import ServiceCount
from core.wanted import accepted_offices, check_contact, check_wanted
from core.wishes import Mode, WishRules
from models import chat_watches, mandates, quotas, watches
from models.watch import Watch, WatchState


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


def can_go_on(session: Session, watch: Watch, *, now: datetime) -> bool:
    """Whether it rests, or what fulfilled it is no more; and it has time left and a mandate that stands."""
    fulfilled = watch.state is WatchState.FULFILLED and not chat_watches.bookings_of(session, [watch.id])
    if watch.state is not WatchState.PAUSED and not fulfilled:
        return False
    in_time = watch.deadline is None or watch.deadline > now
    return in_time and mandates.stands(session, watch.mandate_id, now=now)


def take_up(session: Session, watch_id: int, *, caps: Caps, now: datetime) -> Watch:
    """Look again; what is looked for stays as it is. Raises BadInput where it cannot go on, or the caps are full."""
    watch = watches.locked(session, watch_id)
    if watch.state is WatchState.OPEN:
        return watch
    if not can_go_on(session, watch, now=now):
        raise BadInput(f"Watch {watch.id} cannot go on.", field="watch", code="wish_over")
    if watch.state is WatchState.FULFILLED:
        quotas.check_watch(session, watch.person_id, caps)
    return watches.resume(session, watch_id, now=now)
