"""Writes down who an appointment is for: somebody new with their mandate, or other details of somebody known."""

from bot.context import Talk
from bot.markup import read
from bot.rights import check_person
from core.catalog import Catalog
from core.contact import Contact
from core.wanted import check_contact, lacking, taking
from models import chat_watches, chats, mandates, people, quotas
from models.database import Session
from models.person import Person
from models.watch import WatchState


async def adopt(talk: Talk, contact: Contact) -> Person:
    """With the mandate that was read and agreed to. Raises BadInput when the caps allow them no wish."""
    chat_id, keyring, caps, now = talk.chat.id, talk.parts.keyring, talk.parts.caps, talk.now
    mandate = read(talk.words.say("wish.who.mandate"))

    def write(session: Session) -> Person:
        person = chats.adopt(session, keyring, chat_id, contact, now=now)
        quotas.check_watch(session, person.id, caps)
        mandates.record(session, person.id, mandate, None, now=now)
        return person

    return await talk.act(write)


async def correct(talk: Talk, person_id: int, contact: Contact) -> None:
    """Raises BadInput for what takes away what an office demands where somebody looks for this person."""
    catalog, chat_id, keyring = await talk.parts.catalog(), talk.chat.id, talk.parts.keyring

    def write(session: Session) -> None:
        check_person(session, chat_id, person_id)
        before = people.contact(keyring, people.get(session, person_id))
        if catalog is not None:
            _refuse_loss(session, chat_id, person_id, catalog, before=before, after=contact)
        chats.correct(session, keyring, chat_id, person_id, contact)

    await talk.act(write)


def _refuse_loss(
    session: Session, chat_id: int, person_id: int, catalog: Catalog, *, before: Contact, after: Contact
) -> None:
    for watch in chat_watches.of_chat(session, chat_id, WatchState.OPEN, WatchState.PAUSED):
        able = taking(catalog, watch.services) if watch.person_id == person_id else ()
        accepted = [office for office in able if not watch.office_ids or office.id in watch.office_ids]
        if set(lacking(accepted, after)) - set(lacking(accepted, before)):
            check_contact(accepted, after)
