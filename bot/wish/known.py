"""What the rows say about a form: whom it is for, the watch it changes, and how it would have gone lately."""

from dataclasses import dataclass
from datetime import datetime

from bot.context import Talk
from bot.rights import NotTheirs, watch_of
from bot.wish import easing
from bot.wish.easing import Lately
from bot.wish.form import Form
from core.catalog import Catalog
from core.wishes import Wish
from models import bookings, chats, people
from models.database import Session
from models.watch import Watch


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """Has no repr: `name` is a person's. It is empty where the form names nobody of this chat's.

    `replaces` is when the appointment begins that the watch is to replace, `before` the last start that would improve
    on it. `office_ids` are those that offer the services. `waits_anew` if the place in the queue is lost.
    """

    catalog: Catalog | None
    name: str
    office_ids: tuple[int, ...]
    replaces: datetime | None
    before: datetime | None
    waits_anew: bool
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
    offering = tuple(one.id for one in catalog.offices_for(form.services)) if catalog and form.services else ()
    wish = Wish(form.rules, form.office_ids, before=before)
    return Known(
        catalog=catalog,
        name=_name(session, talk, form),
        office_ids=offering,
        replaces=standing.starts_at if standing else None,
        before=before,
        waits_anew=watch is not None and sorted(watch.services) != sorted(form.services),
        lately=easing.lately(session, form.services, wish, office_ids=offering, now=talk.now)
        if form.services
        else None,
    )


def _watch(session: Session, talk: Talk, form: Form) -> Watch | None:
    """None too where it is not the chat's any more: saving says so."""
    if form.watch_id is None:
        return None
    try:
        return watch_of(session, talk.chat.id, form.watch_id)
    except NotTheirs:
        return None


def _name(session: Session, talk: Talk, form: Form) -> str:
    if form.person_id is None or not chats.stands_for(session, talk.chat.id, form.person_id):
        return ""
    person = people.get(session, form.person_id)
    return people.contact(talk.parts.keyring, person).family_name if person.sealed_contact else ""
