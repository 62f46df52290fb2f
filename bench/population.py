"""Many made-up people who wait, written at once: rows as those of mta watch add, without the checks of a wish."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlmodel import Session

from console.demo_story import FIRST_NAMES, LAST_NAMES
from console.wishing import MANDATE
from core import services
from core.contact import Contact
from core.targets import Target
from core.wishes import Mode, WishRules
from models import targets
from models.event import Event
from models.keyring import Keyring
from models.mandate import Mandate
from models.person import Language, Person
from models.watch import Watch

PLACES: Final = (  # in the practice city; the last three are behind the captcha box
    *(("1063423", count, 10546) for count in (1, 2, 3)),
    ("1063519", 1, 1061963),
    *(("1063731", count, 10295168) for count in (1, 2, 3, 4, 5)),
    *(("1064305", count, 102101) for count in (1, 2)),
    *(("1064314", count, 10308013) for count in (1, 2)),
    ("1071896", 1, 10308174),
    *(("10176294", count, 1094898) for count in (1, 2)),
    ("10387820", 1, 10512),
    *(("1063475", count, 102522) for count in (1, 2, 3)),
)


def target(service: str, count: int, office: int) -> Target:
    return Target(services.parse_all([f"{service}={count}"]), frozenset({office}))


def targets_of_the_city(count: int) -> list[Target]:
    """So many different ones, those without the captcha box first."""
    return [target(*place) for place in PLACES[:count]]


def settle(
    session: Session,
    keyring: Keyring,
    wanted: Sequence[Target],
    *,
    count: int,
    rules: WishRules,
    now: datetime,
    first: int = 0,
) -> list[int]:
    """So many watches, spread evenly over the targets, each somebody else's; `first` is the first one's number.

    Returns the ids of the targets that somebody waits for now. All are due.
    """
    numbers = range(first, first + count)
    chosen = [wanted[number % len(wanted)] for number in numbers]
    ids = {one: targets.join(session, one.services, captcha=False).id for one in dict.fromkeys(chosen)}
    mandates = _agreed(session, keyring, numbers, now=now)
    opened = [
        _watch(mandate, one, ids[one], rules=rules, now=now) for mandate, one in zip(mandates, chosen, strict=True)
    ]
    session.add_all(opened)
    session.flush()
    session.add_all(Event(at=now, kind="watch.opened", watch_id=one.id, target_id=one.target_id) for one in opened)
    session.flush()
    for one in ids:
        targets.reform(session, one.services, now=now)
    return list(ids.values())


def _agreed(session: Session, keyring: Keyring, numbers: Iterable[int], *, now: datetime) -> list[Mandate]:
    """The mandates of so many new persons."""
    persons = [_person(keyring, number, now=now) for number in numbers]
    session.add_all(persons)
    session.flush()
    agreed = [Mandate(person_id=person.id, what=MANDATE, given_at=now) for person in persons]
    session.add_all(agreed)
    session.flush()
    return agreed


def _watch(mandate: Mandate, wanted: Target, target_id: int, *, rules: WishRules, now: datetime) -> Watch:
    return Watch(
        person_id=mandate.person_id,
        mandate_id=mandate.id,
        target_id=target_id,
        services=wanted.services,
        office_ids=tuple(sorted(wanted.office_ids)),
        rules=rules,
        mode=Mode.AUTO,
        since=now,
    )


def _person(keyring: Keyring, number: int, *, now: datetime) -> Person:
    """Found again by their mail address alone: nobody asks for them by name."""
    contact = Contact(
        first_name=FIRST_NAMES[number % len(FIRST_NAMES)],
        last_name=LAST_NAMES[number % len(LAST_NAMES)],
        mail=f"waiting{number}@example.org",
    )
    sealed = keyring.seal(json.dumps(asdict(contact)))
    return Person(created_at=now, mark=keyring.marks(contact.mail)[0], sealed_contact=sealed, language=Language.EN)
