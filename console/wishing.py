"""From what was typed to an open watch: all of it checked first, then written in one transaction or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import Session

from console import arguments
from console.arguments import WEEKDAYS, Written
from core import services as wanted_services
from core.caps import Caps
from core.catalog import Catalog, Office
from core.contact import Contact, checked, future_deadline
from core.errors import BadInput
from core.services import ServiceCount
from core.slots import BERLIN
from core.wishes import HourRange, Mode, WishRules, refuse_past
from models import people, wishing
from models.encryption import Keyring
from models.watch import Watch
from models.wishing import Consent, Wanted

MANDATE = (
    "The person named here asked the operator of this Munich Termin Automator to watch the City of Munich's"
    " appointment pages for them and, in mode auto, to book one appointment in their name with the details given."
    " They can revoke this at any moment; the operator then stops the watch."
)


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """Has no repr: who it is for is in it."""

    services: tuple[ServiceCount, ...]
    office_ids: tuple[int, ...]
    contact: Contact
    language: str
    rules: WishRules
    mode: Mode
    deadline: datetime | None

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.services, self.office_ids, self.rules, self.mode, self.deadline)


def read(written: Written, *, now: datetime) -> Wish:
    """What can be checked without the City's catalogue; raises BadInput that names the field."""
    wish = Wish(
        services=wanted_services.parse_all(written.services),
        office_ids=arguments.office_ids(written.offices),
        contact=checked(written.contact),
        language=arguments.language(written.language),
        rules=arguments.rules(written.rules),
        mode=arguments.mode(written.mode),
        deadline=_deadline(written, now=now),
    )
    refuse_past(wish.rules, today=now.astimezone(BERLIN).date())
    return wish


def check(wish: Wish, catalog: Catalog) -> None:
    """What the City's own catalogue says of it; raises BadInput with the nearest names."""
    wish.wanted.check(catalog, wish.contact)


def accepted_offices(wish: Wish, catalog: Catalog) -> Sequence[Office]:
    return wish.wanted.accepted(catalog)


def write(session: Session, keyring: Keyring, wish: Wish, *, catalog: Catalog, caps: Caps, now: datetime) -> Watch:
    """Person, mandate and watch, in the caller's transaction. Raises BadInput when the caps allow no more."""
    person = people.add(session, keyring, wish.contact, wish.language, now=now)
    consent = Consent(MANDATE, wish.deadline)
    return wishing.begin(session, person.id, wish.wanted, consent, catalog=catalog, caps=caps, now=now)


def in_words(rules: WishRules) -> dict[str, str]:
    """Each rule that was given, by its name, as it would be typed."""
    hours = (f"{WEEKDAYS[one.weekday] if one.weekday is not None else ''} {_span(one)}" for one in rules.hours)
    words = {
        "days": ", ".join(f"{span.first} to {span.last}" for span in rules.ranges),
        "excluded": ", ".join(map(str, sorted(rules.excluded))),
        "hours": ", ".join(word.strip() for word in hours),
        "notice": f"{rules.minimum_notice / timedelta(hours=1):g}h" if rules.minimum_notice else "",
        "latest": str(rules.latest or ""),
    }
    return {name: said for name, said in words.items() if said}


def _span(hours: HourRange) -> str:
    return f"{hours.start:%H:%M}-{'24:00' if hours.end == time.max else format(hours.end, '%H:%M')}"


def _deadline(written: Written, *, now: datetime) -> datetime | None:
    if not written.until:
        return None
    try:
        return future_deadline(arguments.end_of(written.until, field="until"), now=now)
    except OverflowError:
        raise BadInput("That deadline is too far away.", field="until") from None
