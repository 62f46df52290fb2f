"""What the rows say about a form: whom it is for, the watch it changes, and how it would have gone lately."""

from dataclasses import dataclass
from datetime import datetime

from bot.context import Talk
from bot.relaxing import Permits
from bot.rights import NotTheirs, watch_of
from bot.wish import easing
from bot.wish.easing import Lately
from bot.wish.form import Form
from core.catalog import Catalog
from core.contact import Contact
from core.slots import BERLIN
from core.wishes import Wish
from models import bookings, chats, people
from models.database import Session
from models.watch import Watch


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """Has no repr: `name` is a person's. It is empty where the form names nobody of this chat's.

    `replaces` is when the appointment begins that the watch is to replace, `before` the last start that would improve
    on it. `waits_anew` if the place in the queue is lost.
    """

    catalog: Catalog | None
    name: str
    replaces: datetime | None
    before: datetime | None
    waits_anew: bool
    permits: Permits
    lately: Lately | None

    def wish(self, form: Form) -> Wish:
        return Wish(form.rules, form.office_ids, before=self.before)


async def known(talk: Talk, form: Form) -> Known:
    catalog = await talk.parts.catalog()
    return await talk.read(lambda session: _read(session, talk, form, catalog))


def _read(session: Session, talk: Talk, form: Form, catalog: Catalog | None) -> Known:
    watch = _watch(session, talk, form)
    before = bookings.earlier_than(session, watch) if watch else None
    standing = bookings.improved_by(session, watch) if watch else None
    contact = _contact(session, talk, form)
    permits = Permits(form.services, contact, catalog, today=talk.now.astimezone(BERLIN).date())
    return Known(
        catalog=catalog,
        name=contact.family_name if contact else "",
        replaces=standing.starts_at if standing else None,
        before=before,
        waits_anew=watch is not None and sorted(watch.services) != sorted(form.services),
        permits=permits,
        lately=_lately(session, Wish(form.rules, form.office_ids, before=before), permits, now=talk.now),
    )


def _lately(session: Session, wish: Wish, permits: Permits, *, now: datetime) -> Lately | None:
    if not permits.services:
        return None
    offering = permits.catalog.offices_for(permits.services) if permits.catalog else ()
    return easing.lately(session, wish, permits, office_ids=[one.id for one in offering], now=now)


def _watch(session: Session, talk: Talk, form: Form) -> Watch | None:
    """None too where it is not the chat's any more: saving says so."""
    if form.watch_id is None:
        return None
    try:
        return watch_of(session, talk.chat.id, form.watch_id)
    except NotTheirs:
        return None


def _contact(session: Session, talk: Talk, form: Form) -> Contact | None:
    """None where the form names nobody of this chat's."""
    if form.person_id is None or not chats.stands_for(session, talk.chat.id, form.person_id):
        return None
    person = people.get(session, form.person_id)
    return people.contact(talk.parts.keyring, person) if person.sealed_contact else None
